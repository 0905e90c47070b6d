//! From a request as it is written to a question as the engine takes it.

use std::fmt;

use lanyard_answers::Names;
use lanyard_engine::{Malformed, Principal, PrincipalKind, Question, Reading, Resource};
use lanyard_model::catalogue::ResourceType;

use super::field::{Fault, Field, Shape, Wrong};
use super::request::{Action, Context, Parts, Resource as Written, Subject};

/// Why a request has no answer.
#[derive(Clone, Copy, Debug)]
pub(super) enum Unanswerable {
    Fault(Fault),
    Malformed(Malformed),
    /// A hierarchy group is named by a name that several have.
    AmbiguousGroup,
}

impl From<Fault> for Unanswerable {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl From<Malformed> for Unanswerable {
    fn from(malformed: Malformed) -> Self {
        Self::Malformed(malformed)
    }
}

impl fmt::Display for Unanswerable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fault(fault) => fault.fmt(f),
            Self::AmbiguousGroup => {
                f.write_str("several hierarchy groups have the name; name the group by its identifier or path")
            }
            // The engine's name for what is the subject here.
            Self::Malformed(Malformed::AmbiguousUser { member: "principal" }) => {
                Malformed::AmbiguousUser { member: "subject.id" }.fmt(f)
            }
            Self::Malformed(malformed) => malformed.fmt(f),
        }
    }
}

/// The part of a question that a search looks for; the others are given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SearchTarget {
    /// None: all parts are given.
    Nothing,
    Subject,
    Resource,
    Action,
}

/// The options of an answer.
#[derive(Clone, Copy, Debug)]
pub(super) struct EvaluationOptions {
    /// The reading that `decision` and results follow; strict or lenient.
    pub(super) reading: Reading,
    /// Whether to explain the decision.
    pub(super) explain: bool,
    /// The lowest revision of the instance that may be answered from.
    pub(super) at_least: u64,
}

/// A question, with the lists that it borrows.
pub(super) struct ParsedQuestion<'a> {
    /// `None` for a type of subject that does not exist.
    pub(super) kind: Option<PrincipalKind>,
    pub(super) evaluation_options: EvaluationOptions,
    question: Question<'a>,
    tags: Vec<(&'a str, &'a str)>,
    primary_values: Vec<(&'a str, &'a str)>,
    assigns: Vec<(&'a str, &'a str)>,
    named: NamedResources,
}

/// The identifiers of resources that a question names by name or ARN; `None` for those that it names by identifier.
#[derive(Default)]
struct NamedResources {
    resource: Option<String>,
    group: Option<String>,
    table: Option<String>,
    assigns: Vec<Option<String>>,
}

impl<'a> ParsedQuestion<'a> {
    /// A question that is answered in the strict reading, without an explanation.
    pub(super) fn of(question: &Question<'a>) -> Self {
        Self {
            kind: Some(match question.principal {
                Principal::User(_) => PrincipalKind::User,
                Principal::AiAgent(_) => PrincipalKind::AiAgent,
            }),
            evaluation_options: EvaluationOptions { reading: Reading::STRICT, explain: false, at_least: 0 },
            question: *question,
            tags: question.resource.tags.to_vec(),
            primary_values: question.resource.primary_values.to_vec(),
            assigns: question.assigns.to_vec(),
            named: NamedResources::default(),
        }
    }
}

impl ParsedQuestion<'_> {
    /// Looks up the resources that the question names by name or ARN. The engine knows users by name by itself.
    pub(super) fn look_up(&mut self, names: Names<'_>) -> Result<(), Unanswerable> {
        let id = |resource_type: &str, text: Option<&str>| match text {
            None | Some("*" | PLACEHOLDER) => Ok(None),
            Some(text) => names.id_of_named(resource_type, text).map_err(|_| Unanswerable::AmbiguousGroup),
        };
        let resource = &self.question.resource;
        // A record has no name of its own, and to compare what it is called with every record takes too long for a decision.
        let is_named = !resource.hypothetical && resource.resource_type != ResourceType::DataTableRecord.as_str();
        self.named.resource = id(resource.resource_type, is_named.then_some(resource.id))?;
        self.named.group = id(ResourceType::HierarchyGroup.as_str(), resource.hierarchy_group_id)?;
        self.named.table = id(ResourceType::DataTable.as_str(), resource.table_id)?;
        let assigned = self.assigns.iter().map(|(resource_type, text)| id(resource_type, Some(text)));
        self.named.assigns = assigned.collect::<Result<_, _>>()?;
        Ok(())
    }

    /// The resources that the action assigns, by type and identifier.
    pub(super) fn assigned(&self) -> Vec<(&str, &str)> {
        let mut assigned = self.assigns.clone();
        for ((_, id), named) in assigned.iter_mut().zip(&self.named.assigns) {
            *id = named.as_deref().unwrap_or(id);
        }
        assigned
    }

    /// The question, with what [`Self::assigned`] gives. It has identifiers for the names that were looked up.
    pub(super) fn question<'b>(&'b self, assigned: &'b [(&'b str, &'b str)]) -> Question<'b> {
        let (named, given) = (&self.named, &self.question.resource);
        let resource = Resource {
            id: named.resource.as_deref().unwrap_or(given.id),
            hierarchy_group_id: named.group.as_deref().or(given.hierarchy_group_id),
            table_id: named.table.as_deref().or(given.table_id),
            tags: &self.tags,
            primary_values: &self.primary_values,
            ..*given
        };
        Question { resource, assigns: assigned, ..self.question }
    }

    /// Whether it is about the whole type.
    pub(super) fn is_of_type(&self) -> bool {
        self.question.resource.id == "*"
    }
}

/// A placeholder for the part that a search looks for; the engine does not read it.
const PLACEHOLDER: &str = "-";

/// Parses a question; members that it leaves out are those of its batch.
pub(super) fn parse_question<'a>(
    parts: &'a Parts<'_>,
    defaults: &'a Parts<'_>,
    search_target: SearchTarget,
) -> Result<ParsedQuestion<'a>, Unanswerable> {
    let subject = or(&parts.subject, &defaults.subject).required("subject")?;
    let resource = or(&parts.resource, &defaults.resource).required("resource")?;
    let context = or(&parts.context, &defaults.context).optional("context")?;
    let action = match search_target {
        SearchTarget::Action => None,
        _ => Some(or(&parts.action, &defaults.action).required("action")?),
    };
    let (kind, principal) = principal(subject, search_target)?;
    let mut parsed = ParsedQuestion {
        kind,
        evaluation_options: evaluation_options(context.map(|context| &**context))?,
        question: Question::new(principal, PLACEHOLDER, PLACEHOLDER, PLACEHOLDER),
        tags: Vec::new(),
        primary_values: Vec::new(),
        assigns: Vec::new(),
        named: NamedResources::default(),
    };
    if let Some(action) = action {
        parsed.action(action)?;
    }
    parsed.resource(resource, search_target)?;
    if let Some(context) = context {
        parsed.question.on_behalf_of = context.on_behalf_of.optional_text("context.on_behalf_of")?;
        parsed.question.self_service = flag(&context.self_service, "context.self_service")?;
    }
    Ok(parsed)
}

/// The question's own member, or, where it is absent, the batch's.
pub(super) fn or<'a, T>(own: &'a Field<T>, default: &'a Field<T>) -> &'a Field<T> {
    if own.is_absent() { default } else { own }
}

fn flag(field: &Field<bool>, member: &'static str) -> Result<bool, Fault> {
    Ok(field.optional(member)?.copied().unwrap_or_default())
}

fn principal<'a>(
    subject: &'a Subject<'_>,
    search_target: SearchTarget,
) -> Result<(Option<PrincipalKind>, Principal<'a>), Unanswerable> {
    let kind = subject.subject_type.text("subject.type")?;
    let id = if search_target == SearchTarget::Subject { PLACEHOLDER } else { subject.id.text("subject.id")? };
    Ok(match kind {
        "user" => (Some(PrincipalKind::User), Principal::User(id)),
        "ai_agent" => (Some(PrincipalKind::AiAgent), Principal::AiAgent(id)),
        _ => (None, Principal::User(id)),
    })
}

/// The options of the answer.
pub(super) fn evaluation_options(context: Option<&Context<'_>>) -> Result<EvaluationOptions, Fault> {
    let Some(context) = context else {
        return Ok(EvaluationOptions { reading: Reading::STRICT, explain: false, at_least: 0 });
    };
    let member = "context.reading";
    let reading = match context.reading.optional_text(member)? {
        None | Some("strict") => Reading::STRICT,
        Some("lenient") => Reading::LENIENT,
        Some(_) => return Err(Fault { member, wrong: Wrong::Value("`strict` or `lenient`") }),
    };
    let explain = flag(&context.explain, "context.explain")?;
    super::freshness::parse(Some(context))?;
    let at_least = context.at_least.optional("context.at_least")?.copied().unwrap_or_default();
    Ok(EvaluationOptions { reading, explain, at_least })
}

impl<'a> ParsedQuestion<'a> {
    fn action(&mut self, action: &'a Action<'_>) -> Result<(), Unanswerable> {
        self.question.action = action.name.text("action.name")?;
        let Some(properties) = action.properties.optional("action.properties")? else { return Ok(()) };
        let member = "action.properties.assigns";
        if let Some(assigned) = properties.assigns.optional(member)? {
            for it in &assigned.0 {
                let Field::Given(it) = it else {
                    return Err(Fault { member, wrong: Wrong::Type(super::request::Assigned::IS) }.into());
                };
                let it = (
                    it.subject_type.text("action.properties.assigns.type")?,
                    it.id.text("action.properties.assigns.id")?,
                );
                self.assigns.push(it);
            }
        }
        self.question.changes_primary_values =
            flag(&properties.changes_primary_values, "action.properties.changes_primary_values")?;
        Ok(())
    }

    fn resource(&mut self, written: &'a Written<'_>, search_target: SearchTarget) -> Result<(), Unanswerable> {
        let resource = &mut self.question.resource;
        resource.resource_type = written.resource_type.text("resource.type")?;
        if search_target != SearchTarget::Resource {
            resource.id = written.id.text("resource.id")?;
        }
        let Some(properties) = written.properties.optional("resource.properties")? else { return Ok(()) };
        let member = "resource.properties.match";
        resource.match_some = match properties.match_extent.optional_text(member)? {
            None | Some("every") => false,
            Some("some") => true,
            Some(_) => return Err(Fault { member, wrong: Wrong::Value("`some` or `every`") }.into()),
        };
        resource.hypothetical = flag(&properties.hypothetical, "resource.properties.hypothetical")?;
        resource.hierarchy_group_id =
            properties.hierarchy_group_id.optional_text("resource.properties.hierarchy_group_id")?;
        resource.table_id = properties.table_id.optional_text("resource.properties.table_id")?;
        resource.agent_id = properties.agent_id.optional_text("resource.properties.agent_id")?;
        resource.owner_id = properties.owner_id.optional_text("resource.properties.owner_id")?;
        if let Some(tags) = properties.tags.optional("resource.properties.tags")? {
            self.tags = tags.borrowed();
        }
        if let Some(values) = properties.primary_values.optional("resource.properties.primary_values")? {
            self.primary_values = values.borrowed();
        }
        Ok(())
    }
}
