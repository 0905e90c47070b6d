//! `/lanyard/v1/applications/{ApplicationId}/tools`: the tools of an MCP server, so that a profile that names one which the
//! server does not have is noticed.
//!
//! A list replaces the one before as a whole. While there is none, the server may have any tool.

use std::collections::BTreeSet;

use http::Method;
use lanyard_model::resources::{McpTool, RegisteredApplication};
use lanyard_wire::ErrorKind;
use serde::{Deserialize, Serialize};

use super::Surface;
use crate::request::Incoming;
use lanyard_service::Reply;
use lanyard_service::error::{Error, Excerpt, Result};
use lanyard_service::operations::applications::{find, tools as stored_tools};

/// How long a tool's identifier is at most, in characters: what a profile can name.
const LONGEST_NAME: usize = 128;

/// How many characters of a description are kept.
const LONGEST_DESCRIPTION: usize = 1_000;

/// How many tools a server has at most.
const MOST_TOOLS: usize = 1_000;

/// The application whose tools a path is about.
pub(super) fn application(path: &str) -> Option<&str> {
    let id = path.strip_prefix("/lanyard/v1/applications/")?.strip_suffix("/tools")?;
    (!id.is_empty() && !id.contains('/')).then_some(id)
}

/// The tools as the server itself lists them: the result of MCP's `tools/list`, whose other members are not kept.
#[derive(Deserialize)]
struct Wanted {
    tools: Vec<Tool>,
    #[serde(rename = "nextCursor")]
    next_cursor: Option<String>,
}

#[derive(Deserialize)]
struct Tool {
    name: String,
    description: Option<String>,
}

#[derive(Serialize)]
struct View<'a> {
    application: String,
    namespace: &'a str,
    /// Absent while the list is not set.
    #[serde(skip_serializing_if = "Option::is_none")]
    tools: Option<&'a [McpTool]>,
}

impl<'a> View<'a> {
    fn of(it: &'a RegisteredApplication) -> Self {
        Self { application: it.id.to_string(), namespace: &it.namespace, tools: it.tools.as_deref() }
    }
}

pub(super) async fn run(surface: &Surface<'_>, request: &Incoming<'_>, application: &str) -> Result<Reply> {
    match *request.method {
        Method::GET => {
            let call = super::reader(surface, request, "GetApplicationTools")?;
            let gone = || Error::not_found("application", application);
            let registry = surface.service.node.find_registry(&call.scope).await?.ok_or_else(gone)?;
            Reply::json(&View::of(&*find(&registry.writer.read(), &call.scope, application)?))
        }
        Method::PUT => {
            let call = super::writer(surface, request, "PutApplicationTools")?;
            let (tools, named) = (tools(super::parse(request.body)?)?, application.to_owned());
            let written = surface
                .service
                .write_in_registry(&call, move |cx| stored_tools::put(cx, &named, Some(tools.clone())))
                .await?;
            let registry = surface.service.node.registry(&call.scope).await?;
            let shown = Reply::json(&View::of(&*find(&registry.writer.read(), &call.scope, application)?))?;
            Ok(Reply { body: shown.body, ..written })
        }
        Method::DELETE => {
            let (call, named) = (super::writer(surface, request, "DeleteApplicationTools")?, application.to_owned());
            let written =
                surface.service.write_in_registry(&call, move |cx| stored_tools::put(cx, &named, None)).await?;
            Ok(Reply { body: b"{}".to_vec(), ..written })
        }
        _ => Err(Error::new(
            ErrorKind::UnknownOperationException,
            format!("the tools of an application have no operation {}; there are GET, PUT and DELETE", request.method),
        )),
    }
}

fn tools(wanted: Wanted) -> Result<Vec<McpTool>> {
    if wanted.next_cursor.is_some() {
        return Err(Error::invalid_parameter(
            "member `nextCursor` says that there are more tools; send the tools of all pages in one list",
        ));
    }
    if wanted.tools.len() > MOST_TOOLS {
        return Err(Error::invalid_parameter(format!(
            "member `tools` has {} items, at most {MOST_TOOLS} are allowed",
            wanted.tools.len()
        )));
    }
    let mut names = BTreeSet::new();
    let mut kept = Vec::with_capacity(wanted.tools.len());
    for Tool { name, description } in wanted.tools {
        let characters = name.chars().count();
        if characters == 0 || characters > LONGEST_NAME || name.chars().any(char::is_control) {
            return Err(Error::invalid_parameter(format!(
                "member `tools` has the name `{}`, must be 1 to {LONGEST_NAME} characters, none of them a control character",
                Excerpt(&name)
            )));
        }
        if !names.insert(name.clone()) {
            return Err(Error::invalid_parameter(format!("member `tools` has the name `{}` twice", Excerpt(&name))));
        }
        let description = description.map(|text| text.chars().take(LONGEST_DESCRIPTION).collect());
        kept.push(McpTool { name, description });
    }
    Ok(kept)
}
