//! A believable contact centre: regions, sites and teams; queues and routing profiles for each department; security
//! profiles of every sort, tag- and hierarchy-restricted ones among them; people spread over all of it.
//!
//! Names, tags and relations depend only on the seed. Identifiers are fresh.

use std::collections::HashMap;

use lanyard_model::resources::{
    AiAgent, AllowedFlowModule, Application, ApplicationType, Destination, FlowModule, FlowModuleContent,
    HierarchyGroup, HierarchyLevel, HierarchyStructure, HoursOfOperation, IdentityInfo, MediaConcurrency, OpeningSpan,
    PhoneConfig, Queue, QueueConfig, QueueReference, QuickConnect, RoutingProfile, SecurityProfile, TimeOfDay, User,
};
use lanyard_model::{Id, Kind, Tags, Timestamp};

use super::names::{DEPARTMENTS, FIRST, Given, LAST, LEVELS, MODULES, OUTSIDE, QUEUE_PURPOSES, REGIONS, Region, word};
use super::random::Random;
use super::roles::{ROLES, Role};
use super::{Entries, Request};
use crate::context::Call;
use crate::environment::Environment;
use crate::error::Result;

/// A team of one department at one site, and its group of the hierarchy where there is one.
struct Team {
    department: usize,
    site: &'static str,
    region: &'static str,
    group: Option<Id>,
    site_group: Option<Id>,
}

/// A security profile that users are given.
struct Profile {
    role: &'static str,
    department: usize,
    id: Id,
}

/// The contact centre while it is made.
pub(super) struct World<'a> {
    environment: &'a dyn Environment,
    call: &'a Call,
    now: Timestamp,
    size: &'a Request,
    random: Random,
    hours: Vec<Id>,
    teams: Vec<Team>,
    modules: Vec<Id>,
    /// Quick connects that lead outside.
    outside: Vec<Id>,
    /// Queues by department, and all of them.
    queues: Vec<Vec<Id>>,
    every_queue: Vec<(Id, String)>,
    routing_profiles: Vec<(usize, Id)>,
    profiles: Vec<Profile>,
}

impl<'a> World<'a> {
    pub(super) fn new(environment: &'a dyn Environment, call: &'a Call, now: Timestamp, size: &'a Request) -> Self {
        Self {
            environment,
            call,
            now,
            size,
            random: Random::new(size.seed),
            hours: Vec::new(),
            teams: Vec::new(),
            modules: Vec::new(),
            outside: Vec::new(),
            queues: vec![Vec::new(); DEPARTMENTS.len()],
            every_queue: Vec::new(),
            routing_profiles: Vec::new(),
            profiles: Vec::new(),
        }
    }

    /// Puts everything, each thing after what it refers to.
    pub(super) fn make(mut self, entries: &mut Entries<'_>) -> Result<()> {
        self.hierarchy(entries)?;
        self.opening_hours(entries)?;
        self.modules(entries)?;
        let outside = self.size.quick_connects / 2;
        self.connects_outside(entries, outside)?;
        self.queues(entries)?;
        self.routing_profiles(entries)?;
        self.security_profiles(entries)?;
        let users = self.users(entries)?;
        self.connects_inside(entries, &users, self.size.quick_connects - outside)?;
        self.ai_agents(entries)
    }

    fn id(&self) -> Id {
        self.environment.new_id()
    }

    fn region(&self) -> String {
        self.call.scope.region.clone()
    }

    /// Regions, sites and teams, as many as there are to be groups; without groups, only the teams, which tags
    /// distinguish.
    fn hierarchy(&mut self, entries: &mut Entries<'_>) -> Result<()> {
        let groups = self.size.hierarchy_groups;
        if groups == 0 {
            for (at, region) in REGIONS.iter().enumerate() {
                self.teams.extend((0..DEPARTMENTS.len()).map(|department| {
                    let site = word(region.sites, at + department);
                    Team { department, site, region: region.name, group: None, site_group: None }
                }));
            }
            return Ok(());
        }
        let region_count = (groups / 20).clamp(1, REGIONS.len());
        let site_count = match groups - region_count {
            0 => 0,
            rest => (rest / 6).clamp(1, region_count * 4),
        };
        let levels: Vec<HierarchyLevel> = LEVELS
            .iter()
            .map(|name| HierarchyLevel {
                name: (*name).to_owned(),
                last_modified_time: self.now,
                last_modified_region: self.region(),
            })
            .collect();
        entries.put(HierarchyStructure { levels })?;

        let mut regions: Vec<(&Region, Id)> = Vec::new();
        for region in REGIONS.iter().take(region_count) {
            regions.push((region, self.group(entries, region.name, Vec::new())?));
        }
        let mut sites: Vec<(&str, &str, Vec<Id>)> = Vec::new();
        for at in 0..site_count {
            let Some((region, above)) = regions.get(at % region_count) else { continue };
            let name = word(region.sites, at / region_count);
            let id = self.group(entries, name, vec![above.clone()])?;
            sites.push((name, region.name, vec![above.clone(), id]));
        }
        for at in 0..groups - region_count - site_count {
            let Some((site, region, above)) = sites.get(at % site_count) else { continue };
            let of_site = at / site_count;
            let department = (of_site + at % site_count) % DEPARTMENTS.len();
            let name = format!("{} {}", word(DEPARTMENTS, department), of_site / DEPARTMENTS.len() + 1);
            let group = self.group(entries, &name, above.clone())?;
            self.teams.push(Team { department, site, region, group: Some(group), site_group: above.last().cloned() });
        }
        if self.teams.is_empty() {
            // Too few groups for teams: people belong to a region or a site.
            for department in 0..DEPARTMENTS.len() {
                let site = sites.get(department.checked_rem(sites.len()).unwrap_or(0));
                let (region, id) = match regions.get(department % region_count) {
                    Some((region, id)) => (*region, id.clone()),
                    None => continue,
                };
                let group = site.and_then(|(_, _, path)| path.last().cloned()).unwrap_or(id);
                self.teams.push(Team {
                    department,
                    site: site.map_or_else(|| word(region.sites, department), |(name, ..)| name),
                    region: region.name,
                    group: Some(group.clone()),
                    site_group: Some(group),
                });
            }
        }
        Ok(())
    }

    fn group(&self, entries: &mut Entries<'_>, name: &str, ancestors: Vec<Id>) -> Result<Id> {
        let id = self.id();
        entries.put(HierarchyGroup {
            id: id.clone(),
            name: name.to_owned(),
            ancestors,
            tags: Tags::new(),
            last_modified_time: self.now,
            last_modified_region: self.region(),
        })?;
        Ok(id)
    }

    fn opening_hours(&mut self, entries: &mut Entries<'_>) -> Result<()> {
        const WEEK: &[&str] = &["MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY"];
        for region in REGIONS {
            for (name, days, from, until) in [("office hours", 5, 9, 17), ("long hours", 7, 7, 22)] {
                let span = |day: &&str| OpeningSpan {
                    day: (*day).to_owned(),
                    start: TimeOfDay { hours: from, minutes: 0 },
                    end: TimeOfDay { hours: until, minutes: 30 },
                };
                let id = self.id();
                entries.put(HoursOfOperation {
                    id: id.clone(),
                    name: format!("{} {name}", region.name),
                    description: None,
                    time_zone: region.time_zone.to_owned(),
                    config: WEEK.iter().take(days).map(span).collect(),
                    parent_ids: Vec::new(),
                    tags: Tags::new(),
                    last_modified_time: self.now,
                    last_modified_region: self.region(),
                })?;
                self.hours.push(id);
            }
        }
        Ok(())
    }

    /// Flow modules, every other of them a tool.
    fn modules(&mut self, entries: &mut Entries<'_>) -> Result<()> {
        let mut given = Given::default();
        for at in 0..self.size.flow_modules {
            let Some((name, description)) = MODULES.get(at % MODULES.len()) else { continue };
            let id = self.id();
            let content = serde_json::json!({
                "Version": "2019-10-30",
                "StartAction": "end",
                "Actions": [{ "Identifier": "end", "Type": "EndFlowModuleExecution", "Parameters": {}, "Transitions": {} }],
                "Settings": { "InputParameters": [], "OutputParameters": [], "Transitions": [] },
            });
            entries.put(FlowModule {
                id: id.clone(),
                name: given.unique(name, " "),
                description: Some((*description).to_owned()),
                published: FlowModuleContent { content: content.to_string(), settings: None },
                saved: None,
                external_invocation_enabled: Some(at.is_multiple_of(2)),
                archived: false,
                versions_made: 0,
                tags: Tags::new(),
                last_modified_time: self.now,
                last_modified_region: self.region(),
            })?;
            if at.is_multiple_of(2) {
                self.modules.push(id);
            }
        }
        Ok(())
    }

    fn quick_connect(&self, entries: &mut Entries<'_>, name: String, destination: Destination) -> Result<Id> {
        let id = self.id();
        entries.put(QuickConnect {
            id: id.clone(),
            name,
            description: None,
            destination,
            tags: Tags::new(),
            last_modified_time: self.now,
            last_modified_region: self.region(),
        })?;
        Ok(id)
    }

    fn connects_outside(&mut self, entries: &mut Entries<'_>, count: usize) -> Result<()> {
        let mut given = Given::default();
        for at in 0..count {
            // A range of numbers that is kept free for fiction.
            let phone_number = format!("+44{}", 7_700_900_000_usize + at % 1_000);
            let name = given.unique(word(OUTSIDE, at), " ");
            let id = self.quick_connect(entries, name, Destination::PhoneNumber { phone_number })?;
            self.outside.push(id);
        }
        Ok(())
    }

    /// Quick connects to queues and to people, in turn.
    fn connects_inside(&mut self, entries: &mut Entries<'_>, users: &[(Id, String)], count: usize) -> Result<()> {
        let mut given = Given::default();
        let flow = self.id().to_string();
        for at in 0..count {
            let to_user = if at % 2 == 1 { self.random.pick(users) } else { None };
            let (name, destination) = match (to_user, self.random.pick(&self.every_queue)) {
                (Some((user_id, name)), _) => (
                    format!("Call {name}"),
                    Destination::User { user_id: user_id.clone(), contact_flow_id: flow.clone() },
                ),
                (None, Some((queue_id, name))) => (
                    format!("To {name}"),
                    Destination::Queue { queue_id: queue_id.clone(), contact_flow_id: flow.clone() },
                ),
                (None, None) => ("Hand over".to_owned(), Destination::Flow { contact_flow_id: flow.clone() }),
            };
            self.quick_connect(entries, given.unique(&name, " "), destination)?;
        }
        Ok(())
    }

    fn queues(&mut self, entries: &mut Entries<'_>) -> Result<()> {
        let mut given = Given::default();
        for at in 0..self.size.queues {
            let department = at % DEPARTMENTS.len();
            let round = at / DEPARTMENTS.len();
            let region = round / QUEUE_PURPOSES.len() % REGIONS.len();
            let team = word(DEPARTMENTS, department);
            let place = REGIONS.get(region).map_or("", |region| region.name);
            let name = given.unique(&format!("{team} {} {place}", word(QUEUE_PURPOSES, round)), " ");
            let hours = self.hours.get((region * 2 + round % 2) % self.hours.len().max(1)).cloned();
            let Some(hours_of_operation_id) = hours else { continue };
            let first = self.random.below(self.outside.len());
            let id = self.id();
            entries.put(Queue {
                id: id.clone(),
                name: name.clone(),
                description: Some(format!("Contacts for {team}")),
                outbound_caller_config: None,
                outbound_email_address_id: None,
                hours_of_operation_id,
                max_contacts: round.is_multiple_of(3).then_some(50),
                enabled: true,
                quick_connect_ids: self.outside.iter().skip(first).take(3).cloned().collect(),
                email_address_ids: Vec::new(),
                tags: tags(&[("Team", team), ("Region", place)]),
                last_modified_time: self.now,
                last_modified_region: self.region(),
            })?;
            if let Some(queues) = self.queues.get_mut(department) {
                queues.push(id.clone());
            }
            self.every_queue.push((id, name));
        }
        Ok(())
    }

    fn routing_profiles(&mut self, entries: &mut Entries<'_>) -> Result<()> {
        let mut given = Given::default();
        for at in 0..self.size.routing_profiles {
            let department = at % DEPARTMENTS.len();
            let team = word(DEPARTMENTS, department);
            let own = self.queues.get(department).map(Vec::as_slice).unwrap_or_default();
            let first = self.random.below(own.len());
            let mut served: Vec<Id> = own.iter().cycle().skip(first).take(own.len().min(6)).cloned().collect();
            if served.is_empty() {
                served.extend(self.random.pick(&self.every_queue).map(|(id, _)| id.clone()));
            }
            let Some(default_outbound_queue_id) = served.first().cloned() else { continue };
            let queue = |(priority, queue_id): (i32, Id)| QueueConfig {
                queue: QueueReference { queue_id, channel: "VOICE".to_owned() },
                priority,
                delay: 0,
            };
            let id = self.id();
            entries.put(RoutingProfile {
                id: id.clone(),
                name: given.unique(&format!("{team} routing"), " "),
                description: format!("Contacts that {team} answers"),
                default_outbound_queue_id,
                queue_configs: (1..).zip(served).map(queue).collect(),
                manual_assignment_queues: Vec::new(),
                media_concurrencies: [("VOICE", 1), ("CHAT", 2), ("TASK", 3)].map(concurrency).into(),
                agent_availability_timer: Some("TIME_SINCE_LAST_ACTIVITY".to_owned()),
                is_default: false,
                tags: tags(&[("Team", team)]),
                last_modified_time: self.now,
                last_modified_region: self.region(),
            })?;
            self.routing_profiles.push((department, id));
        }
        Ok(())
    }

    fn security_profiles(&mut self, entries: &mut Entries<'_>) -> Result<()> {
        let mut given = Given::default();
        for at in 0..self.size.security_profiles {
            let Some(role) = ROLES.get(at % ROLES.len()) else { continue };
            let department = at / ROLES.len() % DEPARTMENTS.len();
            let profile = self.profile(entries, role, department, &mut given)?;
            self.profiles.push(profile);
        }
        Ok(())
    }

    fn profile(
        &mut self,
        entries: &mut Entries<'_>,
        role: &'static Role,
        department: usize,
        given: &mut Given,
    ) -> Result<Profile> {
        let team = word(DEPARTMENTS, department);
        let place = self.random.pick(&self.teams);
        let name = match (role.restriction.by_hierarchy(), place) {
            (true, Some(place)) => format!("{team} {} {}", role.name, place.site),
            _ => format!("{team} {}", role.name),
        };
        let id = self.id();
        let named = SecurityProfile::named(id.clone(), &given.unique(&name, " "), self.now, &self.region());
        let by_tag = role.restriction.by_tag();
        let by_hierarchy = role.restriction.by_hierarchy();
        let group = place.and_then(|place| place.site_group.clone()).filter(|_| by_hierarchy);
        let tools = match role.is_for_ai {
            true => self.modules.as_slice(),
            false => &[],
        };
        entries.put(SecurityProfile {
            description: Some(role.description.to_owned()),
            permissions: role.permissions.iter().map(|name| (*name).to_owned()).collect(),
            tags: tags(&[("Team", team)]),
            allowed_access_control_tags: if by_tag { tags(&[("Team", team)]) } else { Tags::new() },
            tag_restricted_resources: role.restriction.types().iter().map(|name| (*name).to_owned()).collect(),
            hierarchy_restricted_resources: by_hierarchy.then(|| "User".to_owned()).into_iter().collect(),
            allowed_access_control_hierarchy_group_id: group,
            applications: role.is_for_ai.then(orders_server).into_iter().collect(),
            allowed_flow_modules: tools
                .iter()
                .take(4)
                .map(|id| AllowedFlowModule {
                    flow_module_id: Some(id.to_string()),
                    module_type: Some("MCP".to_owned()),
                })
                .collect(),
            ..named
        })?;
        Ok(Profile { role: role.name, department, id })
    }

    /// People, each of a team: most are agents, some lead, some look on.
    fn users(&mut self, entries: &mut Entries<'_>) -> Result<Vec<(Id, String)>> {
        let mut given = Given::default();
        let mut holders: HashMap<(&str, usize), Vec<Id>> = HashMap::new();
        for profile in &self.profiles {
            holders.entry((profile.role, profile.department)).or_default().push(profile.id.clone());
        }
        let builtin = entries.directory().find_name(Kind::SecurityProfile, "Agent").cloned();
        let mut users = Vec::with_capacity(self.size.users);
        for _ in 0..self.size.users {
            let Some(team) = self.random.pick(&self.teams) else { continue };
            let department = team.department;
            let mut held: Vec<Id> = Vec::with_capacity(2);
            for role in roles_of(self.random.below(100)) {
                let list = holders.get(&(*role, department)).map(Vec::as_slice).unwrap_or_default();
                held.extend(self.random.pick(list).cloned());
            }
            if held.is_empty() {
                held.extend(builtin.clone());
            }
            let own: Vec<&Id> =
                self.routing_profiles.iter().filter(|(of, _)| *of == department).map(|(_, id)| id).collect();
            let routing = self.random.pick(&own).copied().or_else(|| self.routing_profiles.first().map(|(_, id)| id));
            let Some(routing_profile_id) = routing.cloned() else { continue };
            let first = word(FIRST, self.random.below(FIRST.len()));
            let last = word(LAST, self.random.below(LAST.len()));
            let username = given.unique(&format!("{first}.{last}").to_lowercase(), "");
            let id = self.id();
            users.push((id.clone(), username.clone()));
            entries.put(User {
                id,
                identity_info: Some(IdentityInfo {
                    first_name: Some(first.to_owned()),
                    last_name: Some(last.to_owned()),
                    email: Some(format!("{username}@example.com")),
                    ..IdentityInfo::default()
                }),
                username,
                phone_config: Some(PhoneConfig {
                    phone_type: Some("SOFT_PHONE".to_owned()),
                    auto_accept: Some(false),
                    after_contact_work_time_limit: Some(30),
                    ..PhoneConfig::default()
                }),
                channel_configs: Default::default(),
                directory_user_id: None,
                security_profile_ids: held,
                routing_profile_id,
                hierarchy_group_id: team.group.clone(),
                tags: tags(&[("Team", word(DEPARTMENTS, department)), ("Site", team.site), ("Region", team.region)]),
                last_modified_time: self.now,
                last_modified_region: self.region(),
            })?;
        }
        Ok(users)
    }

    fn ai_agents(&mut self, entries: &mut Entries<'_>) -> Result<()> {
        let mut candidates: Vec<Id> = ROLES
            .iter()
            .filter(|role| role.is_for_ai)
            .flat_map(|role| self.profiles.iter().filter(|profile| profile.role == role.name))
            .map(|profile| profile.id.clone())
            .collect();
        if candidates.is_empty() {
            candidates.extend(entries.directory().find_name(Kind::SecurityProfile, "Agent").cloned());
        }
        let scope = &self.call.scope;
        for _ in 0..self.size.ai_agents {
            let Some(profile) = self.random.pick(&candidates).cloned() else { continue };
            let (partition, region, account) = (scope.partition(), &scope.region, &scope.account);
            let arn = format!("arn:{partition}:wisdom:{region}:{account}:ai-agent/{}/{}", self.id(), self.id());
            entries.put(AiAgent { arn, security_profile_ids: vec![profile] })?;
        }
        Ok(())
    }
}

/// The role of a person, by a number below 100.
fn roles_of(number: usize) -> &'static [&'static str] {
    match number {
        0..=79 => &["agents"],
        80..=89 => &["agents", "team leads"],
        90..=93 => &["analysts"],
        94..=96 => &["supervisors"],
        97..=98 => &["managers"],
        _ => &["administrators"],
    }
}

fn concurrency((channel, concurrency): (&str, i32)) -> MediaConcurrency {
    MediaConcurrency {
        channel: channel.to_owned(),
        concurrency: Some(concurrency),
        cross_channel_behavior: None,
        workload_types: Vec::new(),
    }
}

fn orders_server() -> Application {
    Application {
        namespace: Some("orders-gateway".to_owned()),
        permissions: vec!["orders___find".to_owned(), "orders___refund".to_owned()],
        application_type: Some(ApplicationType::Mcp),
    }
}

fn tags(pairs: &[(&str, &str)]) -> Tags {
    pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
}
