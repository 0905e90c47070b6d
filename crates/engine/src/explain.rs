//! Why the answer is what it is, as data: what each profile did, what was missing, and which came closest.

use lanyard_model::Id;
use lanyard_model::catalogue::ResourceType;
use serde::{Deserialize, Serialize};

use crate::ask::{Ask, Asker, EarlyExit, Extent, Serving, Target, Wanted};
use crate::compiled::Compiled;
use crate::outcome::Answer;
use crate::permission_index::{Permission, Rule, VIEW_OWN_CASES};
use crate::profile::{Profile, Within};
use crate::question::{Malformed, Question};
use crate::reading::{OpenPoint, Outcome, Reading};
use crate::record_rule::RecordLimit;
use crate::scope::{Case, Limit};
use crate::unknown_parts::MAYBE;

/// The effect of a profile, or an obstacle. The explanation follows the strict reading.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "finding", rename_all = "snake_case")]
pub enum Finding {
    /// The profile grants what was asked for.
    Grants,
    /// The profile does not hold the permission.
    PermissionMissing {
        /// The permission.
        permission: String,
    },
    /// The profile restricts the type to resources with tags that this one lacks.
    TagMismatch {
        /// The pairs of key and value that are missing.
        missing: Vec<(String, String)>,
    },
    /// The profile restricts the type by tag and names no tags (Q3).
    RestrictionWithoutTags,
    /// The resource's hierarchy group is neither the one that counts nor below it.
    OutsideHierarchy {
        /// The group that counts; `None` for the principal's own.
        group: Option<String>,
    },
    /// The principal's own group counts, and there is none (Q4).
    PrincipalWithoutGroup,
    /// The profile restricts by hierarchy, and the resource is in no group (Q5).
    ResourceWithoutGroup,
    /// The profile restricts the type without the permission to view it.
    ViewMissing {
        /// The View permission.
        permission: String,
    },
    /// The profile grants on a part of the type only.
    OnlyInPart,
    /// The record has a value that the profile's record rule does not list.
    RecordOutOfScope {
        /// The attributes with such values.
        attributes: Vec<String>,
    },
    /// The record lacks attributes that the profile's record rule names (Q7).
    RecordAttributeMissing {
        /// The attributes.
        attributes: Vec<String>,
    },
    /// The profile does not list the tool.
    ToolMissing,
    /// The profile lists the tool in a way that may or may not count.
    ToolUncertain {
        /// The open point.
        open_point: OpenPoint,
    },
    /// The flow module is not enabled for invocation from outside flows.
    ModuleNotInvocable,
    /// The principal has no profile at all.
    NoProfile,
    /// A user opens an application inside the contact control panel, and does not hold its permission.
    PanelMissing,
    /// A profile with a record rule forbids to change primary values.
    PrimaryValuesFixed,
    /// The permission shows a person's own data only, and the resource is not the principal.
    NotOneself,
    /// The permission is for one's own resources only, and the owner is not the principal.
    NotOwner,
    /// The principal cannot view the contact.
    ContactNotVisible,
    /// No permission of the principal covers the resource that the action assigns, or it is outside the scope of those
    /// who restrict its type (rule 15).
    AssignedOutOfReach {
        /// The type.
        resource_type: String,
        /// The identifier.
        id: String,
        /// The open point, where only that is in the way.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        open_point: Option<OpenPoint>,
    },
    /// The principal is an AI agent, and neither a person nor self-service was named (Q11).
    HumanNotNamed,
    /// The restrictions of the profile are unknown (Unseen).
    RestrictionsNotSeen,
    /// The profile's applications, flow modules and AI agents are unknown (Unseen).
    ToolsNotSeen,
    /// The profile may hold more permissions than the known ones (Unseen).
    PermissionsNotSeen,
    /// A profile of the principal is unknown (Unseen).
    ProfileNotSeen,
    /// The resource is unknown, and may exist (Unseen).
    ResourceNotSeen,
    /// The principal is unknown, and may exist (Unseen).
    PrincipalNotSeen,
    /// The person whom the AI agent serves is unknown, and may exist (Unseen).
    PersonNotSeen,
}

/// The effect of one profile.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProfileReport {
    /// The profile.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Only [`Finding::Grants`], or all obstacles.
    pub findings: Vec<Finding>,
    /// The scope to which it restricts the type, where it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope: Option<Scope>,
}

/// The scope to which a profile restricts a type: all parts must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scope {
    /// The tags that a resource must carry.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tags: Option<Vec<(String, String)>>,
    /// The group in or below which a user must be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hierarchy_group_id: Option<String>,
    /// Users must be in the principal's own group or below.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub own_hierarchy_group: bool,
    /// The attributes and values that a record must have.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub primary_values: Vec<(String, Vec<String>)>,
}

/// The evaluation of one permission, for one principal. A task takes several.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// The principal, or the person it serves: identifier or ARN.
    pub principal: String,
    /// The permission or tool.
    pub permission: String,
    /// The outcome.
    pub outcome: Outcome,
    /// The effect of each profile, in the order in which the principal has them.
    pub profiles: Vec<ProfileReport>,
    /// The obstacles that no profile removes.
    pub reasons: Vec<Finding>,
    /// Where the answer is no: the place in `profiles` of the one that came closest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closest: Option<usize>,
}

/// Warnings for the reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Warning {
    /// Holding the permission takes something away: allowed means that the flag is on.
    RestrictingPermission,
    /// The catalogue does not have the permission.
    PermissionNotInCatalogue,
    /// No security profile of the instance holds the permission either: a person who asks has misspelt it.
    PermissionUnknown,
}

/// An answer and why it is so.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Explanation {
    /// The answer in both readings.
    pub answer: Answer,
    /// The revision of the state.
    pub revision: u64,
    /// The evaluation of each permission, for the principal first and then for the person it serves.
    pub reports: Vec<Report>,
    /// The obstacles before any profile was evaluated.
    pub reasons: Vec<Finding>,
    /// Warnings for the reader.
    pub warnings: Vec<Warning>,
}

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
                let (reports, warnings) = (Vec::new(), Vec::new());
                return Ok(Explanation { answer, revision: self.revision(), reports, reasons, warnings });
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
        Ok(Explanation { answer: ask.answer(), revision: self.revision(), reports, reasons, warnings: ask.warnings() })
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
        let closest = (0..profiles.len()).min_by_key(|at| profiles.get(*at).map(distance)).filter(|_| refused);
        let principal = compiled.item(asker.at).map(|item| item.id.to_string()).unwrap_or_default();
        Report { principal, permission: name.to_owned(), outcome, profiles, reasons, closest }
    }
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
            Rule::Visible if !self.sees_contact() => Some(Finding::ContactNotVisible),
            Rule::Owned(_) if !self.owns() => Some(Finding::NotOwner),
            Rule::OwnAnalytics if !self.is_principal() => Some(Finding::NotOneself),
            Rule::Table | Rule::Record if self.bars_change(changes_primary_values) => Some(Finding::PrimaryValuesFixed),
            Rule::Access if !self.has_panel() => Some(Finding::PanelMissing),
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
        Some(ProfileReport { id: source.id.to_string(), name: source.name.clone(), findings, scope })
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

/// The group that a profile restricts to; `None` for the principal's own.
fn group_of(profile: &Profile) -> Option<String> {
    let group = profile.source.as_deref()?.allowed_access_control_hierarchy_group_id.as_ref();
    group.filter(|_| matches!(profile.within, Within::Group(_))).map(Id::to_string)
}
