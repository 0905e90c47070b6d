//! The file of lint settings: accepted findings, and the settings of AI agents.

use std::path::Path;

use lanyard_analysis::lint::{Declared, DeclaredAgent, DeclaredTool, Suppression, find_rule, rules};
use lanyard_model::Kind;

use crate::fault::{Fault, suggestion};
use crate::members::{Members, list, text};
use crate::own::{kind_and_name, parse_file};
use crate::source::Source;
use crate::tree::{At, Node};

const FILE: &[&str] = &["suppressions", "ai_agents"];
const SUPPRESSION: &[&str] = &["rule", "subject", "with", "reason", "expires"];
const AGENT: &[&str] = &["arn", "versions", "tools", "assists"];
const TOOL: &[&str] = &["mcp", "tool", "flow_module", "ai_agent", "permission"];

/// Reads the file.
///
/// # Errors
/// The first error, with its place.
pub fn read_suppressions(path: &Path) -> Result<(Vec<Suppression>, Declared), Fault> {
    let (file, root) = parse_file(path)?;
    let members = Members::of(&file, &root, "the file", FILE)?;
    let suppressions =
        members.list("suppressions")?.iter().map(|node| suppression(&file, node)).collect::<Result<_, _>>()?;
    let ai_agents = members.list("ai_agents")?.iter().map(|node| agent(&file, node)).collect::<Result<_, _>>()?;
    Ok((suppressions, Declared { ai_agents }))
}

fn suppression(file: &Source, node: &Node) -> Result<Suppression, Fault> {
    const WHAT: &str = "a suppression";
    let members = Members::of(file, node, WHAT, SUPPRESSION)?;
    let (rule, at) = members.required(WHAT, "rule")?;
    if find_rule(rule).is_none() {
        let hint = suggestion(rule, rules().map(|rule| rule.id), || "; `lanyard lint --rules` lists them".to_owned());
        return Err(Fault::at(file, at, format!("there is no rule `{rule}`{hint}")));
    }
    let (subject, at) = members.required(WHAT, "subject")?;
    let (kind, subject) = kind_and_name(file, at, subject, &[Kind::SecurityProfile, Kind::User, Kind::AiAgent])?;
    let with = match members.get("with") {
        None => None,
        Some(_) => Some(members.set("with")?.into_iter().map(|(name, _)| without_kind(name)).collect()),
    };
    let (reason, at) = members.required(WHAT, "reason")?;
    if reason.trim().is_empty() {
        return Err(Fault::at(file, at, "`reason` is empty"));
    }
    let (until, at) = members.required(WHAT, "expires")?;
    let until_text = until.to_owned();
    let until = day(until)
        .ok_or_else(|| Fault::at(file, at, format!("`{until_text}` is not a date; write it as 2026-12-31")))?;
    Ok(Suppression {
        rule: rule.to_owned(),
        kind,
        subject,
        with,
        reason: reason.to_owned(),
        until,
        until_text,
        place: node.at.in_file(file),
    })
}

/// A name with an optional kind.
fn without_kind(text: &str) -> String {
    let known = |kind: &str| Kind::from_name(kind).is_some() || kind == "AIAgent";
    text.split_once(':').filter(|(kind, _)| known(kind)).map_or(text, |(_, name)| name).to_owned()
}

fn agent(file: &Source, node: &Node) -> Result<DeclaredAgent, Fault> {
    const WHAT: &str = "an AI agent";
    let members = Members::of(file, node, WHAT, AGENT)?;
    let texts = |name: &str| -> Result<Vec<String>, Fault> {
        Ok(members.set(name)?.into_iter().map(|(text, _)| text.to_owned()).collect())
    };
    let tools = list_of(file, &members, "tools")?.iter().map(|node| tool(file, node)).collect::<Result<_, _>>()?;
    Ok(DeclaredAgent {
        arn: members.required(WHAT, "arn")?.0.to_owned(),
        versions: texts("versions")?,
        tools,
        assists: texts("assists")?,
    })
}

fn list_of<'a>(file: &Source, members: &Members<'a>, name: &str) -> Result<&'a [Node], Fault> {
    members.get(name).map_or(Ok(&[]), |node| list(file, node, &format!("`{name}`")))
}

fn tool(file: &Source, node: &Node) -> Result<DeclaredTool, Fault> {
    const WHAT: &str = "a tool";
    let members = Members::of(file, node, WHAT, TOOL)?;
    let given: Vec<_> = members.entries().iter().map(|entry| entry.name.as_str()).collect();
    let one = |name: &str| members.required(WHAT, name).map(|(text, _)| text.to_owned());
    match given.as_slice() {
        ["mcp", "tool"] | ["tool", "mcp"] => Ok(DeclaredTool::Mcp { namespace: one("mcp")?, tool: one("tool")? }),
        ["flow_module"] => Ok(DeclaredTool::FlowModule(one("flow_module")?)),
        ["ai_agent"] => Ok(DeclaredTool::AiAgent(one("ai_agent")?)),
        ["permission"] => Ok(DeclaredTool::Permission(one("permission")?)),
        _ => {
            let message = "a tool is `mcp` with `tool`, or one of `flow_module`, `ai_agent` and `permission`";
            Err(Fault::at(file, node.at, message))
        }
    }
}

/// The number of days from the first of January 1970 to a day in the form `2026-12-31`, in the Gregorian calendar.
fn day(text: &str) -> Option<i64> {
    let mut parts = text.split('-');
    let mut next = |digits: usize| -> Option<i64> {
        let part =
            parts.next().filter(|part| part.len() == digits && part.bytes().all(|byte| byte.is_ascii_digit()))?;
        part.parse().ok()
    };
    let (year, month, day) = (next(4)?, next(2)?, next(2)?);
    let is_leap = |year: i64| year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days_in = |month: i64| match month {
        4 | 6 | 9 | 11 => 30,
        2 => 28 + i64::from(is_leap(year)),
        _ => 31,
    };
    if parts.next().is_some() || !(1..=12).contains(&month) || !(1..=days_in(month)).contains(&day) || year < 1 {
        return None;
    }
    let leaps = |year: i64| year / 4 - year / 100 + year / 400;
    let years = (year - 1970) * 365 + leaps(year - 1) - leaps(1969);
    Some(years + (1..month).map(days_in).sum::<i64>() + day - 1)
}

/// A string or a list of strings, each with its place.
pub(crate) fn texts<'a>(file: &Source, members: &Members<'a>, name: &str) -> Result<Vec<(&'a str, At)>, Fault> {
    match members.get(name) {
        None => Ok(Vec::new()),
        Some(node) if node.text().is_some() => Ok(vec![text(file, node, &format!("`{name}`"))?]),
        Some(_) => members.set(name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<(Vec<Suppression>, Declared), String> {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("lint.yaml");
        std::fs::write(&path, text).unwrap();
        let place = path.display().to_string();
        read_suppressions(&path).map_err(|fault| fault.to_string().replace(&place, "f"))
    }

    #[test]
    fn days_are_counted() {
        assert_eq!(day("1970-01-01"), Some(0));
        assert_eq!(day("1969-12-31"), Some(-1));
        assert_eq!(day("2024-02-29"), Some(19_782));
        assert_eq!(day("2026-12-31"), Some(20_818));
        for text in ["2025-02-29", "2026-13-01", "2026-1-1", "tomorrow", "", "2026-01-01-01"] {
            assert_eq!(day(text), None, "{text}");
        }
    }

    #[test]
    fn suppressions_and_agents_are_read() {
        let text = "suppressions:\n- rule: restriction-void\n  subject: SecurityProfile:Team leads\n  with: [Admin]\n  \
                    reason: for the move\n  expires: 2026-12-31\nai_agents:\n- arn: arn:x\n  versions: [$LATEST]\n  tools: \
                    [{mcp: gw, tool: t___l}, {permission: Cases.View}]\n  assists: [Agent]\n";
        let (suppressions, declared) = read(text).unwrap();
        let [one] = suppressions.as_slice() else { panic!("{suppressions:?}") };
        assert_eq!((one.subject.as_str(), one.until, one.place.line), ("Team leads", 20_818, 2));
        assert_eq!(one.with.as_deref(), Some(["Admin".to_owned()].as_slice()));
        assert_eq!(declared.ai_agents[0].tools.len(), 2);
        assert!(read("").unwrap().0.is_empty());
    }

    #[test]
    fn errors_have_their_place() {
        let with = |rule: &str, rest: &str| format!("suppressions:\n- rule: {rule}\n{rest}");
        let subject = "  subject: User:ana\n";
        for (text, want) in [
            (
                with("restricton-void", subject),
                "f:2:9: there is no rule `restricton-void`; did you mean `restriction-void`?",
            ),
            (with("restriction-void", ""), "f:2:3: a suppression needs the member `subject`"),
            (with("restriction-void", subject), "f:2:3: a suppression needs the member `reason`"),
            (
                with("restriction-void", &format!("{subject}  reason: x\n")),
                "f:2:3: a suppression needs the member `expires`",
            ),
            (
                with("restriction-void", &format!("{subject}  reason: x\n  expires: soon\n")),
                "f:5:12: `soon` is not a date; write it as 2026-12-31",
            ),
            (
                with("restriction-void", "  subject: ana\n"),
                "f:3:12: `ana` has no type; write SecurityProfile:NAME, User:NAME or AIAgent:NAME",
            ),
            (
                "ai_agents:\n- arn: x\n  tools: [{mcp: a}]\n".to_owned(),
                "f:3:11: a tool is `mcp` with `tool`, or one of",
            ),
        ] {
            let error = read(&text).unwrap_err();
            assert!(error.starts_with(want), "{error}");
        }
    }
}
