//! Test results as JUnit XML, the format that build servers read.

use std::fmt::Write as _;

use lanyard_model::visible::printable;

/// One test and its result.
pub(crate) struct Case {
    /// The file that declares it.
    pub(crate) file: String,
    pub(crate) line: u32,
    pub(crate) name: String,
    /// The first line and the rest of the failure; `None` for a test that passed.
    pub(crate) failure: Option<(String, String)>,
}

/// The document. Tests of one file are one suite.
pub(crate) fn document(cases: &[Case]) -> String {
    let count = |cases: &[Case]| {
        let failures = cases.iter().filter(|case| case.failure.is_some()).count();
        format!("tests=\"{}\" failures=\"{failures}\" errors=\"0\" skipped=\"0\"", cases.len())
    };
    let mut text =
        format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"lanyard\" {}>\n", count(cases));
    for suite in cases.chunk_by(|one, other| one.file == other.file) {
        let file = suite.first().map(|case| escaped(&case.file)).unwrap_or_default();
        let _ = writeln!(text, "  <testsuite name=\"{file}\" {}>", count(suite));
        for case in suite {
            let name = escaped(&case.name);
            let _ = write!(
                text,
                "    <testcase classname=\"{file}\" name=\"{name}\" file=\"{file}\" line=\"{}\" time=\"0\"",
                case.line
            );
            match &case.failure {
                None => text.push_str("/>\n"),
                Some((message, detail)) => {
                    let (message, detail) = (escaped(message), escaped(detail));
                    let _ = writeln!(
                        text,
                        ">\n      <failure type=\"expectation\" message=\"{message}\">{detail}</failure>\n    </testcase>"
                    );
                }
            }
        }
        text.push_str("  </testsuite>\n");
    }
    text.push_str("</testsuites>\n");
    text
}

/// Text escaped for an element or for an attribute in double quotes. Invisible characters, some of which XML does not
/// allow, are escapes, except line feeds.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in printable(text).chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&apos;"),
            '\n' => escaped.push_str("&#10;"),
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_and_invisible_characters_are_escaped() {
        assert_eq!(escaped("a<b>&\"'\n\u{1}é\u{202e}"), "a&lt;b&gt;&amp;&quot;&apos;&#10;\\u{1}é\\u{202e}");
        assert!(!document(&[]).contains("<testsuite "));
    }
}
