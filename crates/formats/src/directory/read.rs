//! Reading the directory: first the resources and their names, then their members.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use lanyard_analysis::{Configuration, Place, Places, bare, portable, provisional};
use lanyard_engine::UnknownParts;
use lanyard_local_file::LARGEST;
use lanyard_model::resources::{AiAgent, HierarchyGroup, HierarchyLevel, HierarchyStructure, Instance};
use lanyard_model::{Directory, Id, Key, Kind, Names as Unique, Resource, StreamId, Timestamp};

use super::layout::{AI_AGENTS, HIERARCHY, INSTANCE, PROFILES, SIMPLE, UNSEEN, USERS, members};
use super::misplaced::{misnamed, misplaced};
use crate::fault::{Fault, Faults, as_text, suggestion};
use crate::members::{Members, list, text};
use crate::names::{Lookup, Names};
use crate::overlay::overlay;
use crate::source::Source;
use crate::tree::{At, Node, Value, parse};

/// The kinds inside data tables, which the files do not contain.
pub const IN_TABLES: [Kind; 2] = [Kind::DataTableAttribute, Kind::DataTableRecord];

/// Reads a directory.
pub(crate) fn read(dir: &Path, overlays: &[PathBuf]) -> Result<Configuration, Fault> {
    overlays.iter().try_for_each(|overlay| known_files(overlay))?;
    let mut reader = Reader::default();
    let instance = layered(dir, overlays, INSTANCE)?;
    let hierarchy = layered(dir, overlays, HIERARCHY)?;
    let profiles = profiles(dir, overlays)?;
    let users = list_file(layered(dir, overlays, USERS)?)?;
    let agents = list_file(layered(dir, overlays, AI_AGENTS)?)?;
    let mut simple = Vec::new();
    for (kind, name) in SIMPLE {
        simple.push((*kind, list_file(layered(dir, overlays, name)?)?));
    }
    if profiles.is_none() && instance.is_none() && users.is_none() && hierarchy.is_none() {
        let message =
            format!("`{}` holds no state of an instance: it has neither `{INSTANCE}` nor `{PROFILES}`", dir.display());
        return Err(Fault::whole(message));
    }
    misnamed(dir)?;
    misplaced(dir, overlays)?;
    let stream = match &instance {
        Some(file) => reader.instance(file)?,
        None => provisional(Kind::Instance, ""),
    };
    reader.need(Kind::HierarchyGroup, hierarchy.is_some());
    reader.need(Kind::HierarchyStructure, hierarchy.is_some());
    if let Some(file) = &hierarchy {
        reader.hierarchy(file)?;
    }
    for (kind, file) in &simple {
        reader.need(*kind, file.is_some());
        if let Some(file) = file {
            reader.simple(*kind, file)?;
        }
    }
    reader.need(Kind::SecurityProfile, profiles.is_some());
    let profiles = profiles.unwrap_or_default();
    let mut named = Vec::new();
    for file in &profiles {
        match reader.profile_name(file) {
            Ok(profile) => named.push(profile),
            Err(fault) => reader.faults.add(fault),
        }
    }
    for profile in named {
        reader.profile(profile);
    }
    // The names of profiles with errors are not known, so that references to them are not checked.
    std::mem::take(&mut reader.faults).finish()?;
    reader.need(Kind::User, users.is_some());
    if let Some(file) = &users {
        reader.users(file)?;
    }
    reader.need(Kind::AiAgent, agents.is_some());
    if let Some(file) = &agents {
        reader.ai_agents(file)?;
    }
    std::mem::take(&mut reader.faults).finish()?;
    if let Some(file) = file(dir, UNSEEN)? {
        reader.unknown_parts(&file)?;
    }
    // No file contains the records of data tables.
    let has_tables = reader.resources.iter().any(|it| it.kind() == Kind::DataTable);
    if has_tables || reader.unknown_parts.kinds.contains(&Kind::DataTable) {
        reader.unknown_parts.kinds.extend(IN_TABLES);
    }
    let Reader { resources, unknown_parts, places, .. } = reader;
    let resources = resources.iter().filter_map(portable);
    let directory = Directory::load(StreamId::Instance(stream), 0, Timestamp::default(), resources);
    Ok(Configuration { directory, unknown_parts, places })
}

/// A parsed file.
pub(super) struct File {
    pub(super) name: Source,
    pub(super) root: Node,
}

/// A file that holds a list.
///
/// An empty file, such as after an interrupted copy, is no empty list: that would delete all resources of the kind.
fn list_file(file: Option<File>) -> Result<Option<File>, Fault> {
    match &file {
        Some(File { name, root }) if matches!(root.value, Value::Null) => {
            Err(Fault::at(name, root.at, "this file is empty; write `[]` for an empty list"))
        }
        _ => Ok(file),
    }
}

impl File {
    fn under(self, over: Self) -> Result<Self, Fault> {
        let (name, root) = overlay((self.name, self.root), (over.name, over.root))?;
        Ok(Self { name, root })
    }
}

/// The file of this name; `None` where it does not exist.
fn file(dir: &Path, name: &str) -> Result<Option<File>, Fault> {
    let path = &dir.join(name);
    let failed = |error: std::io::Error| Fault::of_path("read", path, &error);
    let text = match lanyard_local_file::read(path, LARGEST) {
        Ok(bytes) => as_text(path, bytes)?,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(failed(error)),
    };
    if !path.canonicalize().map_err(failed)?.starts_with(dir.canonicalize().map_err(failed)?) {
        let message =
            format!("`{}` is a link that leads out of `{}`; put the file itself there", path.display(), dir.display());
        return Err(Fault::whole(message));
    }
    let name: Source = path.display().to_string().into();
    let root = parse(&name, &text)?;
    Ok(Some(File { name, root }))
}

/// The YAML files in a directory, in the order of their names.
pub(super) fn profile_files(dir: &Path) -> Result<Vec<PathBuf>, Fault> {
    let failed = |error: std::io::Error| Fault::of_path("read", dir, &error);
    let mut files = Vec::new();
    for entry in fs::read_dir(dir).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        let is_hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
        if path.extension().is_some_and(|ending| ending == "yaml" || ending == "yml") && !is_hidden {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// A suggestion of the groups whose path ends with the text, in the form `; did you mean …?`.
fn paths_ending<'a>(text: &str, known: impl Iterator<Item = &'a str>) -> Option<String> {
    let mut paths: Vec<_> =
        known.filter(|path| path.strip_suffix(text).is_some_and(|above| above.ends_with('/'))).collect();
    paths.sort_unstable();
    let paths: Vec<_> = paths.iter().take(3).map(|path| format!("`{path}`")).collect();
    (!paths.is_empty()).then(|| format!("; did you mean {}?", paths.join(" or ")))
}

fn profiles(dir: &Path, overlays: &[PathBuf]) -> Result<Option<Vec<File>>, Fault> {
    let mut names = BTreeSet::new();
    let mut is_there = false;
    for dir in std::iter::once(dir).chain(overlays.iter().map(PathBuf::as_path)).map(|dir| dir.join(PROFILES)) {
        if dir.is_dir() {
            is_there = true;
            no_folders(&dir)?;
            names.extend(profile_files(&dir)?.iter().filter_map(|path| path.file_name()?.to_str().map(str::to_owned)));
        }
    }
    let (mut files, mut faults) = (Vec::new(), Faults::default());
    for name in names {
        files.extend(faults.take(layered(dir, overlays, &format!("{PROFILES}/{name}"))));
    }
    faults.finish()?;
    Ok(is_there.then_some(files))
}

/// Refuses folders among the files of profiles. Their files are not read, so that a profile that was moved into one would count as
/// deleted.
fn no_folders(dir: &Path) -> Result<(), Fault> {
    let failed = |error: std::io::Error| Fault::of_path("read", dir, &error);
    for entry in fs::read_dir(dir).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        let is_hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
        if path.is_dir() && !is_hidden {
            let message = format!(
                "`{}` is a folder, whose files are not read; move the files of security profiles into `{}` itself",
                path.display(),
                dir.display()
            );
            return Err(Fault::whole(message));
        }
    }
    Ok(())
}

/// The file of this name, with the overlays applied.
fn layered(dir: &Path, overlays: &[PathBuf], name: &str) -> Result<Option<File>, Fault> {
    let mut layered = file(dir, name)?;
    for overlay in overlays {
        if let Some(over) = file(overlay, name)? {
            layered = Some(match layered {
                Some(beneath) => beneath.under(over)?,
                None => over,
            });
        }
    }
    Ok(layered)
}

/// Refuses an overlay with files that are not part of the directory format: they would be ignored.
fn known_files(overlay: &Path) -> Result<(), Fault> {
    let failed = |error: std::io::Error| Fault::of_path("read", overlay, &error);
    for entry in fs::read_dir(overlay).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let mut known = vec![PROFILES, INSTANCE, HIERARCHY, USERS, AI_AGENTS];
        known.extend(SIMPLE.iter().map(|(_, file)| *file));
        let is_checked = entry.path().is_dir() || name.ends_with(".yaml") || name.ends_with(".yml");
        if is_checked && !name.starts_with('.') && !known.contains(&name.as_str()) {
            let hint = suggestion(&name, known.iter().copied(), || format!("; the files are {}", known.join(", ")));
            let path = entry.path();
            return Err(Fault::whole(format!("`{}` is not a file of an overlay{hint}", path.display())));
        }
    }
    Ok(())
}

/// The state read so far.
#[derive(Default)]
pub(super) struct Reader {
    pub(super) names: Names,
    pub(super) resources: Vec<Resource>,
    pub(super) unknown_parts: UnknownParts,
    places: Places,
    /// The errors so far.
    pub(super) faults: Faults,
    /// The places of identifiers and of unique names.
    taken: BTreeMap<(Kind, bool, String), Place>,
}

impl Reader {
    fn need(&mut self, kind: Kind, is_there: bool) {
        if !is_there {
            self.unknown_parts.kinds.insert(kind);
        }
    }

    pub(super) fn note(&mut self, key: &Key, path: &str, file: &Source, at: At) {
        self.places.note(key.clone(), path, at.in_file(file));
    }

    /// Adds the place of each member, and of each value of it.
    pub(super) fn note_members(&mut self, key: &Key, members: &Members<'_>) {
        self.note(key, "", members.file, members.at);
        for entry in members.entries() {
            self.note(key, &entry.name, members.file, entry.at);
            for item in entry.node.items() {
                if let Some(text) = item.text() {
                    self.note(key, &format!("{}/{text}", entry.name), members.file, item.at);
                }
                for value in item.entries() {
                    if let Some(text) = value.node.text() {
                        self.note(key, &format!("{}/{text}", entry.name), members.file, value.node.at);
                    }
                }
            }
            for value in entry.node.entries() {
                self.note(key, &format!("{}/{}", entry.name, value.name), members.file, value.at);
            }
        }
    }

    /// Reads the name and the identifier of a resource; both must be unique in the kind.
    ///
    /// A resource without an identifier gets a provisional one, derived from `full_name`.
    pub(super) fn identify(
        &mut self,
        kind: Kind,
        members: &Members<'_>,
        (name, name_at): (&str, At),
        full_name: &str,
    ) -> Result<Id, Fault> {
        if kind.names() != Unique::NotUnique {
            let folded = kind.names().fold(name);
            self.take(kind, true, &folded, members.file, name_at, || format!("the name `{name}` is also that of"))?;
        }
        let id = match members.text("Id")? {
            Some(("", at)) => {
                return Err(Fault::at(members.file, at, "`Id` is empty; leave it out for a new resource"));
            }
            Some((id, at)) => {
                self.take(kind, false, id, members.file, at, || format!("the identifier `{id}` is also that of"))?;
                Id::new(id)
            }
            None => {
                let id = provisional(kind, full_name);
                let what = || format!("`{full_name}`, which has no `Id` yet, is also");
                self.take(kind, false, &id.to_string(), members.file, name_at, what)?;
                id
            }
        };
        self.names.add(kind, &id, full_name);
        Ok(id)
    }

    fn take(
        &mut self,
        kind: Kind,
        is_name: bool,
        text: &str,
        file: &Source,
        at: At,
        what: impl Fn() -> String,
    ) -> Result<(), Fault> {
        match self.taken.insert((kind, is_name, text.to_owned()), at.in_file(file)) {
            None => Ok(()),
            Some(other) => Err(Fault::at(file, at, format!("{} the {} at {other}", what(), kind.noun()))),
        }
    }

    /// The identifier of the resource that the text names.
    pub(super) fn refer(&self, kind: Kind, file: &Source, (text, at): (&str, At)) -> Result<Id, Fault> {
        let noun = kind.noun();
        match self.names.find(kind, text) {
            Lookup::One(id) => Ok(id),
            Lookup::Ambiguous => {
                Err(Fault::at(file, at, format!("`{text}` is the name of more than one {noun}; write the identifier")))
            }
            Lookup::Unknown => {
                let hint = paths_ending(text, self.names.all(kind)).unwrap_or_else(|| {
                    suggestion(text, self.names.all(kind), || {
                        "; write a name from these files, or an identifier".to_owned()
                    })
                });
                Err(Fault::at(file, at, format!("there is no {noun} `{text}`{hint}")))
            }
        }
    }

    /// The hierarchy group that the text names. Without the file of the hierarchy, one that is named by its path is unknown.
    pub(super) fn refer_to_group(&self, file: &Source, named: (&str, At)) -> Result<Id, Fault> {
        let kind = Kind::HierarchyGroup;
        match self.names.find(kind, named.0) {
            Lookup::Unknown if self.unknown_parts.kinds.contains(&kind) => Ok(provisional(kind, named.0)),
            _ => self.refer(kind, file, named),
        }
    }

    pub(super) fn held_profiles(&self, members: &Members<'_>) -> Result<Vec<Id>, Fault> {
        let named = members.set("SecurityProfiles")?;
        named.into_iter().map(|it| self.refer(Kind::SecurityProfile, members.file, it)).collect()
    }

    fn instance(&mut self, file: &File) -> Result<Id, Fault> {
        let what = "an instance";
        let members = Members::of(&file.name, &file.root, what, members::INSTANCE)?;
        let id = members.owned("Id")?.map_or_else(|| provisional(Kind::Instance, ""), |id| Id::new(&id));
        let key = Key { kind: Kind::Instance, id: id.clone() };
        self.note_members(&key, &members);
        if members.get("Account").is_none() && members.get("Region").is_none() {
            return Ok(id);
        }
        let types = &["SAML", "CONNECT_MANAGED", "EXISTING_DIRECTORY"];
        let identity = members.choice("IdentityManagementType", types)?;
        let instance = Instance {
            id: id.clone(),
            account: members.required(what, "Account")?.0.to_owned(),
            region: members.required(what, "Region")?.0.to_owned(),
            alias: members.owned("InstanceAlias")?,
            identity_management_type: identity.unwrap_or("CONNECT_MANAGED").to_owned(),
            directory_id: None,
            created: Timestamp::default(),
            attributes: BTreeMap::new(),
            tags: members.pairs("Tags")?,
        };
        self.resources.push(instance.into());
        Ok(id)
    }

    fn hierarchy(&mut self, file: &File) -> Result<(), Fault> {
        let members = Members::of(&file.name, &file.root, "the hierarchy", members::HIERARCHY)?;
        if let Some(node) = members.get("Levels") {
            let mut levels = Vec::new();
            for node in list(&file.name, node, "`Levels`")? {
                let (name, _) = text(&file.name, node, "a level")?;
                levels.push(HierarchyLevel {
                    name: name.to_owned(),
                    last_modified_time: Timestamp::default(),
                    last_modified_region: String::new(),
                });
            }
            let key = Key { kind: Kind::HierarchyStructure, id: HierarchyStructure::only() };
            self.note(&key, "", &file.name, node.at);
            self.resources.push(HierarchyStructure { levels }.into());
        }
        self.groups(&members, &[], "")
    }

    fn groups(&mut self, members: &Members<'_>, above: &[Id], path: &str) -> Result<(), Fault> {
        let what = "a hierarchy group";
        let mut names = BTreeMap::new();
        for node in members.list("Groups")? {
            let group = Members::of(members.file, node, what, members::GROUP)?;
            let (name, at) = group.required(what, "Name")?;
            let mut ancestors = above.to_vec();
            for (id, at) in group.set("Ancestors")? {
                if !above.is_empty() {
                    let message = "a group below another group cannot have `Ancestors`";
                    return Err(Fault::at(group.file, at, message));
                }
                ancestors.push(Id::new(id));
            }
            // Unknown groups above may be different ones.
            if let Some(line) = names.insert((ancestors.clone(), name), at.line) {
                let message = format!("duplicate group name `{name}` at the same level (first on line {line})");
                return Err(Fault::at(group.file, at, message));
            }
            let path = if path.is_empty() { name.to_owned() } else { format!("{path}/{name}") };
            let id = self.identify(Kind::HierarchyGroup, &group, (name, at), &path)?;
            self.note_members(&Key { kind: Kind::HierarchyGroup, id: id.clone() }, &group);
            let it = HierarchyGroup {
                id: id.clone(),
                name: name.to_owned(),
                ancestors: ancestors.clone(),
                tags: group.pairs("Tags")?,
                last_modified_time: Timestamp::default(),
                last_modified_region: String::new(),
            };
            self.resources.push(it.into());
            ancestors.push(id);
            self.groups(&group, &ancestors, &path)?;
        }
        Ok(())
    }

    fn ai_agents(&mut self, file: &File) -> Result<(), Fault> {
        let what = "an AI agent";
        for node in list(&file.name, &file.root, "the file of AI agents")? {
            let agent = Members::of(&file.name, node, what, members::AI_AGENT)?;
            let (arn, at) = agent.required(what, "Arn")?;
            self.take(Kind::AiAgent, false, arn, &file.name, at, || format!("the ARN `{arn}` is also that of"))?;
            self.note_members(&Key { kind: Kind::AiAgent, id: Id::new(arn) }, &agent);
            let it = AiAgent { arn: arn.to_owned(), security_profile_ids: self.held_profiles(&agent)? };
            self.resources.push(it.into());
        }
        Ok(())
    }

    fn simple(&mut self, kind: Kind, file: &File) -> Result<(), Fault> {
        let what = format!("one of the kind {}", kind.noun());
        let known = if kind == Kind::FlowModule { members::FLOW_MODULE } else { members::SIMPLE };
        for node in list(&file.name, &file.root, "the file")? {
            let members = Members::of(&file.name, node, &what, known)?;
            let (name, at) = members.required(&what, "Name")?;
            let id = self.identify(kind, &members, (name, at), name)?;
            self.note_members(&Key { kind, id: id.clone() }, &members);
            let mut resource = bare(kind, id, name, members.pairs("Tags")?);
            if let Some(Resource::FlowModule(module)) = &mut resource {
                Arc::make_mut(module).external_invocation_enabled = members.flag("ExternalInvocationEnabled")?;
            }
            self.resources.extend(resource);
        }
        Ok(())
    }

    fn unknown_parts(&mut self, file: &File) -> Result<(), Fault> {
        let members = Members::of(&file.name, &file.root, "the file of unknown parts", members::UNSEEN)?;
        for (name, at) in members.set("Kinds")? {
            let kinds = || Kind::ALL.iter().map(|kind| kind.name());
            let kind = Kind::from_name(name).ok_or_else(|| {
                let hint =
                    suggestion(name, kinds(), || format!("; the kinds are {}", kinds().collect::<Vec<_>>().join(", ")));
                Fault::at(&file.name, at, format!("there is no kind `{name}`{hint}"))
            })?;
            self.unknown_parts.kinds.insert(kind);
        }
        let profiles = |name: &str| -> Result<BTreeSet<Id>, Fault> {
            let named = members.set(name)?;
            named.into_iter().map(|it| self.refer(Kind::SecurityProfile, &file.name, it)).collect()
        };
        let (restrictions, tools) = (profiles("Restrictions")?, profiles("Tools")?);
        self.unknown_parts.restrictions = restrictions;
        self.unknown_parts.tools = tools;
        for node in members.list("Notes")? {
            self.unknown_parts.notes.push(text(&file.name, node, "a note")?.0.to_owned());
        }
        Ok(())
    }
}
