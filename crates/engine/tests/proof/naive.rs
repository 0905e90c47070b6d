//! A second evaluator, a direct transcription of the page of the rules. It shares no code with the engine but the types
//! of questions and readings, and looks everything up from the start each time.

use lanyard_engine::OpenPoint::{self, *};
use lanyard_engine::{Principal, Question, Reading, UnknownParts as NotSeen};
use lanyard_model::resources::{DataTable, DataTableRecord, HierarchyGroup, SecurityProfile, User};
use lanyard_model::{Directory, Kind};

#[path = "naive/contacts.rs"]
mod contacts;
#[path = "naive/records.rs"]
mod records;
#[path = "naive/tools.rs"]
mod tools;
#[path = "naive/unknown_parts.rs"]
mod unknown_parts;

use super::vocabulary::{
    DOCUMENTED, acts_on, holds, holds_any_of_type, in_catalogue, is_analytics, is_recording, type_exists, view_of,
};

/// The question is malformed.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Malformed;

/// The principal and its profiles.
#[derive(Clone)]
struct Who<'a> {
    id: String,
    is_agent: bool,
    group: Option<String>,
    profiles: Vec<&'a SecurityProfile>,
    /// One of the profiles is unknown.
    blank: bool,
}

struct Eval<'a> {
    d: &'a Directory,
    unknown_parts: &'a NotSeen,
    q: &'a Question<'a>,
    reading: Reading,
}

/// The answer of the page: `Ok(true)` is allowed.
pub(crate) fn decide(
    directory: &Directory,
    unknown_parts: &NotSeen,
    question: &Question<'_>,
    reading: Reading,
) -> Result<bool, Malformed> {
    Eval { d: directory, unknown_parts, q: question, reading }.answer()
}

impl<'a> Eval<'a> {
    fn lenient(&self, point: OpenPoint) -> bool {
        self.reading.grants(point)
    }

    fn profiles(&self, ids: &[lanyard_model::Id]) -> Vec<&'a SecurityProfile> {
        // A profile that is assigned twice is still one profile.
        let ids: std::collections::BTreeSet<_> = ids.iter().collect();
        ids.into_iter().filter_map(|id| self.d.security_profiles.get(id).map(|it| &**it)).collect()
    }

    fn arn(&self) -> Option<String> {
        self.d.instances.values().next().map(|instance| instance.scope().instance_arn(&instance.id))
    }

    fn user_named(&self, text: &str) -> Result<Option<&'a User>, Malformed> {
        let users = || self.d.users.values().map(|it| &**it);
        let by_id = users().find(|user| user.id.to_string() == text);
        let by_arn = self.arn().and_then(|arn| users().find(|user| format!("{arn}/agent/{}", user.id) == text));
        let by_name = users().find(|user| user.username.to_lowercase() == text.to_lowercase());
        let users: Vec<_> = [by_id, by_arn, by_name].into_iter().flatten().collect();
        if users.iter().any(|user| user.id != users[0].id) {
            return Err(Malformed);
        }
        Ok(users.first().copied())
    }

    fn user(&self, text: &str) -> Result<Option<Who<'a>>, Malformed> {
        Ok(self.user_named(text)?.map(|user| Who {
            id: user.id.to_string(),
            is_agent: false,
            group: user.hierarchy_group_id.as_ref().map(ToString::to_string).filter(|id| !id.is_empty()),
            profiles: self.profiles(&user.security_profile_ids),
            blank: self.has_blank(&user.security_profile_ids),
        }))
    }

    fn answer(&self) -> Result<bool, Malformed> {
        let q = self.q;
        let (name, is_agent) = match q.principal {
            Principal::User(name) => (name, false),
            Principal::AiAgent(name) => (name, true),
        };
        let res = &q.resource;
        if name.is_empty() || q.action.is_empty() || res.resource_type.is_empty() || q.on_behalf_of == Some("") {
            return Err(Malformed);
        }
        if res.id.is_empty() && !res.hypothetical {
            return Err(Malformed);
        }
        if (q.on_behalf_of.is_some() && q.self_service) || (!is_agent && (q.on_behalf_of.is_some() || q.self_service)) {
            return Err(Malformed);
        }
        if q.assigns.iter().any(|(it, _)| !["SecurityProfile", "RoutingProfile", "HierarchyGroup"].contains(it)) {
            return Err(Malformed);
        }
        for other in [res.agent_id, res.owner_id].into_iter().flatten() {
            self.user_named(other)?;
        }
        let who = if is_agent {
            self.d.ai_agents.values().find(|agent| agent.arn == name).map(|agent| Who {
                id: agent.arn.clone(),
                is_agent: true,
                group: None,
                profiles: self.profiles(&agent.security_profile_ids),
                blank: self.has_blank(&agent.security_profile_ids),
            })
        } else {
            self.user(name)?
        };
        let person = q.on_behalf_of.map(|name| self.user(name)).transpose()?;
        let stranger = matches!(person, Some(None));
        let Some(who) = who else {
            let kind = if is_agent { Kind::AiAgent } else { Kind::User };
            let denied = !self.applies(q.action) || !self.resource_is_there() || (stranger && !self.lacks(Kind::User));
            return Ok(self.lacks(kind) && self.lenient(Unseen) && !denied);
        };
        match person {
            None if is_agent && !q.self_service => Ok(self.lenient(Q11) && self.may(&who)),
            None => Ok(self.may(&who)),
            Some(None) => Ok(self.lacks(Kind::User) && self.lenient(Unseen) && self.may(&who)),
            Some(Some(person)) => Ok(self.may(&who) && self.may(&person)),
        }
    }

    /// Everything but rule 14.
    fn may(&self, who: &Who<'_>) -> bool {
        self.resource_is_there()
            && (self.lenient(Unseen) || !self.maybe())
            && self.action_is_granted(who, self.q.action)
            && (self.lenient(Q12) || self.q.assigns.iter().all(|(it, id)| self.may_view_assigned(who, it, id)))
    }

    fn may_view_assigned(&self, who: &Who<'_>, resource_type: &str, id: &str) -> bool {
        let mut question = Question::new(Principal::User("-"), view_of(resource_type), resource_type, id);
        if id == "*" {
            question.resource.id = "no such identifier";
        }
        let eval = Eval { d: self.d, unknown_parts: self.unknown_parts, q: &question, reading: self.reading };
        let there = eval.resource_is_there() && (self.lenient(Unseen) || !eval.maybe());
        there && eval.permission_is_granted(who, question.action)
    }

    fn resource_is_there(&self) -> bool {
        self.is_seen() || self.maybe()
    }

    fn is_seen(&self) -> bool {
        let res = &self.q.resource;
        if res.id == "*" {
            return true;
        }
        if res.hypothetical {
            return res.resource_type != "DataTableRecord" || self.table_named().is_none_or(|table| table.is_some());
        }
        let id = lanyard_model::Id::new(res.id);
        match res.resource_type {
            "User" => self.d.users.contains_key(&id),
            "SecurityProfile" => self.d.security_profiles.contains_key(&id),
            "Queue" => self.d.queues.contains_key(&id),
            "RoutingProfile" => self.d.routing_profiles.contains_key(&id),
            "QuickConnect" => self.d.quick_connects.contains_key(&id),
            "HoursOfOperation" => self.d.hours_of_operation.contains_key(&id),
            "HierarchyGroup" => self.d.hierarchy_groups.contains_key(&id),
            "DataTable" => self.d.data_tables.contains_key(&id),
            "DataTableRecord" => self.d.data_table_records.contains_key(&id),
            "ContactFlowModule" if self.q.action == "Invoke" => self.module(res.id).is_some(),
            "ContactFlowModule" => self.d.flow_modules.contains_key(&id),
            "Instance" => self.d.instances.contains_key(&id) || self.arn().is_some_and(|arn| arn == res.id),
            _ => true,
        }
    }

    /// The table that a record would be in, where the question names one; inside, nothing where there is no such table.
    fn table_named(&self) -> Option<Option<&'a DataTable>> {
        let id = self.q.resource.table_id.filter(|id| !id.is_empty())?;
        Some(self.d.data_tables.get(&lanyard_model::Id::new(id)).map(|it| &**it))
    }

    /// The record that the question is about, if it is stored.
    fn stored_record(&self) -> Option<&'a DataTableRecord> {
        let res = &self.q.resource;
        let id = lanyard_model::Id::new(res.id);
        let meant = res.resource_type == "DataTableRecord" && !res.hypothetical;
        self.d.data_table_records.get(&id).filter(|_| meant).map(|it| &**it)
    }

    fn module(&self, text: &str) -> Option<&lanyard_model::resources::FlowModule> {
        let id = self.reduced(text)?.split(':').next().unwrap().to_owned();
        self.d.flow_modules.get(&lanyard_model::Id::new(&id)).map(|it| &**it)
    }

    /// A flow module's ARN reduced to what follows `/flow-module/`; nothing for an ARN of another instance.
    fn reduced(&self, text: &str) -> Option<String> {
        if !text.starts_with("arn:") {
            return Some(text.to_owned());
        }
        text.strip_prefix(&format!("{}/flow-module/", self.arn()?)).map(str::to_owned)
    }

    fn action_is_granted(&self, who: &Who<'_>, action: &str) -> bool {
        match (self.q.resource.resource_type, action) {
            ("ThirdPartyApplication", "ACCESS")
            | ("McpServer", _)
            | ("ContactFlowModule", "Invoke")
            | ("AIAgent", "Collaborate") => self.tool(who),
            _ => match action.strip_prefix("task:") {
                Some(task) => self.task(who, task),
                None => self.permission_is_granted(who, action),
            },
        }
    }

    /// Section 8.
    fn task(&self, who: &Who<'_>, task: &str) -> bool {
        let any = |names: &[&str]| names.iter().any(|name| self.step(who, name));
        let can_view = || any(&["ContactSearch.View", "MyContacts.View"]);
        match task {
            "assign-security-profile" => any(&["Users.EditPermission", "Users.Edit", "Users.Create"]),
            "barge-in" => any(&["ManagerBargeIn"]),
            "export-cases" => any(&["Cases.Export"]),
            "export-contacts" => can_view(),
            "gain-more-rights" => any(&[
                "Users.EditPermission",
                "Users.Edit",
                "Users.Create",
                "SecurityProfiles.Create",
                "SecurityProfiles.Edit",
            ]),
            "listen-to-recordings" => {
                can_view()
                    && any(&[
                        "CallRecordings.Unredacted.Access",
                        "CallRecordings.Redacted.Access",
                        "AutomatedVoiceInteraction.Recordings.Unredacted.Access",
                        "AutomatedVoiceInteraction.Recordings.Redacted.Access",
                        "ScreenRecording.Access",
                        "ScreenRecording.Redacted.Access",
                        "ListenCallRecordings",
                        "RedactedData.View",
                    ])
            }
            "monitor-live" => any(&["ManagerListenIn"]),
            "read-unredacted-transcripts" => {
                can_view()
                    && any(&[
                        "ContactTranscripts.Unredacted.Access",
                        "AutomatedVoiceInteraction.Transcripts.Unredacted.Access",
                        "ListenCallRecordings",
                    ])
            }
            "reset-password" => any(&["Users.Edit"]),
            "watch-screen-recordings" => {
                can_view() && any(&["ScreenRecording.Access", "ScreenRecording.Redacted.Access"])
            }
            _ => false,
        }
    }

    fn step(&self, who: &Who<'_>, permission: &str) -> bool {
        let res = self.q.resource;
        if res.resource_type == "Instance"
            && let Some(types) = acts_on(permission)
        {
            let resource = lanyard_engine::Resource { resource_type: types[0], id: "*", match_some: true, ..res };
            let question = Question { resource, ..*self.q };
            let eval = Eval { d: self.d, unknown_parts: self.unknown_parts, q: &question, reading: self.reading };
            return eval.permission_is_granted(who, permission);
        }
        self.permission_is_granted(who, permission)
    }

    fn permission_is_granted(&self, who: &Who<'_>, permission: &str) -> bool {
        let it = self.q.resource.resource_type;
        if !lanyard_model::catalogue::is_well_formed(permission) {
            return false;
        }
        if who.blank && self.lenient(Unseen) && self.applies(permission) {
            let changes = self.q.changes_primary_values && self.binds(who);
            let ruled = who.profiles.iter().any(|profile| !profile.primary_attribute_values.is_empty());
            return match it {
                "DataTable" | "DataTableRecord" => !(changes && ruled),
                "User" if permission == "AccessMetrics.DashboardsWithMyData.View" => self.is_self(who),
                "Contact" => true,
                _ => !permission.starts_with("My") || self.owner(who),
            };
        }
        let held = who.profiles.iter().any(|profile| holds(profile, permission));
        let types = if in_catalogue(permission) { acts_on(permission) } else { None };
        let analytics = in_catalogue(permission) && is_analytics(permission);
        match (it, types) {
            ("Contact", Some(types)) if types.contains(&"Contact") => {
                let can_view = matches!(permission, "ContactSearch.View" | "MyContacts.View");
                held && (!can_view || self.visible(who))
            }
            (_, Some(types)) if types.contains(&it) && permission.starts_with("My") => held && self.owner(who),
            ("DataTable" | "DataTableRecord", Some(types)) if types.contains(&it) => self.table(who, permission),
            (_, Some(types)) => types.contains(&it) && self.rules_2_to_8(who, permission, |_| true),
            ("Instance", None) => held,
            ("Contact", None) => is_recording(permission) && held && self.visible(who),
            ("User", None) if permission == "AccessMetrics.DashboardsWithMyData.View" => {
                self.is_self(who) && self.rule_9(who, permission)
            }
            ("User" | "Queue" | "RoutingProfile", None) => analytics && self.rule_9(who, permission),
            _ => false,
        }
    }

    // Extent of the question.

    fn every(&self) -> bool {
        self.q.resource.id == "*" && !self.q.resource.match_some
    }

    fn some(&self) -> bool {
        self.q.resource.id == "*" && self.q.resource.match_some
    }

    fn is_self(&self, who: &Who<'_>) -> bool {
        !who.is_agent && !self.every() && (self.some() || self.q.resource.id == who.id)
    }

    fn owner(&self, who: &Who<'_>) -> bool {
        !self.every() && (self.some() || self.names(self.q.resource.owner_id, who))
    }

    fn names(&self, text: Option<&str>, who: &Who<'_>) -> bool {
        match text {
            None => false,
            Some(text) if who.is_agent => text == who.id,
            Some(text) => self.user_named(text).unwrap().is_some_and(|user| user.id.to_string() == who.id),
        }
    }

    // Rules 4 and 5: `None` where the profile does not restrict, else whether the resource is in scope.

    fn binds(&self, who: &Who<'_>) -> bool {
        !(who.is_agent && self.lenient(Q10))
    }

    fn by_tag(&self, who: &Who<'_>, profile: &SecurityProfile) -> Option<Scope> {
        let it = self.q.resource.resource_type;
        if self.veiled(who, profile) {
            return Some(Scope::Empty);
        }
        let names_it = |name: &String| {
            let others = [
                ("Cases", "Case"),
                ("DataTable", "DataTableRecord"),
                ("OperatingHours", "HoursOfOperation"),
                ("TransferDestination", "QuickConnect"),
            ];
            name == it || others.contains(&(name.as_str(), it))
        };
        let known = ["Cases", "OperatingHours", "TransferDestination"];
        let strange = |name: &String| !type_exists(name) && !known.contains(&name.as_str());
        let named = profile.tag_restricted_resources.iter().any(names_it);
        let unnamed = profile.tag_restricted_resources.iter().any(strange);
        let restricted = named || (unnamed && !DOCUMENTED.contains(&it) && !self.lenient(Q1));
        if !restricted || !self.binds(who) {
            return None;
        }
        if profile.allowed_access_control_tags.is_empty() {
            return if self.lenient(Q3) { None } else { Some(Scope::Empty) };
        }
        if self.maybe() {
            return Some(Scope::In);
        }
        if self.stored_record().is_some_and(|record| !self.d.data_tables.contains_key(&record.data_table_id)) {
            return Some(Scope::of(self.lenient(Unseen)));
        }
        let has = |(key, value): (&String, &String)| self.tags().contains(&(key.clone(), value.clone()));
        Some(Scope::of(profile.allowed_access_control_tags.iter().all(has)))
    }

    fn tags(&self) -> Vec<(String, String)> {
        let res = &self.q.resource;
        let id = lanyard_model::Id::new(res.id);
        if res.resource_type == "DataTableRecord" {
            let table = match self.stored_record() {
                Some(record) => self.d.data_tables.get(&record.data_table_id).map(|it| &**it),
                None => self.table_named().flatten(),
            };
            if let Some(table) = table {
                return table.tags.clone().into_iter().collect();
            }
        }
        let kind = match res.resource_type {
            "ContactFlowModule" => Some(Kind::FlowModule),
            "Instance" => None,
            name => Kind::from_name(name),
        };
        match kind.filter(|_| !res.hypothetical) {
            Some(kind) => {
                let stored = self.d.get(kind, &id);
                let tags = stored.as_ref().and_then(|it| it.tags()).cloned().unwrap_or_default();
                tags.into_iter().collect()
            }
            None => res.tags.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect(),
        }
    }

    fn by_hierarchy(&self, who: &Who<'_>, profile: &SecurityProfile) -> Option<Scope> {
        let res = &self.q.resource;
        if res.resource_type == "User" && self.veiled(who, profile) {
            return Some(Scope::Empty);
        }
        let restricted = profile.hierarchy_restricted_resources.iter().any(|name| name == "User");
        if res.resource_type != "User" || !restricted || !self.binds(who) {
            return None;
        }
        let named = profile.allowed_access_control_hierarchy_group_id.as_ref().map(ToString::to_string);
        let top = match named.filter(|id| !id.is_empty()).or(who.group.clone()) {
            Some(top) => top,
            None if self.lenient(Q4) && !who.is_agent => return None,
            None => return Some(Scope::Empty),
        };
        if self.maybe() {
            return Some(Scope::In);
        }
        let group = if res.hypothetical {
            res.hierarchy_group_id.map(str::to_owned).filter(|id| !id.is_empty())
        } else {
            let user = self.d.users.get(&lanyard_model::Id::new(res.id));
            user.and_then(|user| user.hierarchy_group_id.as_ref()).map(ToString::to_string)
        };
        Some(Scope::of(self.in_group(group, &top)))
    }

    fn in_group(&self, group: Option<String>, top: &str) -> bool {
        let Some(group) = group else { return self.lenient(Q5) };
        if self.lacks(Kind::HierarchyGroup) && self.lenient(Unseen) && !(self.is_whole(&group) && self.is_whole(top)) {
            return true;
        }
        if self.find_group(top).is_none() {
            return false;
        }
        let Some(group) = self.find_group(&group) else { return false };
        group.id.to_string() == top || group.ancestors.iter().any(|id| id.to_string() == top)
    }

    fn find_group(&self, id: &str) -> Option<&HierarchyGroup> {
        self.d.hierarchy_groups.values().map(|it| &**it).find(|group| group.id.to_string() == id)
    }

    fn in_scope(&self, scopes: [Option<Scope>; 2]) -> bool {
        if self.every() {
            scopes == [None, None]
        } else if self.some() {
            !scopes.contains(&Some(Scope::Empty))
        } else {
            scopes.iter().all(|scope| matches!(scope, None | Some(Scope::In)))
        }
    }

    // Rules 2 to 8.

    fn scope_and_view(&self, who: &Who<'_>, profile: &SecurityProfile) -> bool {
        let view = view_of(self.q.resource.resource_type);
        let scopes = [self.by_tag(who, profile), self.by_hierarchy(who, profile)];
        let viewed = scopes == [None, None]
            || view.is_empty()
            || holds(profile, view)
            || (self.lenient(Q6) && who.profiles.iter().any(|other| holds(other, view)));
        viewed && self.in_scope(scopes)
    }

    fn rules_2_to_8(&self, who: &Who<'_>, permission: &str, record: impl Fn(&SecurityProfile) -> bool) -> bool {
        if self.lenient(Q2) {
            who.profiles.iter().any(|profile| holds(profile, permission))
                && who.profiles.iter().any(|profile| {
                    holds_any_of_type(profile, self.q.resource.resource_type)
                        && self.scope_and_view(who, profile)
                        && record(profile)
                })
        } else {
            who.profiles
                .iter()
                .any(|profile| holds(profile, permission) && self.scope_and_view(who, profile) && record(profile))
        }
    }

    fn rule_9(&self, who: &Who<'_>, permission: &str) -> bool {
        let view = view_of(self.q.resource.resource_type);
        let tag = |profile: &SecurityProfile| self.by_tag(who, profile);
        let hierarchy = |profile: &SecurityProfile| self.by_hierarchy(who, profile);
        let restricts = |profile: &SecurityProfile| tag(profile).is_some() || hierarchy(profile).is_some();
        let s: Vec<_> = who
            .profiles
            .iter()
            .filter(|profile| holds(profile, permission) && (!restricts(profile) || holds(profile, view)))
            .collect();
        if s.is_empty() {
            return false;
        }
        if s.iter().any(|profile| !restricts(profile)) {
            return true;
        }
        let seen = |profile: &&&&SecurityProfile| !self.veiled(who, profile);
        let both =
            s.iter().filter(seen).filter(|profile| tag(profile).is_some() && hierarchy(profile).is_some()).count();
        if both >= 2 && self.lenient(H16) {
            return true;
        }
        let mut tags: Vec<_> = s.iter().filter_map(|profile| tag(profile)).collect();
        let mut groups: Vec<_> = s.iter().filter_map(|profile| hierarchy(profile)).collect();
        if self.barred(who) {
            tags.push(Scope::Empty);
            groups.extend((self.q.resource.resource_type == "User").then_some(Scope::Empty));
        }
        let met =
            |scopes: &[Scope]| scopes.is_empty() || scopes.iter().any(|scope| self.in_scope([Some(*scope), None]));
        met(&tags) && met(&groups)
    }

    // Rule 10.

    fn table(&self, who: &Who<'_>, permission: &str) -> bool {
        let has_entries = |profile: &SecurityProfile| !profile.primary_attribute_values.is_empty() && self.binds(who);
        let may_have = |profile: &SecurityProfile| has_entries(profile) || self.veiled(who, profile);
        let barred = self.barred(who) && self.binds(who);
        if self.q.changes_primary_values && (barred || who.profiles.iter().any(|profile| may_have(profile))) {
            return false;
        }
        let on_record = self.q.resource.resource_type == "DataTableRecord"
            || permission == "DataTables.ManageValues"
            || permission == "DataTables.EditExpressionValues";
        if !on_record {
            return self.rules_2_to_8(who, permission, |_| true);
        }
        let satisfies =
            |profile: &SecurityProfile| !self.veiled(who, profile) && (!has_entries(profile) || self.record(profile));
        if self.lenient(Q8) {
            self.rules_2_to_8(who, permission, satisfies)
        } else {
            !barred
                && who.profiles.iter().all(|profile| satisfies(profile))
                && self.rules_2_to_8(who, permission, |_| true)
        }
    }
}

/// The effect of a restriction on the resource.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Scope {
    In,
    Out,
    /// Nothing at all is in scope.
    Empty,
}

impl Scope {
    fn of(inside: bool) -> Self {
        if inside { Self::In } else { Self::Out }
    }
}
