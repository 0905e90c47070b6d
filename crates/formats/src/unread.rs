//! Files in a directory that no reader of its form reads, and that declare a security profile, a user or an AI agent.
//!
//! Invariants: such a file is an error, because a profile in it would neither be checked nor kept. The form of the text decides,
//! not the name of the file; Lanyard's own files have other forms.

use std::collections::BTreeSet;
use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use lanyard_model::Kind;
use lanyard_model::catalogue::Catalogue;

use crate::document::document;
use crate::fault::{Fault, Faults};
use crate::source::Source;
use crate::tree::{At, Node};
use crate::{json, matrix};

/// The maximum number of files and folders in a directory.
const MOST: usize = 50_000;
/// The maximum nesting of folders.
const DEEPEST: usize = 16;
/// The number of bytes from the start of a file that are examined.
const EXAMINED: u64 = 8 << 20;

/// The folder of a version control system, which has the contents of earlier versions.
const VERSIONS: &str = ".git";

/// The ending of the hidden files that a program leaves which stops while it writes.
const PART: &str = ".part";

/// The members of which a file that declares access has one.
const WORDS: &[&str] =
    &["SecurityProfile", "Permissions", "Username", "User", "connect_security_profile", "connect_user"];

/// The members of a user, in the forms of pulled directories and of the API.
const OF_A_USER: &[&str] = &[
    "Arn",
    "DirectoryUserId",
    "HierarchyGroup",
    "HierarchyGroupId",
    "Id",
    "IdentityInfo",
    "InstanceId",
    "Password",
    "PhoneConfig",
    "RoutingProfile",
    "RoutingProfileId",
    "SecurityProfileIds",
    "SecurityProfiles",
    "Tags",
    "Username",
];

/// The endings of texts for people and of programs, which may quote a profile.
const PROSE: &[&str] = &["adoc", "go", "html", "js", "md", "py", "rs", "rst", "sh", "tf", "ts", "txt", "xml"];

/// The regular files and the links below a directory, with links to files resolved. Folders of version control, and those of
/// `without`, are left out.
///
/// # Errors
/// A folder cannot be read, or there are too many files.
pub(crate) fn files_below(dir: &Path, without: &[PathBuf]) -> Result<Vec<PathBuf>, Fault> {
    let root = dir.canonicalize().map_err(|error| Fault::of_path("read", dir, &error))?;
    let mut walk = Walk {
        root,
        without: without.iter().filter_map(|path| path.canonicalize().ok()).collect(),
        visited: BTreeSet::new(),
        files: Vec::new(),
        count: 0,
    };
    walk.folder(dir, 0)?;
    walk.files.sort();
    Ok(walk.files)
}

struct Walk {
    root: PathBuf,
    without: Vec<PathBuf>,
    visited: BTreeSet<PathBuf>,
    files: Vec<PathBuf>,
    count: usize,
}

impl Walk {
    fn folder(&mut self, dir: &Path, depth: usize) -> Result<(), Fault> {
        let failed = |error: std::io::Error| Fault::of_path("read", dir, &error);
        let real = dir.canonicalize().map_err(failed)?;
        if self.without.contains(&real) || !self.visited.insert(real.clone()) {
            return Ok(());
        }
        // Of a folder that a link leads to outside, only the files themselves count.
        let is_outside = !real.starts_with(&self.root);
        for entry in fs::read_dir(dir).map_err(failed)? {
            let path = entry.map_err(failed)?.path();
            self.count += 1;
            if self.count > MOST {
                return Err(Fault::whole(format!(
                    "`{}` has more than {MOST} files, which are too many to examine; keep other files elsewhere",
                    self.root.display()
                )));
            }
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            if name == VERSIONS || (name.starts_with('.') && name.ends_with(PART)) {
                continue;
            }
            if path.is_dir() {
                if is_outside {
                    continue;
                }
                if depth >= DEEPEST {
                    return Err(Fault::whole(format!("`{}` is nested too deep to be examined", path.display())));
                }
                self.folder(&path, depth.saturating_add(1))?;
            } else {
                self.files.push(path);
            }
        }
        Ok(())
    }
}

/// Refuses files that declare access. `place` is the correction, such as `move it to …`.
///
/// # Errors
/// Each such file, with the place of the declaration in it.
pub(crate) fn refuse<'a>(
    files: impl Iterator<Item = &'a PathBuf>,
    place: impl Fn(Kind) -> String,
) -> Result<(), Fault> {
    let mut faults = Faults::default();
    for path in files {
        let Some((kind, at)) = declaration(path)? else { continue };
        let file: Source = path.display().to_string().into();
        let article = if kind == Kind::AiAgent { "an" } else { "a" };
        faults.add(Fault::at(
            &file,
            at,
            format!("{article} {} in this file is not read here; {}", kind.noun(), place(kind)),
        ));
    }
    faults.finish()
}

/// The first security profile, user or AI agent that a file declares, and its place.
///
/// # Errors
/// A regular file cannot be read.
fn declaration(path: &Path) -> Result<Option<(Kind, At)>, Fault> {
    // Pipes, devices and links to nothing have no text.
    if !path.is_file() {
        return Ok(None);
    }
    let failed = |error: std::io::Error| Fault::of_path("read", path, &error);
    let mut bytes = Vec::new();
    lanyard_local_file::open(path).map_err(failed)?.take(EXAMINED).read_to_end(&mut bytes).map_err(failed)?;
    // A text in UTF-16 has a zero in each letter of the words.
    bytes.retain(|byte| *byte != 0);
    let text = String::from_utf8_lossy(&bytes);
    let ending = path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
    if ending == "csv" {
        let root = matrix::read(&Source::from(""), &text).ok();
        return Ok(root.filter(|root| !root.entries().is_empty()).map(|root| (Kind::SecurityProfile, root.at)));
    }
    if !WORDS.iter().any(|word| text.contains(word)) {
        return Ok(None);
    }
    let documents = documents(path, &text);
    Ok(match documents {
        Some(documents) => documents.iter().find_map(in_document),
        None => in_text(&text, PROSE.contains(&ending.as_str())),
    })
}

/// The documents in a text; `None` where it is neither JSON nor YAML.
fn documents(path: &Path, text: &str) -> Option<Vec<Node>> {
    let none = Source::from("");
    let is_json = text.trim_start_matches('\u{feff}').trim_start().starts_with(['{', '[']);
    let parsed = document(&none, path, text).ok().map(|root| vec![root]);
    parsed.or_else(|| json::parse_all(&none, text).ok().filter(|_| is_json)).filter(|all| {
        // A text of words only is a string in YAML.
        all.iter().all(|root| root.text().is_none())
    })
}

fn in_document(root: &Node) -> Option<(Kind, At)> {
    // Plans, records of pulls and reviews name their format.
    if root.get("format").and_then(Node::text).is_some_and(|format| format.starts_with("lanyard-")) {
        return None;
    }
    in_state(root).or_else(|| in_node(root, true))
}

/// The first declaration in the output of `terraform show -json`, or in a state file of Terraform.
fn in_state(node: &Node) -> Option<(Kind, At)> {
    let of_type = node.get("type").and_then(Node::text).unwrap_or_default();
    match of_type {
        _ if node.get("mode").is_none() => {}
        _ if of_type.ends_with("connect_security_profile") => return Some((Kind::SecurityProfile, node.at)),
        _ if of_type.ends_with("connect_user") => return Some((Kind::User, node.at)),
        _ => {}
    }
    node.items().iter().chain(node.entries().iter().map(|entry| &entry.node)).find_map(in_state)
}

/// The first declaration in a value. `is_item` is whether it is the document or an item of a list, not the member of a map.
fn in_node(node: &Node, is_item: bool) -> Option<(Kind, At)> {
    kind_of(node, is_item)
        .map(|kind| (kind, node.at))
        .or_else(|| node.items().iter().find_map(|item| in_node(item, true)))
        .or_else(|| node.entries().iter().find_map(|entry| in_node(&entry.node, false)))
}

/// The kind of the resource that a map declares.
fn kind_of(node: &Node, is_item: bool) -> Option<Kind> {
    let has = |name: &str| node.get(name).is_some();
    let has_text = |name: &str| node.get(name).is_some_and(|it| it.text().is_some());
    let texts = |name: &str| node.get(name).map(Node::items).unwrap_or_default().iter().filter_map(Node::text);
    let of_type = node.get("Type").and_then(Node::text).unwrap_or_default();
    let is_user = |entry: &crate::tree::Entry| OF_A_USER.contains(&entry.name.as_str());
    if of_type == "AWS::Connect::SecurityProfile"
        || has_text("SecurityProfileName")
        || has("SecurityProfileSummaryList")
        || texts("Permissions").any(|text| Catalogue::builtin().get(text).is_some())
        || (has_text("Name") && texts("Permissions").any(|text| text.contains('.')))
    {
        return Some(Kind::SecurityProfile);
    }
    let names_profiles = texts("SecurityProfiles").next().is_some();
    if of_type == "AWS::Connect::User"
        || has("UserSummaryList")
        || has("SecurityProfileIds")
        || (has_text("Username") && (names_profiles || is_item && node.entries().iter().all(is_user)))
    {
        return Some(Kind::User);
    }
    (has_text("Arn") && names_profiles).then_some(Kind::AiAgent)
}

/// The first line of a text that is neither JSON nor YAML which has a member of a profile or a user. A text for people, or a
/// program, may quote one, so that only its first line counts.
fn in_text(text: &str, is_prose: bool) -> Option<(Kind, At)> {
    let lines = text.lines().enumerate().filter(|(_, line)| {
        let line = line.trim();
        !line.is_empty() && !line.starts_with('#') && !matches!(line, "---" | "{" | "[" | "[{")
    });
    let most = if is_prose { 1 } else { usize::MAX };
    let members = [
        ("SecurityProfileName", Kind::SecurityProfile),
        ("SecurityProfileSummaryList", Kind::SecurityProfile),
        ("AWS::Connect::SecurityProfile", Kind::SecurityProfile),
        ("AWS::Connect::User", Kind::User),
        ("SecurityProfileIds", Kind::User),
        ("SecurityProfiles", Kind::User),
        ("Username", Kind::User),
    ];
    lines.take(most).find_map(|(number, line)| {
        let (kind, column) = members.iter().find_map(|(name, kind)| Some((*kind, member_in(line, name)?)))?;
        let count = |count: usize| u32::try_from(count.saturating_add(1)).unwrap_or(u32::MAX);
        Some((kind, At { line: count(number), column: count(column), layer: 0 }))
    })
}

/// The column of a member, or of a type of CloudFormation, in a line, from 0.
fn member_in(line: &str, name: &str) -> Option<usize> {
    let (before, after) = line.split_once(name)?;
    let is_member = after.trim_start_matches(['"', '\'', ' ']).starts_with(':') || name.contains("::");
    let begins = !before.ends_with(|c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '/'));
    (is_member && begins).then(|| before.chars().count())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(name: &str, text: &str) -> Option<(Kind, u32)> {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join(name);
        fs::write(&path, text).unwrap();
        declaration(&path).unwrap().map(|(kind, at)| (kind, at.line))
    }

    #[test]
    fn every_form_of_a_profile_or_user_is_a_declaration() {
        for (name, text, line) in [
            ("a.json", "{\n\"SecurityProfileName\": \"X\"}", 1),
            ("a.yaml.new", "\"SecurityProfileName\": X\n", 1),
            ("a", "- Name: X\n  Permissions: [Made.View]\n", 1),
            ("a.yaml", "X:\n  Permissions: [Users.Edit]\n", 2),
            ("a.json", "{\"SecurityProfile\": {\"SecurityProfileName\": \"X\"}}", 1),
            ("a.json", "{\"SecurityProfileSummaryList\": []}", 1),
            ("t.yaml", "Resources:\n  L: {Type: AWS::Connect::SecurityProfile}\n", 2),
            ("broken.yaml", "a: [\nSecurityProfileName: X\n", 2),
            ("broken.json", "{\n// a comment\n\"SecurityProfileName\" : \"X\"}", 3),
            ("two.yaml", "---\nSecurityProfileName: X\n---\nSecurityProfileName: Y\n", 2),
            ("README.md", "SecurityProfileName: X\nPermissions: [Users.Edit]\n", 1),
            ("m.csv", "Permission,X\nUsers.Edit,X\n", 1),
        ] {
            assert_eq!(kind(name, text), Some((Kind::SecurityProfile, line)), "{name} {text}");
        }
        for text in [
            "- Username: zed\n",
            "{\"resources\": [{\"mode\": \"managed\", \"type\": \"aws_connect_user\", \"note\": \"User\"}]}",
            "[{\"Username\": \"zed\", \"SecurityProfiles\": [\"Admin\"]}]",
            "{\"UserSummaryList\": []}",
            "Username: zed\nOther: 1\nSecurityProfiles: [Admin]\n",
        ] {
            assert_eq!(kind("a", text), Some((Kind::User, 1)), "{text}");
        }
        assert_eq!(kind("a", "- Arn: a\n  SecurityProfiles: [Admin]\n"), Some((Kind::AiAgent, 1)));
        let utf_16: Vec<u8> = "SecurityProfileName: X\n".bytes().flat_map(|byte| [byte, 0]).collect();
        assert_eq!(kind("a", &String::from_utf8(utf_16).unwrap()), Some((Kind::SecurityProfile, 1)));
    }

    #[test]
    fn other_files_are_none() {
        for (name, text) in [
            ("README.md", "# Access\n\nA profile has a name:\n\n```\nSecurityProfileName: Agent\n```\n"),
            (
                "lanyard.yaml",
                "suppressions:\n- {rule: x, subject: 'SecurityProfile:Agent', reason: y, expires: 2026-12-31}\n",
            ),
            ("map.yaml", "SecurityProfiles:\n  Agent: Agents\nUsers: {ann: ~}\nPromote: [SecurityProfiles]\n"),
            ("expectations.yaml", "expectations:\n- {principal: ann, action: Users.Edit, expect: denied}\n"),
            ("tasks.yaml", "tasks:\n- {name: a, title: b, formula: {any_of: [Users.Edit]}}\n"),
            (
                "plan.json",
                "{\"format\": \"lanyard-plan\", \"changes\": [{\"after\": {\"SecurityProfile\": {\"name\": \"X\"}}}]}",
            ),
            (
                "schema.json",
                "{\"properties\": {\"SecurityProfileName\": {\"type\": \"string\"}, \"Permissions\": {\"type\": \"array\"}}}",
            ),
            (
                "ci.yaml",
                "jobs:\n  build:\n    permissions: {contents: read}\n    env: {Username: bot, Password: x, Registry: y}\n",
            ),
            ("lint.sarif", "{\"runs\": [{\"results\": [{\"message\": {\"text\": \"SecurityProfileName: X\"}}]}]}"),
            ("state.json", "{\"format_version\": \"1.0\", \"values\": {\"note\": \"Permissions\"}}"),
        ] {
            assert_eq!(kind(name, text), None, "{name}");
        }
    }

    #[test]
    fn folders_are_walked_once_and_without_version_control() {
        let dir = tempfile::tempdir().unwrap();
        let at = |name: &str| dir.path().join(name);
        for name in [".git/a", ".hidden/b", "c/d/e", "left/f"] {
            fs::create_dir_all(at(name).parent().unwrap()).unwrap();
            fs::write(at(name), "").unwrap();
        }
        std::os::unix::fs::symlink(dir.path(), at("c/loop")).unwrap();
        assert_eq!(files_below(dir.path(), &[at("left")]).unwrap(), [at(".hidden/b"), at("c/d/e")]);
    }
}
