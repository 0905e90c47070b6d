//! Strings of a fixed set.
//!
//! Generated from `model/appintegrations-2020-07-29.json`; `cargo run -p lanyard-codegen` writes it again.

enums! {
    APPLICATION_TYPE ApplicationType {
        Standard = "STANDARD",
        Service = "SERVICE",
        McpServer = "MCP_SERVER",
        A2aServer = "A2A_SERVER",
    }
    AUTH_TYPE AuthType {
        ApiKey = "API_KEY",
        ConnectJwt = "CONNECT_JWT",
    }
    CONTACT_HANDLING_SCOPE ContactHandlingScope {
        CrossContacts = "CROSS_CONTACTS",
        PerContact = "PER_CONTACT",
    }
}
