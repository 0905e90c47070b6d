//! The tools of an MCP server, which the administration API replaces as a whole.

use lanyard_model::resources::{McpTool, RegisteredApplication, RegisteredType};

use super::find;
use crate::context::Write;
use crate::error::{Error, Result};

/// Replaces what is known of a server's tools.
pub fn put(cx: &mut Write<'_>, application: &str, tools: Option<Vec<McpTool>>) -> Result<()> {
    let mut it = RegisteredApplication::clone(&*find(cx, &cx.call.scope, application)?);
    if it.application_type != RegisteredType::McpServer {
        return Err(Error::invalid_request(format!(
            "the application `{application}` is of the type {}; only an MCP_SERVER has tools",
            it.application_type.as_str()
        )));
    }
    it.tools = tools;
    cx.put(it)
}
