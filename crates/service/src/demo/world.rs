//! The demo's contact centre: a made-up company that answers questions about bills and claims from Lisbon and Leeds.
//! Its people sign in elsewhere (SAML), so no user has a password.

use std::collections::BTreeMap;

use lanyard_model::{Id, Tags};
use lanyard_wire::shapes::{
    AccessType, Application, ApplicationType, AssociateSecurityProfilesRequest, Channel,
    CreateContactFlowModuleRequest, CreateHoursOfOperationRequest, CreateQueueRequest, CreateRoutingProfileRequest,
    CreateSecurityProfileRequest, CreateUserHierarchyGroupRequest, CreateUserRequest,
    DataTableAccessControlConfiguration, EntityType, ExternalInvocationConfiguration, FlowModule, FlowModuleType,
    GranularAccessControlConfiguration, HierarchyLevelUpdate, HierarchyStructureUpdate, HoursOfOperationConfig,
    HoursOfOperationDays, HoursOfOperationTimeSlice, MediaConcurrency, PrimaryAttributeAccessControlConfigurationItem,
    PrimaryAttributeValue, RoutingProfileQueueConfig, RoutingProfileQueueReference, SecurityProfileItem,
    UpdateUserHierarchyStructureRequest, UserIdentityInfo,
};

use super::{BILLING_LEADS, REGION, applications, tables, tags};
use crate::context::Write;
use crate::error::{Error, Result};
use crate::operations::flow_modules::create_contact_flow_module;
use crate::operations::hierarchy::{create_user_hierarchy_group, update_user_hierarchy_structure};
use crate::operations::hours_of_operation::create_hours_of_operation;
use crate::operations::queues::create_queue;
use crate::operations::routing_profiles::create_routing_profile;
use crate::operations::security_profiles::{associate_security_profiles, create_security_profile};
use crate::operations::users::make_user;

/// The groups of the hierarchy, those above before those below: the path, and the group above.
const GROUPS: &[(&str, Option<&str>)] = &[
    ("Europe", None),
    ("Europe/Lisbon", Some("Europe")),
    ("Europe/Leeds", Some("Europe")),
    ("Europe/Lisbon/Billing", Some("Europe/Lisbon")),
    ("Europe/Lisbon/Claims", Some("Europe/Lisbon")),
    ("Europe/Leeds/Billing", Some("Europe/Leeds")),
    ("Europe/Leeds/Claims", Some("Europe/Leeds")),
];

/// The queues: name, description, team.
const QUEUES: &[(&str, &str, Option<&str>)] = &[
    ("Billing", "Questions about bills", Some("Billing")),
    ("Billing escalations", "Bills that somebody is angry about", Some("Billing")),
    ("Claims", "New claims and how they are doing", Some("Claims")),
    ("Claims out of hours", "Claims at night and at weekends", Some("Claims")),
    ("General", "Everything else", None),
];

/// The routing profiles: name, description, queues.
const ROUTING: &[(&str, &str, &[&str])] = &[
    ("Billing", "Bills first, then everything else", &["Billing", "Billing escalations", "General"]),
    ("Claims", "Claims first, then everything else", &["Claims", "Claims out of hours", "General"]),
];

/// The people: user name, first and last name, profile, routing profile, group, team.
type Person =
    (&'static str, &'static str, &'static str, &'static str, &'static str, Option<&'static str>, Option<&'static str>);

const PEOPLE: &[Person] = &[
    ("ana", "Ana", "Duarte", BILLING_LEADS, "Billing", Some("Europe/Lisbon/Billing"), Some("Billing")),
    ("bruno", "Bruno", "Reis", "Agent", "Billing", Some("Europe/Lisbon/Billing"), Some("Billing")),
    ("carla", "Carla", "Nunes", "Agent", "Billing", Some("Europe/Lisbon/Billing"), Some("Billing")),
    ("dev", "Dev", "Patel", "Agent", "Billing", Some("Europe/Leeds/Billing"), Some("Billing")),
    ("elin", "Elin", "Berg", CLAIMS_LEADS, "Claims", Some("Europe/Leeds/Claims"), Some("Claims")),
    ("femi", "Femi", "Ade", "Agent", "Claims", Some("Europe/Leeds/Claims"), Some("Claims")),
    ("gil", "Gil", "Costa", "Agent", "Claims", Some("Europe/Lisbon/Claims"), Some("Claims")),
    ("hana", "Hana", "Sato", SITE_MANAGER, "Billing", Some("Europe/Lisbon"), None),
    ("ivor", "Ivor", "Lloyd", SITE_MANAGER, "Billing", None, None),
    ("jo", "Jo", "Marsh", COACH, "Claims", Some("Europe/Leeds"), None),
    ("kira", "Kira", "Novak", AUDITOR, "Claims", None, None),
    ("lena", "Lena", "Vogt", "Admin", "Billing", Some("Europe"), None),
];

const CLAIMS_LEADS: &str = "Claims team leads";
const SITE_MANAGER: &str = "Site managers";
const COACH: &str = "Quality coaches";
const AUDITOR: &str = "Auditor";
const ASSISTANT: &str = "Refund assistant";

const LEAD: &[&str] = &[
    "Users.View",
    "Users.Edit",
    "Queues.View",
    "Queues.Edit",
    "RoutingPolicies.View",
    "ContactSearch.View",
    "CallRecordings.Redacted.Access",
];

/// The resources that were made, by name or path.
#[derive(Default)]
struct Made {
    groups: BTreeMap<&'static str, String>,
    queues: BTreeMap<&'static str, String>,
    routing: BTreeMap<&'static str, String>,
}

/// Makes everything, in one write.
pub(super) fn make(cx: &mut Write<'_>, instance: &Id) -> Result<()> {
    tables::make(cx, instance)?;
    let instance = instance.to_string();
    let mut made = Made::default();
    groups(cx, &instance, &mut made)?;
    queues(cx, &instance, &mut made)?;
    routing_profiles(cx, &instance, &mut made)?;
    let module = flow_module(cx, &instance)?;
    applications::associate(cx, &instance)?;
    for profile in profiles(&instance, &module) {
        create_security_profile(cx, &profile)?;
    }
    people(cx, &instance, &made)?;
    assistant(cx, instance)
}

/// The identifier that an operation's answer carries.
fn made_id(id: Option<String>) -> Result<String> {
    id.ok_or_else(|| Error::internal("an operation made something without an identifier"))
}

fn named<'a>(made: &'a BTreeMap<&'static str, String>, name: &str) -> Result<&'a String> {
    made.get(name).ok_or_else(|| Error::internal(format!("the demo has no `{name}`")))
}

fn of_team(team: Option<&str>) -> Option<Tags> {
    team.map(|team| tags(&[("Team", team)]))
}

fn groups(cx: &mut Write<'_>, instance: &str, made: &mut Made) -> Result<()> {
    let level = |name: &str| Some(HierarchyLevelUpdate { name: name.to_owned() });
    let structure = UpdateUserHierarchyStructureRequest {
        instance_id: instance.to_owned(),
        hierarchy_structure: HierarchyStructureUpdate {
            level_one: level("Region"),
            level_two: level("Site"),
            level_three: level("Team"),
            ..Default::default()
        },
    };
    update_user_hierarchy_structure(cx, &structure)?;
    for (path, above) in GROUPS {
        let request = CreateUserHierarchyGroupRequest {
            instance_id: instance.to_owned(),
            name: path.rsplit('/').next().unwrap_or(path).to_owned(),
            parent_group_id: above.map(|above| named(&made.groups, above).cloned()).transpose()?,
            tags: None,
        };
        let id = create_user_hierarchy_group(cx, &request)?.hierarchy_group_id;
        made.groups.insert(path, made_id(id)?);
    }
    Ok(())
}

fn queues(cx: &mut Write<'_>, instance: &str, made: &mut Made) -> Result<()> {
    use HoursOfOperationDays::{Friday, Monday, Thursday, Tuesday, Wednesday};
    let hour = |hours| HoursOfOperationTimeSlice { hours, minutes: 0 };
    let day = |day| HoursOfOperationConfig { day, start_time: hour(8), end_time: hour(20) };
    let hours = CreateHoursOfOperationRequest {
        instance_id: instance.to_owned(),
        name: "Weekdays".to_owned(),
        description: Some("Monday to Friday, eight to eight".to_owned()),
        time_zone: "Europe/Lisbon".to_owned(),
        config: [Monday, Tuesday, Wednesday, Thursday, Friday].map(day).to_vec(),
        ..Default::default()
    };
    let hours = made_id(create_hours_of_operation(cx, &hours)?.hours_of_operation_id)?;
    for (name, description, team) in QUEUES {
        let request = CreateQueueRequest {
            instance_id: instance.to_owned(),
            name: (*name).to_owned(),
            description: Some((*description).to_owned()),
            hours_of_operation_id: hours.clone(),
            tags: of_team(*team),
            ..Default::default()
        };
        let id = create_queue(cx, &request)?.queue_id;
        made.queues.insert(name, made_id(id)?);
    }
    Ok(())
}

fn routing_profiles(cx: &mut Write<'_>, instance: &str, made: &mut Made) -> Result<()> {
    for (name, description, queues) in ROUTING {
        let queues = queues.iter().map(|queue| named(&made.queues, queue)).collect::<Result<Vec<_>>>()?;
        let config = |(priority, queue): (i32, &&String)| RoutingProfileQueueConfig {
            queue_reference: RoutingProfileQueueReference { queue_id: (*queue).clone(), channel: Channel::Voice },
            priority,
            delay: 0,
        };
        let first = queues.first().ok_or_else(|| Error::internal("a routing profile of the demo has no queue"))?;
        let request = CreateRoutingProfileRequest {
            instance_id: instance.to_owned(),
            name: (*name).to_owned(),
            description: (*description).to_owned(),
            default_outbound_queue_id: (*first).clone(),
            queue_configs: Some((1..).zip(&queues).map(config).collect()),
            media_concurrencies: vec![MediaConcurrency {
                channel: Channel::Voice,
                concurrency: Some(1),
                ..Default::default()
            }],
            tags: of_team(Some(name)),
            ..Default::default()
        };
        let id = create_routing_profile(cx, &request)?.routing_profile_id;
        made.routing.insert(name, made_id(id)?);
    }
    Ok(())
}

/// The one flow module, which AI agents may invoke.
fn flow_module(cx: &mut Write<'_>, instance: &str) -> Result<String> {
    let request = CreateContactFlowModuleRequest {
        instance_id: instance.to_owned(),
        name: "Find an order".to_owned(),
        description: Some("Looks an order up by its number".to_owned()),
        content: r#"{"Version":"2019-10-30","StartAction":"end","Actions":[{"Identifier":"end","Type":"EndFlowModuleExecution","Parameters":{},"Transitions":{}}]}"#.to_owned(),
        external_invocation_configuration: Some(ExternalInvocationConfiguration { enabled: Some(true) }),
        ..Default::default()
    };
    made_id(create_contact_flow_module(cx, &request)?.id)
}

/// The profiles of the demo, in addition to the built-in ones.
fn profiles(instance: &str, module: &str) -> Vec<CreateSecurityProfileRequest> {
    let base = |name: &str, description: &str, permissions: &[&str]| CreateSecurityProfileRequest {
        instance_id: instance.to_owned(),
        security_profile_name: name.to_owned(),
        description: Some(description.to_owned()),
        permissions: Some(permissions.iter().map(|name| (*name).to_owned()).collect()),
        ..Default::default()
    };
    let leads = |name: &str, team: &str, description: &str| CreateSecurityProfileRequest {
        tags: of_team(Some(team)),
        allowed_access_control_tags: of_team(Some(team)),
        tag_restricted_resources: Some(vec!["User".to_owned(), "Queue".to_owned()]),
        ..base(name, description, LEAD)
    };
    vec![
        leads(BILLING_LEADS, "Billing", "Look after the people and queues of the billing team"),
        leads(CLAIMS_LEADS, "Claims", "Look after the people and queues of the claims team"),
        CreateSecurityProfileRequest {
            // Without a group of its own, the profile covers the group of each user who holds it.
            hierarchy_restricted_resources: Some(vec!["User".to_owned()]),
            ..base(
                SITE_MANAGER,
                "Look after the people of their own site",
                &["Users.View", "Users.Create", "Users.Edit", "AgentGrouping.View", "RoutingPolicies.View"],
            )
        },
        CreateSecurityProfileRequest {
            applications: Some(vec![Application {
                namespace: Some(applications::ORDERS.to_owned()),
                application_permissions: Some(vec!["ACCESS".to_owned()]),
                r#type: Some(ApplicationType::ThirdPartyApplication),
            }]),
            ..base(
                COACH,
                "Listen to what was said, and score it",
                &[
                    "BasicAgentAccess",
                    "ContactSearch.View",
                    "CallRecordings.Unredacted.Access",
                    "Evaluation.View",
                    "Evaluation.Create",
                ],
            )
        },
        base(
            AUDITOR,
            "Sees how the contact centre is set up, and changes nothing",
            &["Users.View", "SecurityProfiles.View", "Queues.View", "RoutingPolicies.View", "HistoricalChanges.View"],
        ),
        CreateSecurityProfileRequest {
            applications: Some(vec![Application {
                namespace: Some(applications::REFUNDS.to_owned()),
                application_permissions: Some(vec!["payments___find_order".to_owned(), "payments___refund".to_owned()]),
                r#type: Some(ApplicationType::Mcp),
            }]),
            allowed_flow_modules: Some(vec![FlowModule {
                flow_module_id: Some(module.to_owned()),
                r#type: Some(FlowModuleType::Mcp),
            }]),
            granular_access_control_configuration: Some(only_retail_records()),
            ..base(ASSISTANT, "What the refund assistant, an AI agent, may do", &["Cases.View", "DataTables.View"])
        },
    ]
}

fn only_retail_records() -> GranularAccessControlConfiguration {
    GranularAccessControlConfiguration {
        data_table_access_control_configuration: Some(DataTableAccessControlConfiguration {
            primary_attribute_access_control_configuration: Some(PrimaryAttributeAccessControlConfigurationItem {
                primary_attribute_values: Some(vec![PrimaryAttributeValue {
                    access_type: Some(AccessType::Allow),
                    attribute_name: Some(tables::BRAND.to_owned()),
                    values: Some(vec![tables::RETAIL.to_owned()]),
                }]),
            }),
        }),
    }
}

fn profile_id(cx: &Write<'_>, name: &str) -> Result<String> {
    let id = cx.find_name(lanyard_model::Kind::SecurityProfile, name);
    id.map(Id::to_string).ok_or_else(|| Error::internal(format!("the demo has no security profile `{name}`")))
}

fn people(cx: &mut Write<'_>, instance: &str, made: &Made) -> Result<()> {
    for (username, first, last, profile, routing, group, team) in PEOPLE {
        let request = CreateUserRequest {
            instance_id: instance.to_owned(),
            username: (*username).to_owned(),
            identity_info: Some(UserIdentityInfo {
                first_name: Some((*first).to_owned()),
                last_name: Some((*last).to_owned()),
                ..Default::default()
            }),
            security_profile_ids: vec![profile_id(cx, profile)?],
            routing_profile_id: named(&made.routing, routing)?.clone(),
            hierarchy_group_id: group.map(|group| named(&made.groups, group).cloned()).transpose()?,
            tags: of_team(*team),
            ..Default::default()
        };
        make_user(cx, &request, None)?;
    }
    Ok(())
}

/// The AI agent, which holds the assistant's profile.
fn assistant(cx: &mut Write<'_>, instance: String) -> Result<()> {
    let association = AssociateSecurityProfilesRequest {
        security_profiles: vec![SecurityProfileItem { id: Some(profile_id(cx, ASSISTANT)?) }],
        entity_type: EntityType::AiAgent,
        entity_arn: format!(
            "arn:aws:wisdom:{REGION}:{}:ai-agent/6f0e1c9a-0d0c-4a52-9a55-3f6f0c1e7a11/0b6a2d6e-6f53-4b6e-8f0a-9f2d1c5f7e21:1",
            cx.call.scope.account
        ),
        instance_id: instance,
    };
    associate_security_profiles(cx, &association)?;
    Ok(())
}
