//! Everything that a principal may do.

use lanyard_engine::tasks::PREFIX;
use lanyard_engine::{Compiled, Denial, Finding, Malformed, OpenPoint, Outcome, Reading, wording};
use lanyard_model::Id;
use lanyard_model::catalogue::ResourceType;
use serde::{Deserialize, Serialize};

use crate::check::of_holder;
use crate::names::{Names, kind_of};
use crate::not_understood::NotUnderstood;
use crate::question::OwnedQuestion;
use crate::refusal::refuse;
use crate::resolve::any_of_type;
use crate::state_view::{Basis, StateView};
use crate::subject::Subject;
use crate::text;
use crate::written::WrittenQuestion;

/// The actions on one resource or type.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResourceSection {
    /// The type.
    pub resource_type: String,
    /// The resource's identifier; `*` for the type.
    pub id: String,
    /// The resource's name.
    pub name: String,
    /// The actions.
    pub lines: Vec<ActionLine>,
}

/// One action.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActionLine {
    /// A permission, an action on a tool, or a task after `task:`.
    pub action: String,
    /// The title of a task.
    pub title: Option<String>,
    /// Allowed or undetermined.
    pub outcome: Outcome,
    /// The part of the type that the action is granted on; `None` for all of it.
    pub part: Option<String>,
    /// The names of the stored resources, where the question is about a type.
    pub resources: Option<Vec<String>>,
    /// The open points that leave the answer undetermined; none where it is certain.
    pub open_points: Vec<OpenPoint>,
}

/// The actions that a principal may use, and those for which it is undetermined.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WhatCan {
    /// The principal.
    pub subject: Subject,
    /// Its name.
    pub subject_name: String,
    /// The outcome for every action, where the sections are empty: undetermined where the principal or the resource could
    /// not be read.
    pub of_nothing: Outcome,
    /// The actions by resource.
    pub sections: Vec<ResourceSection>,
    /// Notes on the answer.
    pub notes: Vec<String>,
    /// The state that it rests on.
    pub basis: Basis,
}

impl WhatCan {
    /// The answer without the parts of types, which say what profiles restrict, for those who may not see them.
    #[must_use]
    pub fn without_reasons(mut self) -> Self {
        self.sections.iter_mut().flat_map(|section| &mut section.lines).for_each(|line| {
            if line.part.is_some() && line.resources.is_none() {
                line.part = Some("some of them".to_owned());
            }
        });
        self.notes.push("the token does not have the scope `explain`, so that restrictions are left out".to_owned());
        self
    }
}

/// Finds the actions.
///
/// # Errors
/// The question names something that does not exist, or contradicts itself.
pub fn what_can(view: &StateView<'_>, written: &WrittenQuestion) -> Result<WhatCan, NotUnderstood> {
    let names = view.names();
    if written.principal.is_none() {
        return Err(NotUnderstood::new("the question needs a principal"));
    }
    let subject = written.subject(&names)?;
    let compiled = view.with_subject(&subject);
    let search = Search { view, written, subject: &subject, compiled: &compiled };
    let (mut of_nothing, mut notes, mut sections) = (Outcome::Denied, Vec::new(), Vec::new());
    match search.obstacle()? {
        Some((outcome, reason)) => {
            of_nothing = outcome;
            notes.push(reason);
        }
        None => sections = search.sections()?,
    }
    if sections.is_empty() && of_nothing == Outcome::Denied {
        notes.extend(search.why_nothing());
    }
    notes.extend(of_holder(&names, &subject));
    notes.extend(view.not_seen());
    let subject_name = text::subject(&names, &subject);
    Ok(WhatCan { subject, subject_name, of_nothing, sections, notes, basis: view.basis() })
}

/// A search for the actions of one principal.
struct Search<'a> {
    view: &'a StateView<'a>,
    written: &'a WrittenQuestion,
    subject: &'a Subject,
    compiled: &'a Compiled,
}

impl Search<'_> {
    fn names(&self) -> Names<'_> {
        self.view.names()
    }

    fn question(&self, resource: &str) -> Result<OwnedQuestion, NotUnderstood> {
        self.written.resolve(self.view, self.subject.clone(), "-", resource)
    }

    /// The reason why no action at all is granted: the resource could not be read, or the principal.
    ///
    /// # Errors
    /// The principal or the resource does not exist.
    fn obstacle(&self) -> Result<Option<(Outcome, String)>, NotUnderstood> {
        let names = self.names();
        let (resource, _) = any_of_type(self.written.resource.as_deref().unwrap_or("Instance"));
        let mut question = self.question(&resource)?;
        // Any permission of the type serves: the reason does not depend on it.
        let of_type = names
            .catalogue
            .iter()
            .find(|it| it.resource_types().iter().any(|it| it.as_str() == question.resource_type));
        question.action = of_type.map_or("ACCESS", |permission| permission.api_name()).to_owned();
        let explanation = question.with(|borrowed| self.compiled.explain(borrowed))?;
        if let Some(reason) = explanation.reasons.iter().find(|reason| **reason == Finding::PrincipalNotSeen) {
            return Ok(Some((Outcome::Undetermined, wording::finding(reason))));
        }
        Ok(match explanation.answer.denial {
            None | Some(Denial::UnknownAction | Denial::ActionDoesNotApply) => None,
            Some(denial) => {
                refuse(&names, &question, denial)?;
                Some((Outcome::Denied, wording::denial(denial).to_owned()))
            }
        })
    }

    /// The reason why a search for actions is empty.
    fn why_nothing(&self) -> Option<String> {
        let (_, profiles) = self.profiles();
        match profiles {
            0 => Some("the principal has no security profile".to_owned()),
            _ if self.written.resource.is_some() => {
                Some("no security profile of the principal grants an action there".to_owned())
            }
            _ => Some("no security profile of the principal grants anything".to_owned()),
        }
    }

    /// The sections of the resource that was named, or of every type.
    fn sections(&self) -> Result<Vec<ResourceSection>, NotUnderstood> {
        let mut sections = Vec::new();
        if let Some(resource) = &self.written.resource {
            let (written, is_type) = any_of_type(resource);
            let question = OwnedQuestion { match_some: is_type, ..self.question(&written)? };
            sections.push(self.section(&question, is_type)?);
        } else {
            sections.push(self.section(&self.question("Instance")?, false)?);
            for it in ResourceType::ALL.iter().copied().filter(|it| *it != ResourceType::Instance) {
                let question = OwnedQuestion { match_some: true, ..self.question(&format!("{}:*", it.as_str()))? };
                sections.push(self.section(&question, false)?);
            }
            for tool in self.profiles().0 {
                sections.push(self.section(&self.question(&tool)?, false)?);
            }
        }
        sections.retain(|section| !section.lines.is_empty());
        Ok(sections)
    }

    /// The tools that the principal's profiles list, as resources, each once; and the number of the profiles.
    fn profiles(&self) -> (Vec<String>, usize) {
        let directory = self.view.directory;
        let ids = match self.subject {
            Subject::AiAgent(arn) => {
                directory.ai_agents.get(&Id::new(arn)).map(|agent| agent.security_profile_ids.clone())
            }
            Subject::SecurityProfile(id) => Some(vec![Id::new(id)]),
            Subject::User(name) => {
                let id = directory.find_name(lanyard_model::Kind::User, name).cloned();
                let id = id.unwrap_or_else(|| Id::new(name.rsplit('/').next().unwrap_or(name)));
                directory.users.get(&id).map(|user| user.security_profile_ids.clone())
            }
        };
        let ids = ids.unwrap_or_default();
        let profiles = ids.iter().filter_map(|id| directory.security_profiles.get(id));
        let mut tools: Vec<String> = profiles
            .flat_map(|profile| {
                let namespaces = profile.applications.iter().filter_map(|application| application.namespace.as_deref());
                let applications =
                    namespaces.flat_map(|it| [format!("ThirdPartyApplication:{it}"), format!("McpServer:{it}")]);
                let modules = profile.allowed_flow_modules.iter().filter_map(|module| module.flow_module_id.as_deref());
                let modules = modules.map(|id| format!("ContactFlowModule:{id}"));
                let agents = profile.allowed_ai_agents.iter().filter_map(|agent| agent.arn.as_deref());
                applications.chain(modules).chain(agents.map(|arn| format!("AIAgent:{arn}"))).collect::<Vec<_>>()
            })
            .collect();
        tools.sort();
        tools.dedup();
        (tools, ids.len())
    }

    /// The section of one resource or type.
    fn section(&self, question: &OwnedQuestion, list: bool) -> Result<ResourceSection, Malformed> {
        let actions = |reading| {
            question.with(|borrowed| {
                let actions = self.compiled.which_actions(borrowed, reading, None);
                actions.map(|actions| actions.into_iter().map(str::to_owned).collect::<Vec<_>>())
            })
        };
        let certain = actions(Reading::STRICT)?;
        let mut lines = Vec::new();
        for action in self.tasks_of(question).chain(actions(Reading::LENIENT)?) {
            let one = OwnedQuestion { action: action.clone(), ..question.clone() };
            let (outcome, open_points) = if certain.contains(&action) {
                (Outcome::Allowed, Vec::new())
            } else {
                let answer = one.with(|borrowed| self.compiled.outcome(borrowed))?;
                (answer.outcome, answer.open_points)
            };
            if outcome == Outcome::Denied {
                continue;
            }
            let part = if question.match_some { self.part(&one, outcome)? } else { None };
            if list && part.is_some() && kind_of(&question.resource_type).is_some() {
                lines.extend(self.listed(&one, outcome, part.as_deref())?);
            } else {
                lines.push(ActionLine {
                    title: self.names().title(&action),
                    action,
                    outcome,
                    part,
                    resources: None,
                    open_points,
                });
            }
        }
        let name = self.names().name_of(&question.resource_type, &question.id);
        Ok(ResourceSection { resource_type: question.resource_type.clone(), id: question.id.clone(), name, lines })
    }

    /// The part of a type that an action is granted on; `None` for every resource of it.
    fn part(&self, question: &OwnedQuestion, outcome: Outcome) -> Result<Option<String>, Malformed> {
        let reading = if outcome == Outcome::Allowed { Reading::STRICT } else { Reading::LENIENT };
        let every = OwnedQuestion { match_some: false, ..question.clone() };
        if every.with(|borrowed| self.compiled.decide(borrowed, reading))?.is_allowed() {
            return Ok(None);
        }
        let explanation = question.with(|borrowed| self.compiled.explain(borrowed))?;
        let readable = text::readable(self.names(), &explanation);
        let granting = readable.reports.iter().flat_map(|report| &report.profiles);
        let granting = granting.filter(|profile| profile.findings == [Finding::Grants]);
        let mut parts: Vec<_> = granting.filter_map(|profile| profile.scope.as_ref()).map(wording::scope).collect();
        parts.sort();
        parts.dedup();
        Ok(Some(if parts.is_empty() { "some of them".to_owned() } else { format!("what is {}", parts.join("; or ")) }))
    }

    /// The stored resources that an action is granted on, and those for which that is undetermined: a line for each that
    /// there are. An action that is granted on a part of the type in which nothing is has a line too.
    fn listed(
        &self,
        question: &OwnedQuestion,
        outcome: Outcome,
        part: Option<&str>,
    ) -> Result<Vec<ActionLine>, Malformed> {
        let certain = self.resources(question, Reading::STRICT)?;
        let mut open = self.resources(question, Reading::LENIENT)?;
        open.retain(|id| !certain.contains(id));
        let mut open_points = Vec::new();
        for id in &open {
            let one = OwnedQuestion { id: id.to_string(), match_some: false, ..question.clone() };
            let answer = one.with(|borrowed| self.compiled.outcome(borrowed))?;
            open_points.extend(answer.open_points);
        }
        open_points.sort_unstable();
        open_points.dedup();
        let names = |ids: &[Id]| {
            let name = |id: &Id| self.names().name_of(&question.resource_type, &id.to_string());
            let mut names: Vec<_> = ids.iter().map(name).collect();
            names.sort();
            Some(names)
        };
        let line = |outcome, ids: &[Id], open_points| ActionLine {
            action: question.action.clone(),
            title: self.names().title(&question.action),
            outcome,
            part: part.map(str::to_owned),
            resources: names(ids),
            open_points,
        };
        let mut lines = Vec::new();
        let kind = kind_of(&question.resource_type);
        if certain.is_empty() && open.is_empty() && kind.is_some_and(|it| self.view.unknown_parts.kinds.contains(&it)) {
            // There may be resources that were not seen.
            lines.push(line(Outcome::Undetermined, &[], vec![OpenPoint::Unseen]));
            return Ok(lines);
        }
        if !certain.is_empty() || (open.is_empty() && outcome == Outcome::Allowed) {
            lines.push(line(Outcome::Allowed, &certain, Vec::new()));
        }
        if !open.is_empty() || (certain.is_empty() && outcome == Outcome::Undetermined) {
            lines.push(line(Outcome::Undetermined, &open, open_points));
        }
        Ok(lines)
    }

    /// The stored resources that an action is granted on in a reading.
    fn resources(&self, question: &OwnedQuestion, reading: Reading) -> Result<Vec<Id>, Malformed> {
        question.with(|borrowed| {
            let ids = self.compiled.which_resources(borrowed, reading, None)?;
            Ok(ids.into_iter().flatten().cloned().collect())
        })
    }

    /// The tasks that apply to the resource's type.
    fn tasks_of(&self, question: &OwnedQuestion) -> impl Iterator<Item = String> {
        let it = question.resource_type.clone();
        let tasks = self.compiled.permission_index().tasks();
        let about = tasks.filter(move |task| task.resource_types.contains(&it.as_str()));
        about.map(|task| format!("{PREFIX}{}", task.name))
    }
}
