//! The way to settle each open point.

use lanyard_engine::OpenPoint;

use crate::question::OwnedQuestion;
use crate::subject::Subject;

/// A detail to add to the question, or a change of the configuration, after which the open point no longer matters for
/// this question.
#[must_use]
pub fn remedy(point: OpenPoint, question: &OwnedQuestion) -> &'static str {
    let is_stored = !question.hypothetical && question.id != "*";
    match (point, question.resource_type.as_str()) {
        (OpenPoint::Q4, _) if matches!(question.subject, Subject::SecurityProfile(_)) => {
            "ask about a person, who may have a hierarchy group, or name a group in the profile"
        }
        (OpenPoint::Q5, "Contact") if question.agent.is_none() => {
            "name the agent who handles the contact (--agent USER)"
        }
        (OpenPoint::Q5, "Contact") => "give the contact's agent a hierarchy group",
        (OpenPoint::Q7, "DataTableRecord") if is_stored => {
            "the record is the default one of its table; ask about a record that has primary values"
        }
        (OpenPoint::Q7, "DataTable") => "ask about one of its records (DataTableRecord:NAME)",
        (OpenPoint::Q8, "DataTable" | "DataTableRecord") => {
            "have one profile with a record rule for the table, not several"
        }
        _ => of_any_type(point),
    }
}

fn of_any_type(point: OpenPoint) -> &'static str {
    match point {
        OpenPoint::Q1 => {
            "name only documented types in `TagRestrictedResources`: User, SecurityProfile, Queue, RoutingProfile"
        }
        OpenPoint::Q2 => "have one profile that holds the permission and has the resource in scope",
        OpenPoint::Q3 => "give the profile tags, or take the restriction by tag away",
        OpenPoint::Q4 => "give the principal a hierarchy group, or name one in the profile",
        OpenPoint::Q5 => "give the resource a hierarchy group",
        OpenPoint::Q6 => "give the View permission to the profile that restricts the type",
        OpenPoint::Q7 => "give the record's primary values (--primary NAME=VALUE), or its table (--table NAME)",
        OpenPoint::Q8 => "have one profile with a record rule, not several",
        OpenPoint::Q9 => {
            "give `RestrictContactAccessByHierarchy.View` to every profile with `ContactSearch.View`, or to none"
        }
        OpenPoint::Q10 => "give the AI agent a profile that restricts nothing",
        OpenPoint::Q11 => "name the person whom the AI agent serves (--on-behalf-of USER, or --self-service)",
        OpenPoint::Q12 => {
            "let the principal view what is assigned with a profile that does not restrict its type by tag"
        }
        OpenPoint::Q13 => "give the permission for one's own in a profile that does not restrict the type by tag",
        OpenPoint::A24 => "give the AI agent a flow module or an MCP tool that starts the task",
        OpenPoint::G2 => "hold both `Users.Edit` and `Users.EditPermission`, or neither",
        OpenPoint::UnknownAction => "ask with the name that the service has for it; `lanyard permissions` lists them",
        OpenPoint::A4 => "give the application in the profile its type, MCP",
        OpenPoint::A16 => "name the same version or alias of the flow module in the profile and in the question",
        OpenPoint::H16 => "have one profile that restricts by tag and by hierarchy, not several",
        OpenPoint::Unseen => "ask where all of it can be seen: the instance itself, or a pull that may read it",
        OpenPoint::P14 => "hold `ContactSearch.View` without the restriction by hierarchy, or only `MyContacts.View`",
    }
}
