//! Findings as SARIF 2.1.0, which code-review tools show at the line that they are about.

use std::collections::BTreeMap;

use lanyard_analysis::Place;
use lanyard_analysis::lint::{Finding, Report, Suppressed, rules};
use lanyard_model::shown;
use serde_json::{Value, json};

/// The log of one run. `suppressed` are shown as accepted.
pub(crate) fn log(report: &Report, suppressed: &[Suppressed]) -> Value {
    let numbered: BTreeMap<&str, usize> = rules().enumerate().map(|(number, rule)| (rule.id, number)).collect();
    let described = rules().map(|rule| {
        let mut described = json!({
            "id": rule.id,
            "shortDescription": { "text": sentence(rule.title) },
            "help": { "text": sentence(rule.remedy) },
            "defaultConfiguration": { "level": rule.severity.as_str() },
            "properties": { "source": rule.source.as_str(), "tags": ["access"] },
        });
        if let (Some(page), Some(members)) = (rule.source.page(), described.as_object_mut()) {
            members.insert("helpUri".to_owned(), json!(page));
        }
        described
    });
    let mut results: Vec<_> = report.findings.iter().map(|finding| result(finding, &numbered)).collect();
    for Suppressed { finding, reason, until, place } in suppressed {
        let mut result = result(finding, &numbered);
        let suppression = json!([{
            "kind": "external",
            "status": "accepted",
            "justification": format!("{} (until {})", shown(reason), shown(until)),
            "location": { "physicalLocation": physical(place) },
        }]);
        if let Some(members) = result.as_object_mut() {
            members.insert("suppressions".to_owned(), suppression);
        }
        results.push(result);
    }
    // A result without `suppressions` has an unknown status (SARIF 2.1.0, 3.27.23).
    if !suppressed.is_empty() {
        for members in results.iter_mut().filter_map(Value::as_object_mut) {
            members.entry("suppressions").or_insert_with(|| json!([]));
        }
    }
    let notes = report.not_seen.iter().map(|note| json!({ "level": "note", "message": { "text": sentence(note) } }));
    json!({
        "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "lanyard",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": described.collect::<Vec<_>>(),
            }},
            "columnKind": "unicodeCodePoints",
            "invocations": [{
                "executionSuccessful": true,
                "toolExecutionNotifications": notes.collect::<Vec<_>>(),
            }],
            "results": results,
        }],
    })
}

fn result(finding: &Finding, numbered: &BTreeMap<&str, usize>) -> Value {
    let subject = &finding.subject;
    let mut location = json!({
        "logicalLocations": [{
            "name": shown(&subject.name).to_string(),
            "fullyQualifiedName": format!("{}:{}", subject.key.kind.name(), shown(&subject.name)),
            "kind": "resource",
        }],
    });
    if let (Some(place), Some(members)) = (&finding.place, location.as_object_mut()) {
        members.insert("physicalLocation".to_owned(), physical(place));
    }
    let mut text = format!("{}: {}", shown(&subject.name), finding.message);
    for (number, step) in (1..).zip(&finding.steps) {
        text.push_str(&format!("\n{number}. {} ({})", step.what, step.outcome.as_str()));
    }
    json!({
        "ruleId": finding.rule.id,
        "ruleIndex": numbered.get(finding.rule.id),
        "level": finding.severity.as_str(),
        "message": { "text": sentence(&format!("{text}\nremedy: {}", finding.remedy)) },
        "locations": [location],
        "partialFingerprints": { "lanyardIdentity/v1": finding.identity() },
    })
}

/// The location of a finding. The file is a reference relative to the working directory.
fn physical(place: &Place) -> Value {
    json!({
        "artifactLocation": { "uri": reference(&place.file) },
        "region": { "startLine": place.line, "startColumn": place.column },
    })
}

/// A file's name as a URI reference, with other characters percent-encoded.
fn reference(file: &str) -> String {
    let mut uri = String::new();
    if file.starts_with('/') {
        uri.push_str("file://");
    }
    for byte in file.trim_start_matches("./").bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => uri.push(char::from(byte)),
            b'\\' => uri.push('/'),
            other => uri.push_str(&format!("%{other:02X}")),
        }
    }
    uri
}

/// A clause as a sentence, the form that SARIF requires of messages.
fn sentence(clause: &str) -> String {
    format!("{clause}.")
}

#[cfg(test)]
mod tests {
    use super::reference;

    #[test]
    fn files_are_references() {
        assert_eq!(reference("./access/team leads.yaml"), "access/team%20leads.yaml");
        assert_eq!(reference("/srv/a#b.yaml"), "file:///srv/a%23b.yaml");
        assert_eq!(reference("é.yaml"), "%C3%A9.yaml");
    }
}
