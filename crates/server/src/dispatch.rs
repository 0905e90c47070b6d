//! Which code runs for which operation: one line each.

use lanyard_wire::Operation;

use crate::context::Call;
use crate::error::{Error, Result};
use crate::ops::flow_modules::{
    create_contact_flow_module, create_contact_flow_module_alias, create_contact_flow_module_version,
    delete_contact_flow_module, delete_contact_flow_module_alias, delete_contact_flow_module_version,
    describe_contact_flow_module, describe_contact_flow_module_alias, list_contact_flow_module_aliases,
    list_contact_flow_module_versions, list_contact_flow_modules, search_contact_flow_modules,
    update_contact_flow_module_alias, update_contact_flow_module_content, update_contact_flow_module_metadata,
};
use crate::ops::instances::{
    create_instance, delete_instance, describe_instance, describe_instance_attribute, list_instance_attributes,
    list_instances, update_instance_attribute,
};
use crate::ops::security_profiles::{
    associate_security_profiles, create_security_profile, delete_security_profile, describe_security_profile,
    disassociate_security_profiles, list_entity_security_profiles, list_security_profile_ai_agents,
    list_security_profile_applications, list_security_profile_flow_modules, list_security_profile_permissions,
    list_security_profiles, search_security_profiles, update_security_profile,
};
use crate::ops::tags::{list_tags_for_resource, tag_resource, untag_resource};
use crate::server::{Reply, Server, Unparsed};

macro_rules! operations {
    ($($operation:ident => |$server:ident, $call:ident, $request:ident| $run:expr),* $(,)?) => {
        /// Whether Lanyard serves the operation.
        pub(crate) fn is_served(operation: Operation) -> bool {
            matches!(operation, $(Operation::$operation)|*)
        }

        /// Runs the operation.
        pub(crate) async fn dispatch(
            server: &Server,
            operation: Operation,
            call: &Call,
            request: &Unparsed<'_>,
        ) -> Result<Reply> {
            match operation {
                $(Operation::$operation => {
                    let ($server, $call, $request) = (server, call, request);
                    $run
                })*
                other => Err(Error::internal(format!("{} was dispatched but is not served", other.name()))),
            }
        }
    };
}

operations! {
    AssociateSecurityProfiles => |s, call, request| s.write(call, request, associate_security_profiles::run).await,
    CreateContactFlowModule => |s, call, request| s.write(call, request, create_contact_flow_module::run).await,
    CreateContactFlowModuleAlias => |s, call, request| s.write(call, request, create_contact_flow_module_alias::run).await,
    CreateContactFlowModuleVersion => |s, call, request| s.write(call, request, create_contact_flow_module_version::run).await,
    CreateInstance => |s, call, request| create_instance::run(s, call, &request.parse()?).await,
    CreateSecurityProfile => |s, call, request| s.write(call, request, create_security_profile::run).await,
    DeleteContactFlowModule => |s, call, request| s.write(call, request, delete_contact_flow_module::run).await,
    DeleteContactFlowModuleAlias => |s, call, request| s.write(call, request, delete_contact_flow_module_alias::run).await,
    DeleteContactFlowModuleVersion => |s, call, request| s.write(call, request, delete_contact_flow_module_version::run).await,
    DeleteInstance => |s, call, request| delete_instance::run(s, call, &request.parse()?).await,
    DeleteSecurityProfile => |s, call, request| s.write(call, request, delete_security_profile::run).await,
    DescribeContactFlowModule => |s, call, request| s.read(call, request, describe_contact_flow_module::run),
    DescribeContactFlowModuleAlias => |s, call, request| s.read(call, request, describe_contact_flow_module_alias::run),
    DescribeInstance => |s, call, request| s.read(call, request, describe_instance::run),
    DescribeInstanceAttribute => |s, call, request| s.read(call, request, describe_instance_attribute::run),
    DescribeSecurityProfile => |s, call, request| s.read(call, request, describe_security_profile::run),
    DisassociateSecurityProfiles => |s, call, request| s.write(call, request, disassociate_security_profiles::run).await,
    ListContactFlowModuleAliases => |s, call, request| s.read(call, request, list_contact_flow_module_aliases::run),
    ListContactFlowModuleVersions => |s, call, request| s.read(call, request, list_contact_flow_module_versions::run),
    ListContactFlowModules => |s, call, request| s.read(call, request, list_contact_flow_modules::run),
    ListEntitySecurityProfiles => |s, call, request| s.read(call, request, list_entity_security_profiles::run),
    ListInstanceAttributes => |s, call, request| s.read(call, request, list_instance_attributes::run),
    ListInstances => |s, call, request| list_instances::run(s, call, &request.parse()?),
    ListSecurityProfileAIAgents => |s, call, request| s.read(call, request, list_security_profile_ai_agents::run),
    ListSecurityProfileApplications => |s, call, request| s.read(call, request, list_security_profile_applications::run),
    ListSecurityProfileFlowModules => |s, call, request| s.read(call, request, list_security_profile_flow_modules::run),
    ListSecurityProfilePermissions => |s, call, request| s.read(call, request, list_security_profile_permissions::run),
    ListSecurityProfiles => |s, call, request| s.read(call, request, list_security_profiles::run),
    ListTagsForResource => |s, call, request| list_tags_for_resource::run(s, call, &request.parse()?),
    SearchContactFlowModules => |s, call, request| s.read(call, request, search_contact_flow_modules::run),
    SearchSecurityProfiles => |s, call, request| s.read(call, request, search_security_profiles::run),
    TagResource => |s, call, request| tag_resource::run(s, call, &request.parse()?).await,
    UntagResource => |s, call, request| untag_resource::run(s, call, &request.parse()?).await,
    UpdateContactFlowModuleAlias => |s, call, request| s.write(call, request, update_contact_flow_module_alias::run).await,
    UpdateContactFlowModuleContent => |s, call, request| s.write(call, request, update_contact_flow_module_content::run).await,
    UpdateContactFlowModuleMetadata => |s, call, request| s.write(call, request, update_contact_flow_module_metadata::run).await,
    UpdateInstanceAttribute => |s, call, request| s.write(call, request, update_instance_attribute::run).await,
    UpdateSecurityProfile => |s, call, request| s.write(call, request, update_security_profile::run).await,
}

/// Whether the operation only reads, so that a read-only key may call it.
pub(crate) fn is_read(operation: Operation) -> bool {
    ["Describe", "List", "Search", "Evaluate", "BatchDescribe"].iter().any(|verb| operation.name().starts_with(verb))
}
