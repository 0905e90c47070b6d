//! Writing the directory.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{self, ErrorKind};
use std::path::Path;

use lanyard_analysis::{Configuration, is_provisional, portable};
use lanyard_engine::UnknownParts;
use lanyard_local_file::{LARGEST, check_own_directory, check_own_file, read_text, replace};
use lanyard_model::kind::Table;
use lanyard_model::resources::{
    AllowedFlowModule, Application, ApplicationType, HierarchyGroup, PrimaryAttributeValue, SecurityProfile, User,
};
use lanyard_model::{Directory, Id, Kind, Resource, Stored, StreamId, Tags};

use super::IN_TABLES;
use super::layout::{AI_AGENTS, HIERARCHY, INSTANCE, MARKER, PROFILES, SIMPLE, UNSEEN, USERS};
use crate::emit::Out;
use crate::fault::Fault;
use crate::names::Names;
use crate::restricted;
use crate::source::Source;

/// The maximum length of a profile's file name, without its extension.
const LONGEST: usize = 60;

/// Writes a state into a directory, and creates the directory where it does not exist.
///
/// A file without changes is not touched, and another is replaced at once. Where a link, a directory, a pipe or a device
/// has the name of a file or a folder of ours, nothing is written. A profile stays in its present file, whatever its name. Files that Lanyard
/// wrote earlier and that are not part of this state are removed: those of profiles by their identifier, so that a
/// new profile that another author added stays.
///
/// # Errors
/// A file cannot be read or written; the message has its path. Files that were written before stay.
pub fn write(dir: &Path, configuration: &Configuration) -> Result<(), Fault> {
    let Configuration { directory, unknown_parts, .. } = configuration;
    let mut unknown_parts = unknown_parts.clone();
    if !directory.data_tables.is_empty() || unknown_parts.kinds.contains(&Kind::DataTable) {
        // The records of data tables are never part of the files.
        unknown_parts.kinds.retain(|kind| !IN_TABLES.contains(kind));
    }
    let unknown_parts = &unknown_parts;
    let all = directory.iter().filter_map(|it| portable(&it));
    let directory = Directory::load(directory.stream().clone(), directory.revision(), directory.time(), all);
    let names = Names::of(&directory);
    let writer = Writer { dir, directory: &directory, names };
    make_dir(dir)?;
    check_own(dir)?;
    writer.instance()?;
    writer.profiles(unknown_parts)?;
    let has_levels = !writer.directory.hierarchy_structures.is_empty();
    // Without the file, neither levels nor groups are known.
    match has_levels || !unknown_parts.kinds.contains(&Kind::HierarchyStructure) {
        true => writer.put(HIERARCHY, Some(writer.hierarchy()))?,
        false => writer.kind(unknown_parts, Kind::HierarchyGroup, HIERARCHY, writer.hierarchy())?,
    }
    writer.kind(unknown_parts, Kind::User, USERS, writer.users())?;
    writer.kind(unknown_parts, Kind::AiAgent, AI_AGENTS, writer.ai_agents())?;
    for (kind, file) in SIMPLE {
        writer.kind(unknown_parts, *kind, file, writer.simple(*kind, file))?;
    }
    let text = (!unknown_parts.is_empty()).then(|| writer.unknown_parts(unknown_parts));
    writer.put(UNSEEN, text)
}

struct Writer<'a> {
    dir: &'a Path,
    directory: &'a Directory,
    names: Names,
}

/// The beginning of a file.
fn begin(what: &str) -> Out {
    let marker = MARKER.trim_start_matches("# ");
    Out::new(&format!("{marker}: {what}. Edit the values to change; keep every Id, and write none for a new resource."))
}

fn make_dir(dir: &Path) -> Result<(), Fault> {
    fs::create_dir_all(dir).map_err(|error| Fault::of_path("make the directory", dir, &error))
}

/// Refuses a directory in which something else than our files and folders has their names: nothing is written then.
fn check_own(dir: &Path) -> Result<(), Fault> {
    let failed = |path: &Path, error: &io::Error| Fault::of_path("write", path, error);
    let profiles = dir.join(PROFILES);
    check_own_directory(&profiles).map_err(|error| failed(&profiles, &error))?;
    let names = [INSTANCE, UNSEEN, HIERARCHY, USERS, AI_AGENTS].into_iter().chain(SIMPLE.iter().map(|(_, name)| *name));
    let mut files: Vec<_> = names.map(|name| dir.join(name)).collect();
    if profiles.is_dir() {
        files.extend(super::read::profile_files(&profiles)?);
    }
    files.iter().try_for_each(|path| check_own_file(path).map_err(|error| failed(path, &error)))
}

/// The text of a file; `None` where it does not exist.
fn content(path: &Path) -> Result<Option<String>, Fault> {
    match read_text(path, LARGEST) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Fault::of_path("read", path, &error)),
    }
}

impl Writer<'_> {
    /// Writes the file of a kind; an unknown kind without resources has none.
    fn kind(&self, unknown_parts: &UnknownParts, kind: Kind, file: &str, text: String) -> Result<(), Fault> {
        let is_seen = !unknown_parts.kinds.contains(&kind) || self.directory.count(kind) > 0;
        self.put(file, is_seen.then_some(text))
    }

    /// Writes a file, or removes it where Lanyard wrote it.
    fn put(&self, file: &str, text: Option<String>) -> Result<(), Fault> {
        let path = self.dir.join(file);
        let before = content(&path)?;
        match (before, text) {
            (Some(before), Some(text)) if before == text => Ok(()),
            (_, Some(text)) => replace(&path, text.as_bytes()).map_err(|error| Fault::of_path("write", &path, &error)),
            (Some(before), None) if before.starts_with(MARKER) => {
                fs::remove_file(&path).map_err(|error| Fault::of_path("remove", &path, &error))
            }
            (_, None) => Ok(()),
        }
    }

    fn instance(&self) -> Result<(), Fault> {
        let StreamId::Instance(id) = self.directory.stream() else {
            return Err(Fault::whole("a registry has no access configuration; write an instance"));
        };
        if is_provisional(id) && self.directory.instances.is_empty() {
            return self.put(INSTANCE, None);
        }
        let mut out = begin("the instance");
        write_id(&mut out, id);
        if let Some(it) = self.directory.instances.values().next() {
            out.text("Account", &it.account);
            out.text("Region", &it.region);
            out.maybe("InstanceAlias", it.alias.as_deref());
            out.text("IdentityManagementType", &it.identity_management_type);
            out.block_pairs("Tags", &it.tags);
        }
        self.put(INSTANCE, Some(out.finish()))
    }

    fn profiles(&self, unknown_parts: &UnknownParts) -> Result<(), Fault> {
        let dir = self.dir.join(PROFILES);
        if unknown_parts.kinds.contains(&Kind::SecurityProfile) && self.directory.security_profiles.is_empty() {
            // Earlier files of Lanyard are removed, and so is the directory when nothing else is in it.
            if dir.is_dir() {
                self.remove_deleted(&Held::of(&dir)?, &BTreeSet::new())?;
                let _ = fs::remove_dir(&dir);
            }
            return Ok(());
        }
        make_dir(&dir)?;
        let held = Held::of(&dir)?;
        let mut taken: BTreeSet<String> = held.files.iter().map(|file| file.to_lowercase()).collect();
        let mut written = BTreeSet::new();
        for profile in by_name(&self.directory.security_profiles, |it| &it.name) {
            let file = match held.file_of(profile).filter(|file| !written.contains(*file)) {
                Some(file) => file.to_owned(),
                None => free_name(&taken, profile),
            };
            taken.insert(file.to_lowercase());
            self.put(&format!("{PROFILES}/{file}"), Some(self.profile(profile)))?;
            written.insert(file);
        }
        self.remove_deleted(&held, &written)
    }

    /// Removes the files of deleted profiles.
    fn remove_deleted(&self, held: &Held, written: &BTreeSet<String>) -> Result<(), Fault> {
        for file in held.by_id.values().filter(|file| !written.contains(*file)) {
            self.put(&format!("{PROFILES}/{file}"), None)?;
        }
        Ok(())
    }

    fn profile(&self, it: &SecurityProfile) -> String {
        let mut out = begin("a security profile");
        out.text("SecurityProfileName", &it.name);
        write_id(&mut out, &it.id);
        out.maybe("Description", it.description.as_deref());
        out.block_words("Permissions", &it.permissions);
        let restricted: Vec<_> = it.tag_restricted_resources.iter().map(|name| restricted::written(name)).collect();
        out.block_list("TagRestrictedResources", &restricted);
        out.block_pairs("AllowedAccessControlTags", &it.allowed_access_control_tags);
        out.block_list("HierarchyRestrictedResources", &it.hierarchy_restricted_resources);
        if let Some(group) = &it.allowed_access_control_hierarchy_group_id {
            out.text("AllowedAccessControlHierarchyGroup", &self.names.write(Kind::HierarchyGroup, group));
        }
        out.items("PrimaryAttributeValues", &it.primary_attribute_values, |out, it: &PrimaryAttributeValue| {
            out.maybe("AttributeName", it.attribute_name.as_deref());
            out.maybe("AccessType", it.access_type.as_deref());
            out.block_list("Values", &it.values);
        });
        out.items("Applications", &it.applications, |out, it: &Application| {
            out.maybe("Namespace", it.namespace.as_deref());
            out.maybe("Type", it.application_type.map(application_type));
            out.block_list("ApplicationPermissions", &it.permissions);
        });
        out.items("AllowedFlowModules", &it.allowed_flow_modules, |out, it| self.allowed_module(out, it));
        out.items("AllowedAiAgents", &it.allowed_ai_agents, |out, it| {
            out.maybe("Arn", it.arn.as_deref());
            out.maybe("Type", it.agent_type.as_deref());
        });
        out.block_pairs("Tags", &it.tags);
        out.finish()
    }

    /// A known module has its name; a version, an alias or an ARN stays as it is.
    fn allowed_module(&self, out: &mut Out, it: &AllowedFlowModule) {
        if let Some(text) = &it.flow_module_id {
            let id = Id::new(text);
            match self.directory.flow_modules.contains_key(&id) {
                true => out.text("FlowModule", &self.names.write(Kind::FlowModule, &id)),
                false => out.text("FlowModuleId", text),
            }
        }
        out.maybe("Type", it.module_type.as_deref());
    }

    fn hierarchy(&self) -> String {
        let mut out = begin("the agent hierarchy");
        if let Some(structure) = self.directory.hierarchy_structures.values().next() {
            let levels: Vec<_> = structure.levels.iter().map(|level| level.name.as_str()).collect();
            match levels.is_empty() {
                true => out.raw("Levels: []"),
                false => out.block_list("Levels", &levels),
            }
        }
        let groups = &self.directory.hierarchy_groups;
        let mut below: BTreeMap<Option<&Id>, Vec<&HierarchyGroup>> = BTreeMap::new();
        for group in by_name(groups, |it| &it.name) {
            let above = group.parent().filter(|parent| groups.contains_key(*parent));
            below.entry(above).or_default().push(group);
        }
        let top = below.get(&None).cloned().unwrap_or_default();
        out.items("Groups", &top, |out, group| self.group(out, group, &below));
        out.finish()
    }

    fn group(&self, out: &mut Out, it: &HierarchyGroup, below: &BTreeMap<Option<&Id>, Vec<&HierarchyGroup>>) {
        out.text("Name", &it.name);
        write_id(out, &it.id);
        if it.parent().is_some_and(|parent| !self.directory.hierarchy_groups.contains_key(parent)) {
            let above: Vec<_> = it.ancestors.iter().map(ToString::to_string).collect();
            out.block_list("Ancestors", &above);
        }
        out.flow_pairs("Tags", &it.tags);
        let below_it = below.get(&Some(&it.id)).cloned().unwrap_or_default();
        out.items("Groups", &below_it, |out, group| self.group(out, group, below));
    }

    /// The profiles' names, in their order.
    fn held_profiles(&self, ids: &[Id]) -> Vec<String> {
        let mut names: Vec<_> = ids.iter().map(|id| self.names.write(Kind::SecurityProfile, id)).collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    fn users(&self) -> String {
        let users = by_name(&self.directory.users, |it| &it.username);
        list(begin("the users"), &users, |out, it: &&User| {
            out.text("Username", &it.username);
            write_id(out, &it.id);
            out.flow_list("SecurityProfiles", &self.held_profiles(&it.security_profile_ids));
            if let Some(group) = &it.hierarchy_group_id {
                out.text("HierarchyGroup", &self.names.write(Kind::HierarchyGroup, group));
            }
            if it.routing_profile_id != Id::new("") {
                out.text("RoutingProfile", &self.names.write(Kind::RoutingProfile, &it.routing_profile_id));
            }
            if let Some(info) = &it.identity_info {
                out.map("IdentityInfo", |out| {
                    out.maybe("FirstName", info.first_name.as_deref());
                    out.maybe("LastName", info.last_name.as_deref());
                    out.maybe("Email", info.email.as_deref());
                    out.maybe("SecondaryEmail", info.secondary_email.as_deref());
                    out.maybe("Mobile", info.mobile.as_deref());
                });
            }
            out.flow_pairs("Tags", &it.tags);
        })
    }

    fn ai_agents(&self) -> String {
        let agents = by_name(&self.directory.ai_agents, |it| &it.arn);
        list(begin("the AI agents that hold security profiles"), &agents, |out, it| {
            out.text("Arn", &it.arn);
            out.flow_list("SecurityProfiles", &self.held_profiles(&it.security_profile_ids));
        })
    }

    fn simple(&self, kind: Kind, file: &str) -> String {
        let what = format!("the {}", file.trim_end_matches(".yaml").replace('-', " "));
        let mut all: Vec<_> = self.directory.iter().filter(|it| it.kind() == kind).collect();
        all.sort_by_cached_key(|it| (sort_key(it.name().unwrap_or_default()), it.id()));
        list(begin(&what), &all, |out, it| {
            out.text("Name", it.name().unwrap_or_default());
            write_id(out, &it.id());
            if let Resource::FlowModule(module) = it
                && let Some(enabled) = module.external_invocation_enabled
            {
                out.flag("ExternalInvocationEnabled", enabled);
            }
            out.flow_pairs("Tags", it.tags().unwrap_or(&Tags::new()));
        })
    }

    fn unknown_parts(&self, unknown_parts: &UnknownParts) -> String {
        let mut out = begin("the parts that could not be read, which count as unknown and not as absent");
        let kinds: Vec<_> = unknown_parts.kinds.iter().map(|kind| kind.name()).collect();
        out.block_list("Kinds", &kinds);
        let profiles = |ids: &BTreeSet<Id>| self.held_profiles(&ids.iter().cloned().collect::<Vec<_>>());
        out.block_list("Restrictions", &profiles(&unknown_parts.restrictions));
        out.block_list("Tools", &profiles(&unknown_parts.tools));
        out.block_list("Notes", &unknown_parts.notes);
        out.finish()
    }
}

/// A provisional identifier is not written.
fn write_id(out: &mut Out, id: &Id) {
    if !is_provisional(id) {
        out.text("Id", &id.to_string());
    }
}

pub(super) fn application_type(it: ApplicationType) -> &'static str {
    match it {
        ApplicationType::Mcp => "MCP",
        ApplicationType::ThirdPartyApplication => "THIRD_PARTY_APPLICATION",
    }
}

/// A file that is a list.
fn list<T>(mut out: Out, all: &[T], mut write: impl FnMut(&mut Out, &T)) -> String {
    if all.is_empty() {
        out.raw("[]");
    }
    all.iter().for_each(|it| out.item(|out| write(out, it)));
    out.finish()
}

fn sort_key(name: &str) -> (String, String) {
    (name.to_lowercase(), name.to_owned())
}

/// The resources by name, in alphabetical order.
fn by_name<T: Stored>(table: &Table<T>, name: impl Fn(&T) -> &String) -> Vec<&T> {
    let mut all: Vec<&T> = table.values().map(|it| &**it).collect();
    all.sort_by_cached_key(|it| (sort_key(name(it)), it.id()));
    all
}

/// The existing files of profiles.
#[derive(Default)]
struct Held {
    files: BTreeSet<String>,
    by_id: BTreeMap<String, String>,
    /// Those without an identifier.
    by_name: BTreeMap<String, String>,
}

impl Held {
    fn of(dir: &Path) -> Result<Self, Fault> {
        let mut held = Self::default();
        for path in super::read::profile_files(dir)? {
            let Some(file) = file_name(&path) else { continue };
            let text = content(&path)?.unwrap_or_default();
            held.files.insert(file.clone());
            // A file that cannot be read is another author's unfinished work: only its name is reserved.
            let Ok(root) = crate::tree::parse(&Source::from(""), &text) else { continue };
            let of = |name: &str| root.get(name).and_then(|node| node.text()).map(str::to_owned);
            match (of("Id"), of("SecurityProfileName")) {
                (Some(id), _) => held.by_id.insert(id, file),
                (None, Some(name)) => held.by_name.insert(name, file),
                (None, None) => None,
            };
        }
        Ok(held)
    }

    fn file_of(&self, profile: &SecurityProfile) -> Option<&String> {
        self.by_id.get(&profile.id.to_string()).or_else(|| self.by_name.get(&profile.name))
    }
}

fn file_name(path: &Path) -> Option<String> {
    path.file_name()?.to_str().map(str::to_owned)
}

/// An unused file name: from the profile's name, with its identifier where the name is taken.
fn free_name(taken: &BTreeSet<String>, profile: &SecurityProfile) -> String {
    let slug = slug(&profile.name);
    let id = profile.id.to_string();
    let short: String = id.chars().filter(char::is_ascii_alphanumeric).take(8).collect();
    let numbered = (2..).map(|number| format!("{slug}-{number}"));
    let mut names = [slug.clone(), format!("{slug}-{short}")].into_iter().chain(numbered);
    let free = names.find(|name| !taken.contains(&format!("{name}.yaml")));
    format!("{}.yaml", free.unwrap_or(id))
}

/// The name in lower-case letters, digits and hyphens.
fn slug(name: &str) -> String {
    let mut slug = String::new();
    for c in name.chars().flat_map(char::to_lowercase) {
        match c {
            c if c.is_alphanumeric() && slug.len() + c.len_utf8() <= LONGEST => slug.push(c),
            _ if slug.ends_with('-') || slug.is_empty() => {}
            _ if slug.len() < LONGEST => slug.push('-'),
            _ => {}
        }
    }
    let slug = slug.trim_matches('-');
    // Some systems reserve these names for devices.
    let is_kept = matches!(slug, "" | "aux" | "con" | "nul" | "prn")
        || slug.starts_with("com") && slug.len() == 4
        || slug.starts_with("lpt") && slug.len() == 4;
    if is_kept { format!("profile-{slug}").trim_end_matches('-').to_owned() } else { slug.to_owned() }
}
