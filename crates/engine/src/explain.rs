//! Finds the reasons of an answer: the effect of each profile, the obstacles, and the profile that comes closest.

use crate::advice::ProfileName;
use crate::ask::{Ask, Asker, EarlyExit, Extent, Serving, Target, Wanted};
use crate::compiled::Compiled;
use crate::explanation::{Explanation, Finding, ProfileReport, Report, Scope, Warning, agent_access};
use crate::outcome::Answer;
use crate::permission_index::{Permission, Rule, VIEW_OWN_CASES, implied};
use crate::profile::{Profile, Within};
use crate::question::{Malformed, Question};
use crate::reading::{OpenPoint, Outcome, Reading};
use crate::record_rule::RecordLimit;
use crate::scope::{Case, Limit};
use crate::types::Type;
use crate::unknown_parts::MAYBE;
use crate::way::way;
use lanyard_model::Id;
use lanyard_model::catalogue::ResourceType;
use lanyard_model::resources::SecurityProfile;

impl Compiled {
    /// Answers a question in both readings, with reasons.
    ///
    /// # Errors
    /// When the question contradicts itself or is incomplete.
    pub fn explain(&self, question: &Question<'_>) -> Result<Explanation, Malformed> {
        let ask = match self.ask(question) {
            Ok(ask) => ask,
            Err(EarlyExit::Malformed(malformed)) => return Err(malformed),
            Err(stop @ (EarlyExit::Denied(_) | EarlyExit::PrincipalUnknown)) => {
                let (answer, reasons) = match stop {
                    EarlyExit::Denied(denial) => (Answer::denied(denial), Vec::new()),
                    _ => (Answer::unknown(), vec![Finding::PrincipalNotSeen]),
                };
                let (reports, warnings, advice, way) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
                return Ok(Explanation { answer, revision: self.revision(), reports, reasons, warnings, advice, way });
            }
        };
        let mut reports = ask.reports(ask.asker, question.action);
        let mut reasons = Vec::new();
        match ask.serving {
            Serving::Itself => {}
            Serving::Unsaid => reasons.push(Finding::HumanNotNamed),
            Serving::Unknown => reasons.push(Finding::PersonNotSeen),
            Serving::Person(person) => reports.extend(ask.reports(person, question.action)),
        }
        let (answer, warnings, advice, way) = (ask.answer(), ask.warnings(), Vec::new(), Vec::new());
        Ok(Explanation { answer, revision: self.revision(), reports, reasons, warnings, advice, way })
    }

    /// Answers a question in both readings, with reasons, the way to the resource, and what is missing. This takes many
    /// times as long as [`Compiled::explain`], since missing permissions are tried.
    ///
    /// # Errors
    /// When the question contradicts itself or is incomplete.
    pub fn explain_in_full(&self, question: &Question<'_>) -> Result<Explanation, Malformed> {
        let mut explanation = self.explain(question)?;
        if let Ok(ask) = self.ask(question) {
            explanation.advice = ask.advice();
            explanation.way = way(question, ask.target().is_new(), &explanation, |id| {
                let at = self.find_named(Type::Of(ResourceType::User), id)?;
                self.user_at(at).map(|user| user.username.clone())
            });
        }
        Ok(explanation)
    }
}

impl Ask<'_> {
    fn warnings(&self) -> Vec<Warning> {
        let Wanted::Permission(permission, rule) = self.query.wanted else { return Vec::new() };
        let is_tool = matches!(rule, Rule::Access | Rule::Tool | Rule::Invoke | Rule::Collaborate);
        let permission_index = self.compiled.permission_index();
        let restricting = permission_index.is_restricting(permission).then_some(Warning::RestrictingPermission);
        let strange = (!is_tool && !permission_index.is_known(permission)).then_some(Warning::PermissionNotInCatalogue);
        let unknown = (strange.is_some() && self.compiled.is_unknown(permission)).then_some(Warning::PermissionUnknown);
        restricting.into_iter().chain(strange).chain(unknown).collect()
    }

    fn reports(&self, asker: Asker, action: &str) -> Vec<Report> {
        match self.query.wanted {
            Wanted::Permission(permission, rule) => {
                vec![self.report(asker, action, permission, rule, &self.target())]
            }
            Wanted::Task(task) => {
                let mut reports = Vec::new();
                task.formula.permissions(&mut |name| {
                    if let Some((permission, rule, target)) = self.step(name) {
                        reports.push(self.report(asker, name, permission, rule, &target));
                    }
                });
                reports
            }
            Wanted::BuiltinTool(tool) => {
                let name =
                    tool.permission.and_then(|name| Some((name, self.compiled.permission_index().permission(name)?)));
                let report = name
                    .map(|(name, permission)| self.report(asker, name, permission, Rule::Capability, &self.target()));
                report.into_iter().collect()
            }
            Wanted::Unknown => Vec::new(),
        }
    }

    fn report(&self, asker: Asker, name: &str, permission: Permission<'_>, rule: Rule, target: &Target<'_>) -> Report {
        let compiled = self.compiled;
        let changes = self.question.changes_primary_values;
        let allows = |reading| {
            let case = Case { compiled, asker, permission, target, reading };
            (case.granted(rule, changes) && self.may_assign(asker, reading)).into()
        };
        let outcome = Outcome::of(allows(Reading::STRICT), allows(Reading::LENIENT));
        let case = Case { compiled, asker, permission, target, reading: Reading::STRICT };
        let mut profiles: Vec<_> = case.profiles().filter_map(|profile| case.report(profile, rule, name)).collect();
        let order = compiled.assigned(asker);
        profiles.sort_by_key(|report| order.iter().position(|id| id.to_string() == report.id));
        let mut reasons = case.reasons(rule, changes);
        for (resource_type, id) in self.question.assigns {
            if !compiled.may_tie(asker, resource_type, id, Reading::STRICT) {
                let open_point = compiled.may_tie(asker, resource_type, id, Reading::STRICT.granting(OpenPoint::Q12));
                let open_point = open_point.then_some(OpenPoint::Q12);
                let (resource_type, id) = ((*resource_type).to_owned(), (*id).to_owned());
                reasons.push(Finding::AssignedOutOfReach { resource_type, id, open_point });
            }
        }
        let refused = outcome != Outcome::Allowed;
        if refused && reasons.is_empty() {
            reasons.extend(other_restrictions(&profiles));
        }
        let closest = (0..profiles.len()).min_by_key(|at| profiles.get(*at).map(distance)).filter(|_| refused);
        let principal = compiled.item(asker.at).map(|item| item.id.to_string()).unwrap_or_default();
        Report { principal, permission: name.to_owned(), outcome, profiles, reasons, closest }
    }
}

/// The profiles that keep one which grants the permission from deciding. Of those without the permission only the record
/// rule binds.
fn other_restrictions(profiles: &[ProfileReport]) -> Option<Finding> {
    let grants = |profile: &ProfileReport| profile.findings == [Finding::Grants];
    let lacks = |finding: &Finding| matches!(finding, Finding::PermissionMissing { .. });
    let is_record_rule = |finding: &Finding| {
        matches!(
            finding,
            Finding::RecordOutOfScope { .. } | Finding::RecordAttributeMissing { .. } | Finding::OnlyInPart
        )
    };
    let binds = |profile: &&ProfileReport| match profile.findings.iter().any(lacks) {
        true => profile.findings.iter().any(is_record_rule),
        false => !grants(profile),
    };
    let name = |profile: &ProfileReport| ProfileName { id: profile.id.clone(), name: profile.name.clone() };
    let others = profiles.iter().filter(binds).map(name).collect();
    profiles.iter().any(grants).then_some(Finding::OtherRestrictions { profiles: others })
}

/// How far a profile is from granting.
fn distance(report: &ProfileReport) -> usize {
    let far = |finding: &Finding| match finding {
        Finding::Grants => 0,
        Finding::PermissionMissing { .. } | Finding::ToolMissing => 1000,
        Finding::TagMismatch { missing } => missing.len(),
        _ => 1,
    };
    report.findings.iter().map(far).sum()
}

impl Compiled {
    /// The profiles in the order in which a principal has them; empty for an AI agent, whose order is that of its class.
    fn assigned(&self, asker: Asker) -> &[Id] {
        self.user_at(asker.at).map_or(&[], |user| &user.security_profile_ids)
    }
}

impl Case<'_> {
    /// The obstacles that no profile removes.
    fn reasons(&self, rule: Rule, changes_primary_values: bool) -> Vec<Finding> {
        let mut reasons = Vec::new();
        if self.profiles().next().is_none() {
            reasons.push(Finding::NoProfile);
        }
        if self.target.item == Some(MAYBE) {
            reasons.push(Finding::ResourceNotSeen);
        }
        if self.has_blank_profile() && !self.profiles().any(|profile| self.is_partly_known(profile)) {
            reasons.push(Finding::ProfileNotSeen);
        }
        let reason = match rule {
            Rule::Visible if !self.sees_contact() => {
                Some(Finding::ContactNotVisible { why: Some(self.contact_limit()) })
            }
            Rule::Owned(_) if !self.owns() => Some(Finding::NotOwner),
            Rule::OwnAnalytics if !self.is_principal() => Some(Finding::NotOneself),
            Rule::Table | Rule::Record if self.bars_change(changes_primary_values) => Some(Finding::PrimaryValuesFixed),
            Rule::Access if !self.has_panel() => Some(Finding::PanelMissing { permission: agent_access() }),
            Rule::Invoke if self.target.item.is_some_and(|at| !self.is_invocable(at)) => {
                Some(Finding::ModuleNotInvocable)
            }
            _ => None,
        };
        reasons.extend(reason);
        reasons
    }

    /// Whether the profile may hold more permissions than the known ones.
    fn is_partly_known(&self, profile: &Profile) -> bool {
        profile.source.as_ref().is_some_and(|source| self.compiled.lacks_permissions(&source.id))
    }

    /// The effect of one profile.
    fn report(&self, profile: &Profile, rule: Rule, name: &str) -> Option<ProfileReport> {
        let source = profile.source.as_deref()?;
        let mut findings = Vec::new();
        let mut scope = None;
        let mut stored_permissions = Vec::new();
        match rule {
            Rule::Access | Rule::Tool | Rule::Invoke | Rule::Collaborate => {
                let listed = |reading| Case { reading, ..*self }.lists(source, rule);
                let uncertain = |point: &OpenPoint| listed(Reading::STRICT.granting(*point));
                if self.target.extent == Extent::Every {
                    findings.push(Finding::OnlyInPart);
                } else if !listed(Reading::STRICT) {
                    let open_point = [OpenPoint::A4, OpenPoint::A16].into_iter().find(uncertain);
                    let missing = match self.compiled.lacks_tools(&source.id) {
                        true => Finding::ToolsNotSeen,
                        false => Finding::ToolMissing,
                    };
                    findings.push(open_point.map_or(missing, |open_point| Finding::ToolUncertain { open_point }));
                }
            }
            _ => {
                stored_permissions = stored_as(source, name);
                if !profile.holds(self.permission) {
                    findings.push(match self.is_partly_known(profile) {
                        true => Finding::PermissionsNotSeen,
                        false => Finding::PermissionMissing { permission: name.to_owned() },
                    });
                }
                let it = match rule {
                    Rule::Typed(it) | Rule::Analytics(it) | Rule::Owned(it) => Some(it),
                    Rule::Record => Some(ResourceType::DataTableRecord),
                    Rule::Table => Some(ResourceType::DataTable),
                    Rule::OwnAnalytics => Some(ResourceType::User),
                    _ => None,
                };
                if let Some(it) = it {
                    self.scope_findings(profile, rule, it, &mut findings);
                    scope = self.scope_of(profile, rule, it);
                }
                if rule == Rule::Record {
                    self.record_findings(profile, &mut findings);
                }
            }
        }
        if findings.is_empty() {
            findings.push(Finding::Grants);
        }
        let (id, name) = (source.id.to_string(), source.name.clone());
        Some(ProfileReport { id, name, findings, stored_permissions, scope })
    }

    fn scope_findings(&self, profile: &Profile, rule: Rule, it: ResourceType, findings: &mut Vec<Finding>) {
        let limits = self.limits(profile, it);
        if limits.tag == Limit::Unknown {
            findings.push(Finding::RestrictionsNotSeen);
            return;
        }
        for limit in [limits.tag, limits.hierarchy] {
            findings.extend(match limit {
                Limit::Free | Limit::Within | Limit::Unknown => None,
                Limit::Partial => (self.target.extent == Extent::Every).then_some(Finding::OnlyInPart),
                Limit::TagMismatch => Some(Finding::TagMismatch { missing: self.tags_missing(profile) }),
                Limit::NoTags => Some(Finding::RestrictionWithoutTags),
                Limit::Outside => Some(Finding::OutsideHierarchy { group: group_of(profile) }),
                Limit::NoOwnGroup => Some(Finding::PrincipalWithoutGroup),
                Limit::NoGroup => Some(Finding::ResourceWithoutGroup),
            });
        }
        if limits.restrict()
            && let Some(view) = self.compiled.permission_index().view_for(rule, it)
            && !profile.holds(view)
        {
            let name = if let Rule::Owned(_) = rule { Some(VIEW_OWN_CASES) } else { it.view_permission() };
            findings.push(Finding::ViewMissing { permission: name.unwrap_or_default().to_owned() });
        }
    }

    /// The tags that the profile asks for and the target does not carry.
    fn tags_missing(&self, profile: &Profile) -> Vec<(String, String)> {
        let required = self.compiled.pairs(profile.required);
        let all = profile.source.iter().flat_map(|source| &source.allowed_access_control_tags);
        let stored = self.stored_tags();
        let portable = |number: &u32, pair: &(&str, &str)| match stored {
            Some(tags) => self.compiled.pairs(tags).contains(number),
            None => self.target.resource.tags.contains(pair),
        };
        // A profile's numbers are in the order of its tags.
        all.map(|(key, value)| (key.as_str(), value.as_str()))
            .zip(required.iter())
            .filter(|(pair, number)| !portable(number, pair))
            .map(|((key, value), _)| (key.to_owned(), value.to_owned()))
            .collect()
    }

    fn record_findings(&self, profile: &Profile, findings: &mut Vec<Finding>) {
        let entries = profile.source.iter().flat_map(|source| &source.primary_attribute_values);
        let has = |name: &str| self.primary_values().any(|(it, _)| it == name);
        let names = entries.map(|entry| entry.attribute_name.clone().unwrap_or_default());
        let (had, lacked): (Vec<_>, Vec<_>) = names.filter(|name| self.concerns(name)).partition(|name| has(name));
        findings.extend(match self.record_limit(profile) {
            // The names of the record's attributes are unknown; unknown restrictions are reported already.
            RecordLimit::Unknown => (!profile.restrictions_unknown).then_some(Finding::ResourceNotSeen),
            RecordLimit::Free | RecordLimit::Within => None,
            RecordLimit::Partial => (self.target.extent == Extent::Every).then_some(Finding::OnlyInPart),
            RecordLimit::Lacks => Some(Finding::RecordAttributeMissing { attributes: lacked }),
            RecordLimit::Differs => Some(Finding::RecordOutOfScope { attributes: had }),
        });
    }

    fn scope_of(&self, profile: &Profile, rule: Rule, it: ResourceType) -> Option<Scope> {
        let source = profile.source.as_deref()?;
        let limits = self.limits(profile, it);
        let mut scope = Scope::default();
        if limits.tag == Limit::Unknown {
            return None;
        }
        if limits.tag != Limit::Free {
            let tags = &source.allowed_access_control_tags;
            scope.tags = Some(tags.iter().map(|(key, value)| (key.clone(), value.clone())).collect());
        }
        if limits.hierarchy != Limit::Free {
            scope.hierarchy_group_id = group_of(profile);
            scope.own_hierarchy_group = scope.hierarchy_group_id.is_none();
        }
        if rule == Rule::Record && self.record_limit(profile) != RecordLimit::Free {
            let entries = source.primary_attribute_values.iter();
            let entry = |entry: &lanyard_model::resources::PrimaryAttributeValue| {
                (entry.attribute_name.clone().unwrap_or_default(), entry.values.clone())
            };
            scope.primary_values = entries.map(entry).collect();
        }
        (scope != Scope::default()).then_some(scope)
    }
}

/// The permissions as stored that give the profile this one: itself first.
fn stored_as(source: &SecurityProfile, name: &str) -> Vec<String> {
    let itself = source.permissions.iter().filter(|stored| *stored == name).take(1);
    let including = source.permissions.iter().filter(|stored| implied(stored).contains(&name));
    itself.chain(including).cloned().collect()
}

/// The group that a profile restricts to; `None` for the principal's own.
fn group_of(profile: &Profile) -> Option<String> {
    let group = profile.source.as_deref()?.allowed_access_control_hierarchy_group_id.as_ref();
    group.filter(|_| matches!(profile.within, Within::Group(_))).map(Id::to_string)
}
