//! The way to settle each open point.

use lanyard_engine::OpenPoint;

/// A detail to add to the question, or a change of the configuration, after which the open point no longer matters.
pub(crate) fn remedy(point: OpenPoint) -> &'static str {
    match point {
        OpenPoint::Q1 => {
            "name only documented types in `TagRestrictedResources`: User, SecurityProfile, Queue, RoutingProfile"
        }
        OpenPoint::Q2 => "have one profile that holds the permission and has the resource in scope",
        OpenPoint::Q3 => "give the profile tags, or take the restriction by tag away",
        OpenPoint::Q4 => "give the principal a hierarchy group, or name one in the profile",
        OpenPoint::Q5 => "give the resource a hierarchy group",
        OpenPoint::Q6 => "give the View permission to the profile that restricts the type",
        OpenPoint::Q7 => "give the record's primary values (--primary NAME=VALUE)",
        OpenPoint::Q8 => "have one profile with a record rule, not several",
        OpenPoint::Q9 => {
            "give `RestrictContactAccessByHierarchy.View` to every profile with `ContactSearch.View`, or to none"
        }
        OpenPoint::Q10 => "give the AI agent a profile that restricts nothing",
        OpenPoint::Q11 => "name the person whom the AI agent serves (--on-behalf-of USER, or --self-service)",
        OpenPoint::Q12 => "let the principal view what is assigned",
        OpenPoint::A4 => "give the application in the profile its type, MCP",
        OpenPoint::A16 => "name the same version or alias of the flow module in the profile and in the question",
        OpenPoint::H16 => "have one profile that restricts by tag and by hierarchy, not several",
        OpenPoint::Unseen => "ask where all of it can be seen: the instance itself, or a pull that may read it",
        OpenPoint::P14 => "hold `ContactSearch.View` without the restriction by hierarchy, or only `MyContacts.View`",
    }
}
