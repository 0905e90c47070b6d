//! Reading the file of a security profile.

use lanyard_model::resources::{
    AllowedAiAgent, AllowedFlowModule, Application, ApplicationType, PrimaryAttributeValue, SecurityProfile,
};
use lanyard_model::{Id, Key, Kind, Timestamp};

use super::layout::members;
use super::read::{File, Reader};
use super::write::application_type;
use crate::fault::Fault;
use crate::members::Members;

/// A profile with its name and identifier.
pub(super) struct Named<'a> {
    members: Members<'a>,
    id: Id,
    name: &'a str,
}

const WHAT: &str = "a security profile";

impl Reader {
    pub(super) fn profile_name<'a>(&mut self, file: &'a File) -> Result<Named<'a>, Fault> {
        let members = Members::of(&file.name, &file.root, WHAT, members::PROFILE)?;
        let (name, at) = members.required(WHAT, "SecurityProfileName")?;
        let id = self.identify(Kind::SecurityProfile, &members, (name, at), name)?;
        self.note_members(&Key { kind: Kind::SecurityProfile, id: id.clone() }, &members);
        Ok(Named { members, id, name })
    }

    pub(super) fn profile(&mut self, named: Named<'_>) -> Result<(), Fault> {
        let Named { members, id, name } = named;
        let texts = |name: &str| -> Result<Vec<String>, Fault> {
            Ok(members.set(name)?.into_iter().map(|(text, _)| text.to_owned()).collect())
        };
        let group = members.text("AllowedAccessControlHierarchyGroup")?;
        let group = group.map(|named| self.refer(Kind::HierarchyGroup, members.file, named)).transpose()?;
        let mut profile = SecurityProfile::named(id, name, Timestamp::default(), "");
        profile.description = members.owned("Description")?;
        profile.permissions = texts("Permissions")?;
        profile.tags = members.pairs("Tags")?;
        profile.allowed_access_control_tags = members.pairs("AllowedAccessControlTags")?;
        profile.tag_restricted_resources = texts("TagRestrictedResources")?;
        profile.hierarchy_restricted_resources = texts("HierarchyRestrictedResources")?;
        profile.allowed_access_control_hierarchy_group_id = group;
        profile.applications = each(&members, "Applications", members::APPLICATION, application)?;
        profile.allowed_flow_modules =
            each(&members, "AllowedFlowModules", members::ALLOWED_FLOW_MODULE, |it| self.allowed_module(it))?;
        profile.allowed_ai_agents = each(&members, "AllowedAiAgents", members::ALLOWED_AI_AGENT, |it| {
            let agent_type = it.choice("Type", &["THIRD_PARTY"])?.map(str::to_owned);
            Ok(AllowedAiAgent { arn: it.owned("Arn")?, agent_type })
        })?;
        profile.primary_attribute_values =
            each(&members, "PrimaryAttributeValues", members::PRIMARY_ATTRIBUTE_VALUE, |it| {
                Ok(PrimaryAttributeValue {
                    access_type: it.choice("AccessType", &["ALLOW"])?.map(str::to_owned),
                    attribute_name: it.owned("AttributeName")?,
                    values: it.set("Values")?.into_iter().map(|(text, _)| text.to_owned()).collect(),
                })
            })?;
        self.resources.push(profile.into());
        Ok(())
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
