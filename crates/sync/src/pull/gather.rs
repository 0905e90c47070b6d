//! The order in which a pull reads, and its record of the parts that it could not read.
//!
//! Profiles and people take nearly all the time. At the end, the pull checks by their last modification whether they
//! changed meanwhile, and reads those again.

use std::collections::BTreeMap;

use lanyard_engine::UnknownParts;
use lanyard_model::resources::{AiAgent, SecurityProfile, User};
use lanyard_model::{Id, Kind, Resource};
use lanyard_wire::shapes::{
    self, DescribeInstanceRequest, DescribeSecurityProfileRequest, DescribeUserHierarchyStructureRequest, EntityType,
    ListEntitySecurityProfilesRequest, ListSecurityProfileAIAgentsRequest, ListSecurityProfileApplicationsRequest,
    ListSecurityProfileFlowModulesRequest, ListSecurityProfilePermissionsRequest, ListSecurityProfilesRequest,
    ListUsersRequest, SearchContactFlowModulesRequest, SearchDataTablesRequest, SearchHoursOfOperationsRequest,
    SearchQueuesRequest, SearchQuickConnectsRequest, SearchRoutingProfilesRequest, SearchUserHierarchyGroupsRequest,
    SearchUsersRequest, SecurityProfileSummary,
};
use lanyard_wire::{Input, Timestamp};

use super::reader::{Reader, Unread};
use super::{convert, privacy};
use crate::Error;

/// The most checks for changes at the end.
const ROUNDS: usize = 3;

/// The longest pages that the API model allows, by operation.
const LONG: i32 = 1_000;
const MIDDLE: i32 = 500;
const SHORT: i32 = 100;

/// The answers about an instance.
pub(crate) struct Gathered {
    pub instance: Id,
    pub resources: Vec<Resource>,
    pub unknown_parts: UnknownParts,
}

/// A security profile.
struct Profile {
    resource: SecurityProfile,
    /// The last modification by the list that was read before the profile. Only times of lists are compared.
    listed: Option<Timestamp>,
    has_restrictions: bool,
    has_tools: bool,
}

/// People by identifier, with the times of their last modification.
type Times = BTreeMap<String, Option<Timestamp>>;

/// Reads an instance.
pub(crate) struct Gather {
    reader: Reader,
    instance: String,
    resources: Vec<Resource>,
    unknown_parts: UnknownParts,
}

/// Fills the members that every request for a list has.
macro_rules! all {
    ($self:ident, $input:ident, $most:expr $(, $member:ident: $value:expr)*) => {
        $self.reader.list($input {
            instance_id: $self.instance.clone(),
            max_results: Some($most),
            $($member: $value,)*
            ..$input::default()
        }).await
    };
}

impl Gather {
    /// Reads an instance, by identifier. The API does not list AI agents, so the caller names them.
    pub(crate) async fn run(
        reader: Reader,
        instance: String,
        ai_agents: &[String],
    ) -> Result<(Gathered, Reader), Error> {
        let mut gather = Self { reader, instance, resources: Vec::new(), unknown_parts: UnknownParts::default() };
        let mut profiles = gather.begin().await?;
        let people = gather.people().await?;
        gather.others().await?;
        gather.ai_agents(ai_agents).await?;
        let users = gather.settle(&mut profiles, people).await?;
        Ok(gather.finish(profiles, users))
    }

    /// The instance and its profiles.
    async fn begin(&mut self) -> Result<BTreeMap<String, Profile>, Error> {
        let id = self.instance.clone();
        let listed = all!(self, ListSecurityProfilesRequest, LONG)?;
        let pages = listed.len().div_ceil(1_000).max(1);
        // Each profile takes its description and four lists. The rest are the instance, eight lists, and the profiles again.
        self.reader.observer.expect(listed.len() * 5 + 9 + 2 * pages);
        match self.reader.read(&DescribeInstanceRequest { instance_id: id }).await {
            Ok(answer) => {
                self.resources.extend(answer.instance.map(|it| convert::instance(it).into()));
            }
            Err(unread) if unread.is_closed() => {
                self.note("`DescribeInstance` was not allowed: alias, identity management and tags of the instance");
                self.resources.extend(listed.first().and_then(instance_of_arn).map(|it| convert::instance(it).into()));
            }
            Err(unread) => return Err(unread.into()),
        }
        let mut profiles = BTreeMap::new();
        for summary in &listed {
            self.profile(summary, &mut profiles).await?;
        }
        Ok(profiles)
    }

    /// Reads a profile and its lists. A profile that was deleted meanwhile is omitted.
    async fn profile(
        &mut self,
        summary: &SecurityProfileSummary,
        profiles: &mut BTreeMap<String, Profile>,
    ) -> Result<(), Error> {
        let Some(id) = summary.id.clone() else { return Ok(()) };
        profiles.remove(&id);
        match self.whole_profile(summary, &id).await {
            Ok(profile) => {
                profiles.insert(id, profile);
                Ok(())
            }
            Err(unread) if unread.is_not_found() => Ok(()),
            Err(unread) => Err(unread.into()),
        }
    }

    async fn whole_profile(&mut self, summary: &SecurityProfileSummary, id: &str) -> Result<Profile, Unread> {
        let instance_id = self.instance.clone();
        let security_profile_id = id.to_owned();
        let described = self.reader.read(&DescribeSecurityProfileRequest { instance_id, security_profile_id }).await;
        let (described, has_restrictions) = match described {
            Ok(answer) => (answer.security_profile.unwrap_or_default(), true),
            Err(unread) if unread.is_closed() => (
                shapes::SecurityProfile {
                    id: summary.id.clone(),
                    security_profile_name: summary.name.clone(),
                    ..Default::default()
                },
                false,
            ),
            Err(unread) => return Err(unread),
        };
        let mut resource = convert::profile(described);
        let id = || id.to_owned();
        resource.permissions = all!(self, ListSecurityProfilePermissionsRequest, LONG, security_profile_id: id())?;
        let applications = all!(self, ListSecurityProfileApplicationsRequest, LONG, security_profile_id: id());
        let modules = all!(self, ListSecurityProfileFlowModulesRequest, LONG, security_profile_id: id());
        let agents = all!(self, ListSecurityProfileAIAgentsRequest, LONG, security_profile_id: id());
        let (applications, modules, agents) = (open(applications)?, open(modules)?, open(agents)?);
        let has_tools = applications.is_some() && modules.is_some() && agents.is_some();
        resource.applications = applications.into_iter().flatten().map(convert::application).collect();
        resource.allowed_flow_modules = modules.into_iter().flatten().map(convert::allowed_flow_module).collect();
        resource.allowed_ai_agents = agents.into_iter().flatten().map(convert::allowed_ai_agent).collect();
        Ok(Profile { resource, listed: summary.last_modified_time, has_restrictions, has_tools })
    }

    /// The last modification of each user, and then the users; `None` where the caller may not read them.
    async fn people(&mut self) -> Result<Option<(Option<Times>, Vec<User>)>, Error> {
        let times = self.times().await?;
        let count = times.as_ref().map_or(0, BTreeMap::len);
        self.reader.observer.expect(count.div_ceil(500).max(1) + count.div_ceil(1_000).max(1));
        match open(all!(self, SearchUsersRequest, MIDDLE))? {
            Some(users) => Ok(Some((times, users.into_iter().map(convert::user).collect()))),
            None => {
                self.not_seen(Kind::User, "SearchUsers");
                Ok(None)
            }
        }
    }

    async fn times(&mut self) -> Result<Option<Times>, Error> {
        let listed = open(all!(self, ListUsersRequest, LONG))?;
        let time = |it: shapes::UserSummary| Some((it.id?, it.last_modified_time));
        Ok(listed.map(|users| users.into_iter().filter_map(time).collect()))
    }

    /// Reads the resources that are neither profiles nor users.
    async fn others(&mut self) -> Result<(), Error> {
        let instance_id = self.instance.clone();
        match open(self.reader.read(&DescribeUserHierarchyStructureRequest { instance_id }).await)? {
            Some(answer) => {
                let structure = answer.hierarchy_structure.and_then(convert::structure);
                self.resources.extend(structure.map(Resource::from));
            }
            None => self.not_seen(Kind::HierarchyStructure, "DescribeUserHierarchyStructure"),
        }
        let groups = all!(self, SearchUserHierarchyGroupsRequest, SHORT);
        self.add(Kind::HierarchyGroup, groups, convert::group)?;
        let hours = all!(self, SearchHoursOfOperationsRequest, SHORT);
        self.add(Kind::HoursOfOperation, hours, convert::hours)?;
        let queues = all!(self, SearchQueuesRequest, MIDDLE);
        self.add(Kind::Queue, queues, convert::queue)?;
        let quick_connects = all!(self, SearchQuickConnectsRequest, SHORT);
        self.add(Kind::QuickConnect, quick_connects, convert::quick_connect)?;
        let routing_profiles = all!(self, SearchRoutingProfilesRequest, MIDDLE);
        self.add(Kind::RoutingProfile, routing_profiles, convert::routing_profile)?;
        let modules = all!(self, SearchContactFlowModulesRequest, SHORT);
        self.add(Kind::FlowModule, modules, convert::flow_module)?;
        let tables = all!(self, SearchDataTablesRequest, LONG);
        self.add(Kind::DataTable, tables, convert::data_table)
    }

    /// Takes the results of a search, or records that it was not allowed.
    fn add<I: FoundBy>(
        &mut self,
        kind: Kind,
        results: Result<Vec<I>, Unread>,
        convert: fn(I) -> Option<Resource>,
    ) -> Result<(), Error> {
        match open(results)? {
            Some(items) => self.resources.extend(items.into_iter().filter_map(convert)),
            None => self.not_seen(kind, I::OPERATION),
        }
        Ok(())
    }

    /// Reads the profiles of the AI agents that the caller names. Others may exist.
    async fn ai_agents(&mut self, arns: &[String]) -> Result<(), Error> {
        self.unknown_parts.kinds.insert(Kind::AiAgent);
        self.reader.observer.expect(arns.len());
        for arn in arns {
            let held = open(all!(self, ListEntitySecurityProfilesRequest, SHORT,
                entity_type: EntityType::AiAgent, entity_arn: arn.clone()))?;
            let Some(held) = held else {
                self.note("`ListEntitySecurityProfiles` was not allowed: what the named AI agents hold");
                return Ok(());
            };
            let security_profile_ids: Vec<Id> =
                held.into_iter().filter_map(|it| it.id).map(|id| Id::new(&id)).collect();
            if !security_profile_ids.is_empty() {
                self.resources.push(AiAgent { arn: arn.clone(), security_profile_ids }.into());
            }
        }
        Ok(())
    }

    /// Reads resources again that changed during the pull.
    async fn settle(
        &mut self,
        profiles: &mut BTreeMap<String, Profile>,
        people: Option<(Option<Times>, Vec<User>)>,
    ) -> Result<Vec<User>, Error> {
        self.reader.is_fresh = true;
        let (mut times, mut users) = people.unwrap_or_default();
        for _ in 0..ROUNDS {
            let mut is_settled = true;
            let listed = all!(self, ListSecurityProfilesRequest, LONG)?;
            profiles.retain(|id, _| listed.iter().any(|it| it.id.as_ref() == Some(id)));
            for summary in &listed {
                let known = summary.id.as_ref().and_then(|id| profiles.get(id)).map(|it| it.listed);
                if known != Some(summary.last_modified_time) {
                    is_settled = false;
                    self.profile(summary, profiles).await?;
                }
            }
            if let Some(before) = &times {
                let now = self.times().await?;
                if now.as_ref() != Some(before) {
                    is_settled = false;
                    let answers = all!(self, SearchUsersRequest, MIDDLE)?;
                    (times, users) = (now, answers.into_iter().map(convert::user).collect());
                }
            }
            if is_settled {
                return Ok(users);
            }
        }
        self.note(
            "profiles or people changed again and again while they were read; what is here may be of several moments",
        );
        Ok(users)
    }

    fn finish(mut self, profiles: BTreeMap<String, Profile>, users: Vec<User>) -> (Gathered, Reader) {
        for profile in profiles.into_values() {
            if !profile.has_restrictions {
                self.unknown_parts.restrictions.insert(profile.resource.id.clone());
            }
            if !profile.has_tools {
                self.unknown_parts.tools.insert(profile.resource.id.clone());
            }
            self.resources.push(profile.resource.into());
        }
        self.resources.extend(users.into_iter().map(Resource::from));
        for name in privacy::shared_names(&self.resources) {
            self.note(&format!("two people are both called `{name}`"));
        }
        let instance = Id::new(&self.instance);
        (Gathered { instance, resources: self.resources, unknown_parts: self.unknown_parts }, self.reader)
    }

    fn not_seen(&mut self, kind: Kind, operation: &str) {
        self.unknown_parts.kinds.insert(kind);
        self.note(&format!("`{operation}` was not allowed"));
    }

    fn note(&mut self, note: &str) {
        if !self.unknown_parts.notes.iter().any(|known| known == note) {
            self.unknown_parts.notes.push(note.to_owned());
        }
    }
}

/// The kind that an operation lists.
trait FoundBy {
    const OPERATION: &'static str;
}

macro_rules! found_by {
    ($($item:ident: $input:ident;)*) => {$(
        impl FoundBy for shapes::$item {
            const OPERATION: &'static str = <$input as Input>::OPERATION.name();
        }
    )*};
}

found_by! {
    ContactFlowModule: SearchContactFlowModulesRequest;
    DataTable: SearchDataTablesRequest;
    HierarchyGroup: SearchUserHierarchyGroupsRequest;
    HoursOfOperation: SearchHoursOfOperationsRequest;
    Queue: SearchQueuesRequest;
    QuickConnect: SearchQuickConnectsRequest;
    RoutingProfile: SearchRoutingProfilesRequest;
}

/// The answer; `None` where the caller may not read it.
fn open<T>(read: Result<T, Unread>) -> Result<Option<T>, Unread> {
    match read {
        Ok(read) => Ok(Some(read)),
        Err(unread) if unread.is_closed() => Ok(None),
        Err(unread) => Err(unread),
    }
}

/// The instance that the ARN of a profile names.
fn instance_of_arn(profile: &SecurityProfileSummary) -> Option<shapes::Instance> {
    let (arn, _) = profile.arn.as_deref()?.split_once("/security-profile/")?;
    let (_, id) = arn.rsplit_once('/')?;
    Some(shapes::Instance { id: Some(id.to_owned()), arn: Some(arn.to_owned()), ..Default::default() })
}
