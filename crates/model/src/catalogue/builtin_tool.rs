//! The tools that AI agents come with, as data: each name, and the permission that it takes.

/// A tool that AI agents come with (`decision-semantics`, section 6). It is asked on the instance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BuiltinTool {
    /// Its name in an AI agent's configuration.
    pub name: &'static str,
    /// Its identifier in an AI agent's configuration, where that is known.
    pub id: Option<&'static str>,
    /// The permission that grants it; `None` where the guide names one that no list of permissions has.
    pub permission: Option<&'static str>,
    /// Where that is known from.
    pub source: &'static str,
}

const GUIDE: &str = "https://docs.aws.amazon.com/connect/latest/adminguide/ai-agent-security-profile-permissions.html";

const fn tool(name: &'static str, permission: &'static str) -> BuiltinTool {
    BuiltinTool { name, id: None, permission: Some(permission), source: GUIDE }
}

/// Every tool that is known, in the order of names. The guide names the tools of cases and of customer profiles by what
/// they do; the names here are those of the operations.
pub static BUILTIN_TOOLS: &[BuiltinTool] = &[
    tool("CreateCase", "Cases.Create"),
    tool("GetCase", "Cases.View"),
    BuiltinTool { id: Some("aws_service__qconnect_Retrieve"), ..tool("Retrieve", "Wisdom.View") },
    tool("SearchCases", "Cases.View"),
    tool("SearchProfiles", "CustomerProfiles.View"),
    // The guide asks for "Tasks - Create", which is on no list of permissions.
    BuiltinTool { name: "StartTaskContact", id: None, permission: None, source: GUIDE },
    tool("UpdateCase", "Cases.Edit"),
];

/// The tool of this name or identifier; upper and lower case count.
#[must_use]
pub fn builtin_tool(text: &str) -> Option<&'static BuiltinTool> {
    BUILTIN_TOOLS.iter().find(|tool| tool.name == text || tool.id == Some(text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::Catalogue;

    #[test]
    fn tools_are_sorted_and_take_permissions_of_the_catalogue() {
        assert!(BUILTIN_TOOLS.is_sorted_by_key(|tool| tool.name));
        for tool in BUILTIN_TOOLS {
            assert!(tool.permission.is_none_or(|name| Catalogue::builtin().get(name).is_some()), "{}", tool.name);
            assert_eq!(builtin_tool(tool.name), Some(tool));
        }
        assert_eq!(builtin_tool("aws_service__qconnect_Retrieve").map(|tool| tool.name), Some("Retrieve"));
        assert_eq!(builtin_tool("retrieve"), None);
    }
}
