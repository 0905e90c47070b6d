//! The model's patterns as expressions that the `regex` crate can compile.
//!
//! A published pattern applies to the whole string, as the service evidently does, unless [`CORRECTIONS`] lists
//! another meaning. `\d`, `\s`, `\S` and look-around need a correction: the first three mean ASCII in the service and
//! Unicode here, and the crate has no look-around.

use std::collections::BTreeSet;

use crate::model::{Model, Shape};

/// The conditions of a string: every expression of `accept` matches in it, none of `refuse`.
pub(crate) struct Pattern {
    /// In words, to follow "must".
    pub(crate) rule: String,
    pub(crate) accept: Vec<String>,
    pub(crate) refuse: Vec<String>,
}

impl Pattern {
    /// Permits the empty string, for shapes with a published minimum of 0: the bound is intended, and clients clear a
    /// description with the empty string.
    pub(crate) fn admit_empty(&mut self) {
        self.rule.push_str(", or be empty");
        for expression in &mut self.accept {
            *expression = format!(r"\A\z|{expression}");
        }
    }
}

struct Correction {
    printed: &'static str,
    reason: &'static str,
    rule: &'static str,
    accept: &'static [&'static str],
    refuse: &'static [&'static str],
}

const CORRECTIONS: &[Correction] = &[
    Correction {
        printed: r"^(?!d-)([\da-zA-Z]+)([-]*[\da-zA-Z])*$",
        reason: "a look-ahead forbids a directory id as an alias",
        rule: "consist of letters, digits and hyphens, begin and end with a letter or digit, and not begin with `d-`",
        accept: &[r"\A[0-9a-zA-Z]+(?:-*[0-9a-zA-Z])*\z"],
        refuse: &[r"\Ad-"],
    },
    Correction {
        printed: r"^(?!aws:)[\p{L}\p{Z}\p{N}_.:/=+\-@]*$",
        reason: "a look-ahead forbids the prefix of AWS",
        rule: "consist of letters, digits, spaces and `_.:/=+-@`, and not begin with `aws:`",
        accept: &[r"\A[\p{L}\p{Z}\p{N}_.:/=+\-@]*\z"],
        refuse: &[r"\Aaws:"],
    },
    Correction {
        printed: r"(?!aws:|connect:)[\u0009\u000A\u000D\u0020-\u007E\u00A1-\u00FF]+$",
        reason: "without an anchor the look-ahead forbids nothing, since a match may begin after the prefix",
        rule: "consist of printable Latin-1 characters, tabs and line ends, and not begin with `aws:` or `connect:`",
        accept: &[r"\A[\u0009\u000A\u000D\u0020-\u007E\u00A1-\u00FF]+\z"],
        refuse: &[r"\A(?:aws|connect):"],
    },
    Correction {
        printed: r"/^(?=.*[a-z])(?=.*[A-Z])(?=.*\d)[a-zA-Z\d\S]{8,64}$/",
        reason: "the slashes are another language's delimiters, and the look-aheads demand kinds of characters",
        rule: "have 8 to 64 characters, no spaces, and a lower-case letter, an upper-case letter and a digit",
        accept: &[r"\A[^ \t\n\x0B\x0C\r]{8,64}\z", "[a-z]", "[A-Z]", "[0-9]"],
        refuse: &[],
    },
    Correction {
        printed: r"\\+[1-9]\\d{1,14}$",
        reason: "the backslashes are doubled, so that the pattern demands a backslash and letters d",
        rule: "be a phone number in E.164 format: a plus and 2 to 15 digits, the first not 0",
        accept: &[r"\A\+[1-9][0-9]{1,14}\z"],
        refuse: &[],
    },
    Correction {
        printed: r"\+[1-9]\d{1,14}$",
        reason: r"`\d` means an ASCII digit",
        rule: "be a phone number in E.164 format: a plus and 2 to 15 digits, the first not 0",
        accept: &[r"\A\+[1-9][0-9]{1,14}\z"],
        refuse: &[],
    },
    Correction {
        printed: r".*\S.*",
        reason: r"it asks for one character that is no space, on any line; `\S` excludes ASCII spaces",
        rule: "contain a character that is not a space",
        accept: &[r"[^ \t\n\x0B\x0C\r]"],
        refuse: &[],
    },
    Correction {
        printed: r"^\w+\:\/\/.*$",
        reason: r"`\w` means an ASCII letter, a digit or an underscore",
        rule: "be a URL: a scheme, `://` and the rest, on one line",
        accept: &[r"\A[0-9A-Za-z_]+://.*\z"],
        refuse: &[],
    },
    Correction {
        printed: r"^(arn:aws:[A-Za-z0-9][A-Za-z0-9_/.-]{0,62}:[A-Za-z0-9_/.-]{0,63}:[A-Za-z0-9_/.-]{0,63}:[A-Za-z0-9][A-Za-z0-9:_/+=,@.-]{0,1023}|[a-f0-9]{8}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{12})(:[\w\$]+)?$",
        reason: r"`\w` means an ASCII letter, a digit or an underscore",
        rule: "be an ARN, or an identifier of the form of a UUID",
        accept: &[
            r"\A(?:arn:aws:[A-Za-z0-9][A-Za-z0-9_/.-]{0,62}:[A-Za-z0-9_/.-]{0,63}:[A-Za-z0-9_/.-]{0,63}:[A-Za-z0-9][A-Za-z0-9:_/+=,@.-]{0,1023}|[a-f0-9]{8}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{12})(?::[0-9A-Za-z_$]+)?\z",
        ],
        refuse: &[],
    },
    Correction {
        printed: r"^[\\P{C}\r\n\t]+$",
        reason: "the backslash is doubled, so that the pattern admits the letters P and C, braces and backslashes alone",
        rule: "consist of printable characters, tabs and line ends",
        accept: &[r"\A[\P{C}\r\n\t]+\z"],
        refuse: &[],
    },
];

/// The effective pattern of a published one.
pub(crate) fn correct(printed: &str) -> Result<Pattern, String> {
    let owned = |expressions: &[&str]| expressions.iter().map(|&expression| expression.to_owned()).collect();
    let pattern = match CORRECTIONS.iter().find(|correction| correction.printed == printed) {
        Some(correction) => {
            if correction.reason.is_empty() {
                return Err(format!("the correction of `{printed}` has no reason"));
            }
            Pattern {
                rule: correction.rule.to_owned(),
                accept: owned(correction.accept),
                refuse: owned(correction.refuse),
            }
        }
        None => {
            if let Some(token) = ["(?=", "(?!", "(?<", r"\d", r"\s", r"\S", r"\w", r"\b", r"\\"]
                .iter()
                .find(|token| printed.contains(**token))
            {
                return Err(format!("pattern `{printed}` has `{token}` and no correction"));
            }
            let bare = printed.strip_prefix('^').unwrap_or(printed);
            let bare = bare.strip_suffix('$').unwrap_or(bare);
            let rule = format!("match `{bare}` as a whole");
            Pattern { rule, accept: vec![format!(r"\A(?:{bare})\z")], refuse: Vec::new() }
        }
    };
    for expression in pattern.accept.iter().chain(&pattern.refuse) {
        regex::Regex::new(expression).map_err(|error| format!("pattern `{printed}`: {error}"))?;
    }
    Ok(pattern)
}

/// Refuses corrections of patterns that no model has.
pub(crate) fn check_corrections<'m>(models: impl Iterator<Item = &'m Model>) -> Result<(), String> {
    let printed: BTreeSet<&str> = models
        .flat_map(|model| model.shapes.values())
        .filter_map(|shape| match shape {
            Shape::Text { pattern, .. } => pattern.as_deref(),
            _ => None,
        })
        .collect();
    let all = CORRECTIONS.iter().map(|correction| correction.printed);
    let unused: Vec<&str> = all.filter(|known| !printed.contains(known)).collect();
    match unused.is_empty() {
        true => Ok(()),
        false => Err(format!("corrections of patterns that no model has: {}", unused.join(" "))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(printed: &str, text: &str) -> bool {
        let pattern = correct(printed).unwrap();
        let found = |expression: &String| regex::Regex::new(expression).unwrap().is_match(text);
        pattern.accept.iter().all(found) && !pattern.refuse.iter().any(found)
    }

    #[test]
    fn corrections_mean_what_the_service_means() {
        let tag = r"^(?!aws:)[\p{L}\p{Z}\p{N}_.:/=+\-@]*$";
        assert!(matches(tag, "équipe aws:1") && !matches(tag, "aws:team") && !matches(tag, "a#b"));
        let attribute = r"(?!aws:|connect:)[\u0009\u000A\u000D\u0020-\u007E\u00A1-\u00FF]+$";
        assert!(matches(attribute, "my aws:x") && !matches(attribute, "aws:x") && !matches(attribute, "connect:x"));
        let password = r"/^(?=.*[a-z])(?=.*[A-Z])(?=.*\d)[a-zA-Z\d\S]{8,64}$/";
        assert!(matches(password, "Passw0rd") && !matches(password, "passw0rd") && !matches(password, "Pass w0rd"));
        assert!(matches(r"\\+[1-9]\\d{1,14}$", "+441632960000") && !matches(r"\\+[1-9]\\d{1,14}$", "+0123"));
        assert!(matches(r"^[\\P{C}\r\n\t]+$", "Größe\n\t1") && !matches(r"^[\\P{C}\r\n\t]+$", "a\u{0}b"));
        assert!(matches(r".*\S.*", "\n a") && !matches(r".*\S.*", " \t\n"));
    }

    #[test]
    fn a_pattern_is_taken_as_a_whole() {
        assert!(matches("[a-z]{2}", "ab") && !matches("[a-z]{2}", "abc") && !matches("^[a-z]+$", "ab\n"));
    }

    #[test]
    fn what_cannot_be_expressed_needs_a_correction() {
        assert!(correct("(?=x)y").is_err());
        assert!(correct("[a-z").is_err());
        assert!(correct(r"\d+").is_err());
    }
}
