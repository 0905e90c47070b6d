//! The table of the door, for people.

use std::fmt::Write as _;

use super::table::{Door, On, RecordWrite, Rule, TABLE, TABLE_ID, TYPES};

/// The table as Markdown, an operation a line: what `docs/door.md` prints.
fn document() -> String {
    let mut text = String::from(
        "| Operation | Takes | On | Names, each of which the user must be able to view |\n| --- | --- | --- | --- |\n",
    );
    for (operation, door) in TABLE {
        let _ = match door {
            Door::Closed(why) => writeln!(text, "| {} | – | cannot be called: {why} | |", operation.name()),
            Door::Open(rule) => {
                writeln!(text, "| {} | {} | {} | {} |", operation.name(), permission(rule), on(rule), names(rule))
            }
        };
    }
    text
}

fn permission(rule: &Rule) -> String {
    match rule.on {
        On::TagsShown(_) | On::AnyShown => "the type's View".to_owned(),
        On::TagsChanged(_) => "the type's Edit".to_owned(),
        _ => format!("`{}`", rule.permission),
    }
}

fn on(rule: &Rule) -> String {
    match rule.on {
        On::One(kind, member) => format!("the {} in `{member}`", kind.noun()),
        On::New(kind) => format!("the {} as it is to be", kind.noun()),
        On::Shown(kind) => format!("at least one {}; shows those in scope", kind.noun()),
        On::Records(RecordWrite::Values) => {
            format!(
                "each record of the table in `{TABLE_ID}` that it names; with `DataTables.EditExpressionValues` for expressions"
            )
        }
        On::Records(RecordWrite::PrimaryValues) => {
            format!("the record of the table in `{TABLE_ID}` that it names; refused to users with a rule on records")
        }
        On::Every(kind) => format!("every {}", kind.noun()),
        On::Instance => "the instance".to_owned(),
        On::TagsShown(member) => format!("the resource in `{member}`"),
        On::TagsChanged(member) => format!("the resource in `{member}`, before and after"),
        On::AnyShown => format!(
            "at least one of {}; shows tags of those in scope",
            TYPES.map(|it| format!("`{}`", it.view)).join(", ")
        ),
    }
}

fn names(rule: &Rule) -> String {
    rule.names.iter().map(|it| format!("{}: `{}`", it.kind.noun(), it.member)).collect::<Vec<_>>().join("; ")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use lanyard_model::catalogue::Catalogue;
    use lanyard_wire::Operation;

    use super::*;

    #[test]
    fn every_served_operation_has_its_entry_and_only_these() {
        let entries: BTreeSet<&str> = TABLE.iter().map(|(operation, _)| operation.name()).collect();
        assert_eq!(entries.len(), TABLE.len(), "an operation is there twice");
        assert!(TABLE.is_sorted_by_key(|(operation, _)| operation.name()));
        let served: BTreeSet<&str> = Operation::ALL.iter().map(|it| it.name()).collect();
        let missing: Vec<_> = served.difference(&entries).collect();
        assert!(missing.is_empty(), "say in door/table.rs what governs these operations: {missing:?}");
        assert_eq!(entries.difference(&served).count(), 0);
    }

    #[test]
    fn permissions_are_those_of_the_catalogue_and_act_on_the_type() {
        for it in TYPES {
            for name in [it.view, it.edit] {
                assert!(Catalogue::builtin().get(name).is_some(), "{name}");
            }
        }
        for (operation, door) in TABLE {
            let Door::Open(rule) = door else { continue };
            if !matches!(rule.on, On::TagsShown(_) | On::TagsChanged(_) | On::AnyShown) {
                assert!(Catalogue::builtin().get(rule.permission).is_some(), "{}", operation.name());
            }
        }
    }

    #[test]
    fn the_document_is_up_to_date() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/door.md");
        let page = std::fs::read_to_string(path).unwrap();
        let table = document();
        if std::env::var_os("LANYARD_WRITE_DOCS").is_some() {
            let (before, _) = page.split_once("## The table\n").unwrap();
            std::fs::write(path, format!("{before}## The table\n\n{table}")).unwrap();
            return;
        }
        assert!(page.ends_with(&table), "docs/door.md differs from the table; run this test with LANYARD_WRITE_DOCS=1");
    }
}
