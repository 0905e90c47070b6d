//! The files in which AWS tools keep profiles: sections of names and values.

use std::collections::BTreeMap;

use zeroize::Zeroizing;

/// A file of sections. Values may be secrets, so they are erased when dropped, and have no readable form.
#[derive(Default)]
pub(crate) struct Ini(BTreeMap<String, Section>);

/// Names and values. A value below another, further indented, is `outer.inner`.
pub(crate) type Section = BTreeMap<String, Zeroizing<String>>;

impl Ini {
    /// Reads a file's text; a line that is neither a section, a comment nor `name = value` is skipped, as AWS tools do.
    ///
    /// The same section or name again adds to what was there, the last value counts.
    pub(crate) fn parse(text: &str) -> Self {
        let mut sections = BTreeMap::<String, Section>::new();
        let mut current = None;
        let mut outer = String::new();
        for line in text.lines() {
            let bare = line.trim();
            if bare.is_empty() || bare.starts_with(['#', ';']) {
                continue;
            }
            if let Some(rest) = bare.strip_prefix('[') {
                let name = rest.split(']').next().unwrap_or_default();
                current = Some(sections.entry(words(name)).or_default());
                outer.clear();
                continue;
            }
            let (Some(section), Some((name, value))) = (current.as_mut(), bare.split_once('=')) else { continue };
            let (name, value) = (name.trim().to_ascii_lowercase(), without_comment(value.trim()));
            let is_inner = line.starts_with([' ', '\t']) && !outer.is_empty();
            let name = if is_inner { format!("{outer}.{name}") } else { name };
            if !is_inner {
                outer = if value.is_empty() { name.clone() } else { String::new() };
            }
            section.insert(name, Zeroizing::new(value.to_owned()));
        }
        Self(sections)
    }

    /// The section of this name.
    pub(crate) fn section(&self, name: &str) -> Option<&Section> {
        self.0.get(name)
    }

    /// Takes the section of this name out.
    pub(crate) fn take(&mut self, name: &str) -> Option<Section> {
        self.0.remove(name)
    }

    /// The names of the sections.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }
}

/// A section's name with one space between its words, without quotes: `profile "a"` is `profile a`.
fn words(name: &str) -> String {
    name.split_whitespace().map(|word| word.trim_matches(['"', '\''])).collect::<Vec<_>>().join(" ")
}

/// A value up to a comment, which a space and `#` or `;` begin.
fn without_comment(value: &str) -> &str {
    let ends = [" #", " ;", "\t#", "\t;"].iter().filter_map(|mark| value.find(mark));
    ends.min().and_then(|end| value.get(..end)).unwrap_or(value).trim_end()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sections_names_and_values() {
        let ini = Ini::parse(
            "stray = 1\n# comment\n[default]\nRegion = eu-west-2 # here\n\n[profile  \"dev\"]\nservices = local\ns3 =\n  \
             max = 2\nrole_arn=x=y\nnonsense\n[services local]\nconnect =\n  endpoint_url = http://127.0.0.1:4510\n\
             [default]\noutput = json\n",
        );
        let value = |section: &str, name: &str| ini.section(section)?.get(name).map(|value| value.to_string());
        assert_eq!(value("default", "region").as_deref(), Some("eu-west-2"));
        assert_eq!(value("default", "output").as_deref(), Some("json"));
        assert_eq!(value("profile dev", "services").as_deref(), Some("local"));
        assert_eq!(value("profile dev", "s3.max").as_deref(), Some("2"));
        assert_eq!(value("profile dev", "role_arn").as_deref(), Some("x=y"));
        assert_eq!(value("services local", "connect.endpoint_url").as_deref(), Some("http://127.0.0.1:4510"));
        assert_eq!(ini.names().collect::<Vec<_>>(), ["default", "profile dev", "services local"]);
    }
}
