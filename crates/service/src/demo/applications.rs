//! The applications of the demo: a website that agents open, and a server whose tools an AI agent uses.

use lanyard_model::Id;
use lanyard_model::resources::McpTool;
use lanyard_wire::appintegrations::shapes::{
    ApplicationSourceConfig, ApplicationType, CreateApplicationRequest, ExternalUrlConfig,
};
use lanyard_wire::shapes::{CreateIntegrationAssociationRequest, IntegrationType};

use crate::context::Write;
use crate::error::Result;
use crate::operations::applications::tools;
use crate::operations::applications::{create_application, of_namespace};
use crate::operations::integrations::make_association;

/// The namespace of the website.
pub(super) const ORDERS: &str = "orders-desk";

/// The namespace of the server of tools.
pub(super) const REFUNDS: &str = "refunds-gateway";

/// The applications: namespace, name, type, address.
const APPLICATIONS: &[(&str, &str, ApplicationType, &str)] = &[
    (ORDERS, "Orders desk", ApplicationType::Standard, "https://orders.example.com"),
    (REFUNDS, "Refunds gateway", ApplicationType::McpServer, "https://refunds.example.com/mcp"),
];

/// The tools of the server.
const TOOLS: &[(&str, &str)] = &[
    ("payments___find_order", "Finds an order by its number"),
    ("payments___refund", "Pays an order back"),
    ("payments___void", "Takes a refund back"),
];

/// Registers those that are not there yet.
pub(super) fn register(cx: &mut Write<'_>) -> Result<()> {
    for (namespace, name, application_type, url) in APPLICATIONS {
        if of_namespace(cx, namespace).is_some() {
            continue;
        }
        let request = CreateApplicationRequest {
            name: (*name).to_owned(),
            namespace: (*namespace).to_owned(),
            application_source_config: ApplicationSourceConfig {
                external_url_config: Some(ExternalUrlConfig { access_url: (*url).to_owned(), approved_origins: None }),
            },
            application_type: Some(application_type.clone()),
            ..Default::default()
        };
        let id = create_application(cx, &request)?.id.unwrap_or_default();
        if *application_type == ApplicationType::McpServer {
            let tool = |(name, description): &(&str, &str)| McpTool {
                name: (*name).to_owned(),
                description: Some((*description).to_owned()),
            };
            tools::put(cx, &id, Some(TOOLS.iter().map(tool).collect()))?;
        }
    }
    Ok(())
}

/// Associates the instance with them.
pub(super) fn associate(cx: &mut Write<'_>, instance: &str) -> Result<()> {
    for (namespace, ..) in APPLICATIONS {
        let id: Option<Id> = cx.registry.as_ref().and_then(|it| of_namespace(it, namespace)).map(|it| it.id.clone());
        let Some(id) = id else { continue };
        let request = CreateIntegrationAssociationRequest {
            instance_id: instance.to_owned(),
            integration_type: IntegrationType::Application,
            integration_arn: cx.call.scope.application_arn(&id),
            ..Default::default()
        };
        make_association(cx, &request)?;
    }
    Ok(())
}
