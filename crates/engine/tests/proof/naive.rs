//! A second evaluator, a direct transcription of the page of the rules. It shares no code with the engine but the types
//! of questions and readings. It is written to be compared with the page, not to be fast: each rule is a function, and
//! everything is looked up in the directory with loops, each time.

use lanyard_engine::{OpenPoint, Principal, Question, Reading, UnknownParts};
use lanyard_model::catalogue::is_well_formed;
use lanyard_model::resources::SecurityProfile;
use lanyard_model::{Directory, Kind};

#[path = "naive/analytics.rs"]
mod analytics;
#[path = "naive/assigns.rs"]
mod assigns;
#[path = "naive/contacts.rs"]
mod contacts;
#[path = "naive/names.rs"]
mod names;
#[path = "naive/profiles.rs"]
mod profiles;
#[path = "naive/records.rs"]
mod records;
#[path = "naive/resource.rs"]
mod resource;
#[path = "naive/scope.rs"]
mod scope;
#[path = "naive/tools.rs"]
mod tools;

use super::vocabulary::{
    BUILT_IN_TOOLS, Formula, TASKS, Task, acts_on, analytics_types, in_catalogue, is_own, is_recording, type_exists,
};
use resource::About;

/// The question is malformed.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Malformed;

/// The principal and its profiles.
#[derive(Clone)]
struct Who<'a> {
    /// A user's identifier, or an AI agent's ARN.
    id: String,
    is_agent: bool,
    group: Option<String>,
    profiles: Vec<&'a SecurityProfile>,
    /// One of the profiles is unknown, and may hold and restrict anything.
    has_unknown_profile: bool,
}

/// The result of looking a principal up.
enum Named<'a> {
    Known(Who<'a>),
    /// It is not in the state, and may exist.
    MayExist,
    Nobody,
}

struct Eval<'a> {
    d: &'a Directory,
    unknown: &'a UnknownParts,
    q: &'a Question<'a>,
    reading: Reading,
}

/// Which rule decides an action on a type of resource.
enum Rule {
    /// The action does not act on the type.
    DoesNotApply,
    /// Section 2: Lanyard does not know the action.
    UnknownAction,
    /// Section 8.
    Task(&'static Task),
    /// Section 6, the table.
    Tool,
    /// Section 6, the built-in tool that takes this permission.
    BuiltIn(&'static str),
    /// Held or not.
    Capability,
    /// Rules 2 to 8 and 10.
    Typed,
    /// Rule 9.
    Analytics,
    /// Rule 11, held and the contact is visible.
    Visible,
    /// Rule 12.
    Own,
}

/// The answer of the page in one reading: `Ok(true)` is allowed.
pub(crate) fn decide(
    directory: &Directory,
    unknown: &UnknownParts,
    question: &Question<'_>,
    reading: Reading,
) -> Result<bool, Malformed> {
    Eval { d: directory, unknown, q: question, reading }.answer()
}

/// The open point of an action that Lanyard does not know (section 2).
const UNKNOWN_ACTION: &str = "UnknownAction";

impl<'a> Eval<'a> {
    /// Whether the open point is read so that access is granted. A point that the engine does not have yet follows the
    /// two readings of section 1 only.
    fn open(&self, point: &str) -> bool {
        match OpenPoint::ALL.iter().find(|it| it.name() == point) {
            Some(point) => self.reading.grants(*point),
            None => self.reading == Reading::LENIENT,
        }
    }

    /// Whether unknown parts of the state are read so that they grant.
    fn unknown_grants(&self) -> bool {
        self.open("Unseen")
    }

    fn may_have_unknown(&self, kind: Kind) -> bool {
        self.unknown.kinds.contains(&kind)
    }

    /// Rules 1 and 14.
    fn answer(&self) -> Result<bool, Malformed> {
        self.check_text()?;
        let (principal, serves, self_service) = (self.principal()?, self.q.on_behalf_of, self.q.self_service);
        let is_agent = matches!(self.q.principal, Principal::AiAgent(_));
        // Rule 14: "For a user principal both are malformed."
        if !is_agent && (serves.is_some() || self_service) || serves.is_some() && self_service {
            return Err(Malformed);
        }
        let person = serves.map(|name| self.user(name)).transpose()?;
        // People that the question names must not be ambiguous, whether or not a rule asks for them.
        self.about()?;
        if matches!((&principal, &person), (Named::MayExist, None | Some(Named::Known(_) | Named::MayExist))) {
            // An unknown principal may have any profiles. The rights of the person that it serves do not count.
            return Ok(self.unknown_grants() && self.is_possible()?);
        }
        let own = self.allows(&principal)?;
        Ok(match person {
            // "For a user: allowed only if both are allowed."
            Some(person) => self.allows(&person)? && own,
            None if is_agent && !self_service => self.open("Q11") && own,
            None => own,
        })
    }

    /// Rule 1, and the action.
    fn allows(&self, named: &Named<'a>) -> Result<bool, Malformed> {
        let rule = self.rule(self.q.action, self.q.resource.resource_type);
        let about = self.about()?;
        match named {
            Named::Nobody => Ok(false),
            Named::MayExist => Ok(self.unknown_grants() && self.is_possible()?),
            Named::Known(who) if who.profiles.is_empty() && !who.has_unknown_profile => Ok(false),
            Named::Known(who) => {
                Ok(self.decides(who, self.q.action, self.q.resource.resource_type, &rule, &about)?
                    && self.assigns(who)?)
            }
        }
    }

    /// Whether the action acts on the type and the resource may exist.
    fn is_possible(&self) -> Result<bool, Malformed> {
        let rule = self.rule(self.q.action, self.q.resource.resource_type);
        Ok(!matches!(rule, Rule::DoesNotApply) && !matches!(self.about()?, About::Nothing))
    }

    /// Section 2 and section 3: what decides the action on the type.
    fn rule(&self, action: &str, resource_type: &str) -> Rule {
        let is_agent = matches!(self.q.principal, Principal::AiAgent(_));
        if let Some(name) = action.strip_prefix("task:") {
            return match TASKS.iter().find(|task| task.name == name) {
                // The permissions of a task act on no tool.
                Some(task) if type_exists(resource_type) => Rule::Task(task),
                Some(_) => Rule::DoesNotApply,
                None => Rule::UnknownAction,
            };
        }
        match (resource_type, action) {
            // "A tool identifier": every name is one.
            ("McpServer", _)
            | ("ThirdPartyApplication", "ACCESS")
            | ("ContactFlowModule", "Invoke")
            | ("AIAgent", "Collaborate") => return Rule::Tool,
            (_, "ACCESS" | "Invoke" | "Collaborate") => return Rule::DoesNotApply,
            _ => {}
        }
        if let Some((_, permission)) = BUILT_IN_TOOLS.iter().find(|(tool, _)| *tool == action) {
            // Of AI agents only, on the instance.
            return if is_agent && resource_type == "Instance" {
                Rule::BuiltIn(permission)
            } else {
                Rule::DoesNotApply
            };
        }
        if !is_well_formed(action) {
            return Rule::UnknownAction;
        }
        if !in_catalogue(action) {
            // "A well-formed permission outside the catalogue is decided like a capability."
            let is_capability = !is_agent || action.contains('.') || self.is_held_by_a_profile(action);
            return match resource_type {
                "Instance" if is_capability => Rule::Capability,
                // Section 6: "a tool that is not in it is an unknown action".
                "Instance" => Rule::UnknownAction,
                _ => Rule::DoesNotApply,
            };
        }
        match acts_on(action) {
            Some(types) if !types.contains(&resource_type) => Rule::DoesNotApply,
            // Rule 11: "V or M asked on a Contact: held, and the contact is visible. […] Any other ContactSearch.* or
            // MyContacts.* permission: held or not."
            Some(["Contact"]) if ["ContactSearch.View", "MyContacts.View"].contains(&action) => Rule::Visible,
            Some(["Contact"]) => Rule::Capability,
            Some(_) if is_own(action) => Rule::Own,
            Some(_) => Rule::Typed,
            None if resource_type == "Instance" => Rule::Capability,
            None if resource_type == "Contact" && is_recording(action) => Rule::Visible,
            None if analytics_types(action).contains(&resource_type) => Rule::Analytics,
            None => Rule::DoesNotApply,
        }
    }

    fn decides(
        &self,
        who: &Who<'a>,
        action: &str,
        resource_type: &str,
        rule: &Rule,
        about: &About,
    ) -> Result<bool, Malformed> {
        if matches!(about, About::Nothing) {
            // "An id that does not exist is denied (`resource_unknown`)."
            return Ok(false);
        }
        let may_not_exist = matches!(about, About::One(facts) if facts.may_not_exist);
        if may_not_exist && !matches!(rule, Rule::UnknownAction) && !self.unknown_grants() {
            return Ok(false);
        }
        Ok(match rule {
            Rule::DoesNotApply => false,
            Rule::UnknownAction => self.open(UNKNOWN_ACTION),
            Rule::Task(task) => self.task(who, task, resource_type, about)?,
            Rule::Tool => self.tool(who, about),
            Rule::BuiltIn("") => self.open("A24"),
            Rule::BuiltIn(permission) => self.holds_anywhere(who, permission),
            Rule::Capability => self.holds_anywhere(who, action),
            Rule::Typed => self.typed(who, action, resource_type, about),
            Rule::Analytics => self.analytics(who, action, resource_type, about),
            Rule::Visible => self.holds_anywhere(who, action) && self.is_visible(who, about)?,
            Rule::Own => self.own(who, action, resource_type, about)?,
        })
    }

    /// Whether the question is about one resource that exists.
    fn is_about_one(&self) -> bool {
        self.q.resource.id != "*" && !self.q.resource.hypothetical
    }

    /// Section 8.
    fn task(&self, who: &Who<'a>, task: &Task, resource_type: &str, about: &About) -> Result<bool, Malformed> {
        let formula = match &task.lenient {
            Some(lenient) if self.open("G2") => lenient,
            _ => &task.strict,
        };
        self.formula(who, formula, resource_type, about)
    }

    fn formula(&self, who: &Who<'a>, formula: &Formula, resource_type: &str, about: &About) -> Result<bool, Malformed> {
        match formula {
            Formula::Any(parts) => {
                for part in *parts {
                    if self.formula(who, part, resource_type, about)? {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
            Formula::All(parts) => {
                for part in *parts {
                    if !self.formula(who, part, resource_type, about)? {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
            // A permission to create is about a resource that does not exist yet.
            Formula::New(_) if self.is_about_one() && resource_type != "Instance" => Ok(false),
            Formula::One(permission) | Formula::New(permission) => {
                // On the instance: whether there may be a resource of the type that the permission acts on.
                if let (Some([first, ..]), "Instance") = (acts_on(permission), resource_type) {
                    let rule = self.rule(permission, first);
                    return self.decides(who, permission, first, &rule, &About::Some);
                }
                let rule = self.rule(permission, resource_type);
                self.decides(who, permission, resource_type, &rule, about)
            }
        }
    }
}
