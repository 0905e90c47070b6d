//! Suggestions for names that do not exist.

use lanyard_model::shown;

/// The least likeness of a suggestion, from 0 to 1.
const ALIKE: f64 = 0.85;
/// The most suggestions.
const MOST: usize = 3;

/// The names that someone who wrote `text` may have meant, the likeliest first; upper and lower case do not matter.
#[must_use]
pub fn near<'a>(text: &str, names: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let text = text.to_lowercase();
    let likeness = |name: &str| strsim::jaro_winkler(&text, &name.to_lowercase());
    let mut near: Vec<_> =
        names.into_iter().map(|name| (likeness(name), name)).filter(|(likeness, _)| *likeness >= ALIKE).collect();
    near.sort_by(|(one, name), (other, other_name)| other.total_cmp(one).then(name.cmp(other_name)));
    near.dedup();
    near.into_iter().take(MOST).map(|(_, name)| name).collect()
}

/// `did you mean …?` for these names; `None` without any.
#[must_use]
pub fn did_you_mean<S: AsRef<str>>(names: &[S]) -> Option<String> {
    let names: Vec<_> = names.iter().map(|name| format!("`{}`", shown(name.as_ref()))).collect();
    (!names.is_empty()).then(|| format!("did you mean {}?", names.join(" or ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_of_the_pen_are_near_and_other_words_are_not() {
        let names = ["alice", "alina", "bob", "Billing"];
        assert_eq!(near("alcie", names).first(), Some(&"alice"));
        assert_eq!(near("biling", names), ["Billing"]);
        assert_eq!(near("zebra", names), [""; 0]);
        assert_eq!(did_you_mean(&["a", "b"]).as_deref(), Some("did you mean `a` or `b`?"));
        assert_eq!(did_you_mean::<&str>(&[]), None);
    }
}
