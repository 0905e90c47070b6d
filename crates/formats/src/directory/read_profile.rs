//! Reading the file of a security profile.

use lanyard_model::resources::{
    AllowedAiAgent, AllowedFlowModule, Application, ApplicationType, PrimaryAttributeValue, SecurityProfile,
};
use lanyard_model::{Id, Key, Kind, Timestamp};

use super::layout::members;
use super::read::{File, Reader};
use super::write::application_type;
use crate::fault::{Fault, Faults};
use crate::members::Members;
use crate::restricted;
use crate::tree::{Node, Value};

/// A profile with its name and identifier.
pub(super) struct Named<'a> {
    members: Members<'a>,
    id: Id,
    name: &'a str,
}

const WHAT: &str = "a security profile";

impl Reader {
    pub(super) fn profile_name<'a>(&mut self, file: &'a File) -> Result<Named<'a>, Fault> {
        let members = Members::collect(&file.name, &file.root, WHAT, members::PROFILE, &mut self.faults)?;
        let (name, at) = members.required(WHAT, "SecurityProfileName")?;
        let id = self.identify(Kind::SecurityProfile, &members, (name, at), name)?;
        self.note_members(&Key { kind: Kind::SecurityProfile, id: id.clone() }, &members);
        Ok(Named { members, id, name })
    }

    /// Reads the members of a profile; all errors are collected.
    pub(super) fn profile(&mut self, named: Named<'_>) {
        let Named { members, id, name } = named;
        let mut faults = std::mem::take(&mut self.faults);
        let texts = |name: &str| -> Result<Vec<String>, Fault> {
            Ok(members.set(name)?.into_iter().map(|(text, _)| text.to_owned()).collect())
        };
        let group = faults.take(members.text("AllowedAccessControlHierarchyGroup"));
        let group = group.map(|named| self.refer_to_group(members.file, named)).transpose();
        let mut profile = SecurityProfile::named(id, name, Timestamp::default(), "");
        profile.description = faults.take(members.owned("Description"));
        permissions(&members, &mut faults);
        profile.permissions = faults.take(texts("Permissions"));
        profile.tags = faults.take(members.pairs("Tags"));
        profile.allowed_access_control_tags = faults.take(members.pairs("AllowedAccessControlTags"));
        profile.tag_restricted_resources = restricted_types(&members, &mut faults);
        profile.hierarchy_restricted_resources = faults.take(texts("HierarchyRestrictedResources"));
        profile.allowed_access_control_hierarchy_group_id = faults.take(group);
        profile.applications = faults.take(each(&members, "Applications", members::APPLICATION, application));
        let modules = each(&members, "AllowedFlowModules", members::ALLOWED_FLOW_MODULE, |it| self.allowed_module(it));
        profile.allowed_flow_modules = faults.take(modules);
        profile.allowed_ai_agents = faults.take(each(&members, "AllowedAiAgents", members::ALLOWED_AI_AGENT, |it| {
            let agent_type = it.choice("Type", &["THIRD_PARTY"])?.map(str::to_owned);
            Ok(AllowedAiAgent { arn: it.owned("Arn")?, agent_type })
        }));
        profile.primary_attribute_values =
            faults.take(each(&members, "PrimaryAttributeValues", members::PRIMARY_ATTRIBUTE_VALUE, |it| {
                Ok(PrimaryAttributeValue {
                    access_type: it.choice("AccessType", &["ALLOW"])?.map(str::to_owned),
                    attribute_name: it.owned("AttributeName")?,
                    values: it.set("Values")?.into_iter().map(|(text, _)| text.to_owned()).collect(),
                })
            }));
        self.faults = faults;
        self.resources.push(profile.into());
    }

    fn allowed_module(&self, it: &Members<'_>) -> Result<AllowedFlowModule, Fault> {
        let flow_module_id = match (it.text("FlowModule")?, it.owned("FlowModuleId")?) {
            (Some((_, at)), Some(_)) => {
                return Err(Fault::at(it.file, at, "write `FlowModule` or `FlowModuleId`, not both"));
            }
            (Some(named), None) => Some(self.refer(Kind::FlowModule, it.file, named)?.to_string()),
            (None, id) => id,
        };
        Ok(AllowedFlowModule { flow_module_id, module_type: it.choice("Type", &["MCP"])?.map(str::to_owned) })
    }
}

/// Refuses a permission with space: two list items that wrong indentation made one.
fn permissions(members: &Members<'_>, faults: &mut Faults) {
    for node in members.get("Permissions").map(Node::items).unwrap_or_default() {
        if let Value::Text { text, plain: true } = &node.value
            && text.contains(char::is_whitespace)
        {
            let message =
                format!("`{text}` is no permission; a permission has no spaces, and each is an item of its own");
            faults.add(Fault::at(members.file, node.at, message));
        }
    }
}

/// The types that a profile restricts by tag.
fn restricted_types(members: &Members<'_>, faults: &mut Faults) -> Vec<String> {
    let mut types = Vec::new();
    for (text, at) in faults.take(members.set("TagRestrictedResources")) {
        match restricted::read(text) {
            Ok(name) => types.push(name.to_owned()),
            Err(near) => {
                let message = format!(
                    "there is no restricted type `{text}`; did you mean `{near}`? (`other:{text}` is a type that Lanyard \
                     does not know)"
                );
                faults.add(Fault::at(members.file, at, message));
            }
        }
    }
    types
}

/// Reads each item of a list of maps.
fn each<'a, T>(
    members: &Members<'a>,
    name: &str,
    known: &[&str],
    read: impl Fn(&Members<'a>) -> Result<T, Fault>,
) -> Result<Vec<T>, Fault> {
    let what = format!("an entry of `{name}`");
    let items = members.list(name)?.iter();
    items.map(|node| read(&Members::of(members.file, node, &what, known)?)).collect()
}

fn application(it: &Members<'_>) -> Result<Application, Fault> {
    const TYPES: [ApplicationType; 2] = [ApplicationType::Mcp, ApplicationType::ThirdPartyApplication];
    let of_type = it.choice("Type", &TYPES.map(application_type))?;
    Ok(Application {
        namespace: it.owned("Namespace")?,
        permissions: it.set("ApplicationPermissions")?.into_iter().map(|(text, _)| text.to_owned()).collect(),
        application_type: of_type.and_then(|name| TYPES.into_iter().find(|it| application_type(*it) == name)),
    })
}
