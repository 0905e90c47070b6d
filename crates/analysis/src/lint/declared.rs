//! Declared settings of AI agents, which the configuration does not contain: their tools, and the people they assist.

/// Declared settings that the configuration does not contain.
#[derive(Clone, Debug, Default)]
pub struct Declared {
    /// The AI agents.
    pub ai_agents: Vec<DeclaredAgent>,
}

/// The settings of an AI agent in the service that hosts it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DeclaredAgent {
    /// Its ARN without version.
    pub arn: String,
    /// The version qualifiers in use, such as `$LATEST` or `3`; an empty one is the ARN without version.
    pub versions: Vec<String>,
    /// The tools it is configured with.
    pub tools: Vec<DeclaredTool>,
    /// The names of the security profiles of the people it assists; empty for an agent that serves only customers.
    pub assists: Vec<String>,
}

/// A tool, or the permission of a built-in tool.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DeclaredTool {
    /// A tool of an MCP server.
    Mcp {
        /// The server's namespace.
        namespace: String,
        /// The tool's identifier.
        tool: String,
    },
    /// A flow module, by identifier or ARN.
    FlowModule(String),
    /// Another AI agent, by the ARN that profiles allow.
    AiAgent(String),
    /// The permission that a built-in tool requires, such as `Cases.View`.
    Permission(String),
}
