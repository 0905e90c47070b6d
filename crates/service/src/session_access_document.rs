//! The policies of the operations, as `docs/session-access.md` prints them.

use std::fmt::Write as _;

use lanyard_engine::Reading;
use lanyard_engine::tasks::{self, PREFIX};
use lanyard_policy::{OperationPolicy, RecordWrite, Requirement, TABLE_ID, Target, types};

use crate::operations::OPERATIONS;

/// The table as Markdown, an operation a line: what `docs/session-access.md` prints.
fn document() -> String {
    let mut text = String::from(
        "| Operation | Takes | On | Names, each of which the user must be able to assign |\n| --- | --- | --- | --- |\n",
    );
    for it in OPERATIONS {
        let operation = it.operation;
        let _ = match &it.policy {
            OperationPolicy::Deny(why) => writeln!(text, "| {} | – | cannot be called: {why} | |", operation.name()),
            OperationPolicy::Allow(requirement) => {
                writeln!(
                    text,
                    "| {} | {} | {} | {} |",
                    operation.name(),
                    permission(requirement),
                    on(requirement),
                    names(requirement)
                )
            }
        };
    }
    text
}

fn permission(requirement: &Requirement) -> String {
    match requirement.on {
        Target::TagsShown(_) | Target::AnyShown => "the type's View".to_owned(),
        Target::TagsChanged(_) => "the type's Edit".to_owned(),
        _ => match requirement.permission.strip_prefix(PREFIX).and_then(tasks::find) {
            Some(task) => task.formula.in_words(Reading::STRICT, false),
            None => format!("`{}`", requirement.permission),
        },
    }
}

fn on(requirement: &Requirement) -> String {
    match requirement.on {
        Target::One(kind, member) => format!("the {} in `{member}`", kind.noun()),
        Target::New(kind) => format!("the {} as it is to be", kind.noun()),
        Target::Shown(kind) => format!("at least one {}; shows those in scope", kind.noun()),
        Target::Listed(kind) => format!("at least one {}; lists those in scope or covered", kind.noun()),
        Target::Records(RecordWrite::Values) => {
            format!(
                "each record of the table in `{TABLE_ID}` that it names; with `DataTables.EditExpressionValues` for expressions"
            )
        }
        Target::Records(RecordWrite::PrimaryValues) => {
            format!("the record of the table in `{TABLE_ID}` that it names; refused to users with a rule on records")
        }
        Target::Every(kind) => format!("every {}", kind.noun()),
        Target::Instance => "the instance".to_owned(),
        Target::TagsShown(member) => format!("the resource in `{member}`"),
        Target::TagsChanged(member) => format!("the resource in `{member}`, before and after"),
        Target::AnyShown => format!(
            "at least one of {}; shows tags of those in scope",
            types().iter().map(|it| format!("`{}`", it.view)).collect::<Vec<_>>().join(", ")
        ),
    }
}

fn names(requirement: &Requirement) -> String {
    requirement.names.iter().map(|it| format!("{}: `{}`", it.kind.noun(), it.member)).collect::<Vec<_>>().join("; ")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use lanyard_model::catalogue::Catalogue;
    use lanyard_wire::Operation;

    use super::*;

    #[test]
    fn every_served_operation_is_declared_once() {
        let entries: BTreeSet<&str> = OPERATIONS.iter().map(|it| it.operation.name()).collect();
        assert_eq!(entries.len(), OPERATIONS.len(), "an operation is there twice");
        assert!(OPERATIONS.is_sorted_by_key(|it| it.operation.name()));
        let served: BTreeSet<&str> = Operation::ALL.iter().map(|it| it.name()).collect();
        let missing: Vec<_> = served.difference(&entries).collect();
        assert!(missing.is_empty(), "declare these operations in operations/list.rs: {missing:?}");
        assert_eq!(entries.difference(&served).count(), 0);
    }

    #[test]
    fn permissions_are_those_of_the_catalogue_and_act_on_the_type() {
        for it in types() {
            for name in [it.view, it.edit] {
                assert!(Catalogue::builtin().get(name).is_some(), "{name}");
            }
        }
        for it in OPERATIONS {
            let operation = it.operation;
            let OperationPolicy::Allow(requirement) = it.policy else { continue };
            if !matches!(requirement.on, Target::TagsShown(_) | Target::TagsChanged(_) | Target::AnyShown) {
                let permission = requirement.permission;
                let is_task = permission.strip_prefix(PREFIX).is_some_and(|name| tasks::find(name).is_some());
                assert!(is_task || Catalogue::builtin().get(permission).is_some(), "{}", operation.name());
            }
        }
    }

    #[test]
    fn the_document_is_up_to_date() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/session-access.md");
        let page = std::fs::read_to_string(path).unwrap();
        let table = document();
        if std::env::var_os("LANYARD_WRITE_DOCS").is_some() {
            let (before, _) = page.split_once("## The table\n").unwrap();
            std::fs::write(path, format!("{before}## The table\n\n{table}")).unwrap();
            return;
        }
        assert!(
            page.ends_with(&table),
            "docs/session-access.md differs from the table; run this test with LANYARD_WRITE_DOCS=1"
        );
    }
}
