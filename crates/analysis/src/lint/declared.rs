//! What no configuration carries and somebody says: which tools AI agents are configured with, and whom they assist.

/// What no configuration carries and somebody says.
#[derive(Clone, Debug, Default)]
pub struct Declared {
    /// The AI agents.
    pub ai_agents: Vec<DeclaredAgent>,
}

/// An AI agent as it is configured in the service that it lives in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DeclaredAgent {
    /// Its ARN without version.
    pub arn: String,
    /// The version qualifiers in use, such as `$LATEST` or `3`; the empty one for the ARN without version.
    pub versions: Vec<String>,
    /// The tools it is configured with.
    pub tools: Vec<DeclaredTool>,
    /// The names of the security profiles of the people it assists; empty for one that serves customers alone.
    pub assists: Vec<String>,
}

/// A tool, or what a built-in tool needs.
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
    /// A permission that a built-in tool takes, such as `Cases.View`.
    Permission(String),
}
