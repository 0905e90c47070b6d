//! The names of permissions in text for people: those of the console or those of the API.

use std::borrow::Cow;

use super::Catalogue;

/// Whose names of permissions a text has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PermissionNames {
    /// The names in the Amazon Connect console, such as `Routing profiles - View`; the API's where the catalogue has none.
    #[default]
    Console,
    /// The names in the API, such as `RoutingPolicies.View`.
    Api,
}

impl PermissionNames {
    /// The name of a permission. A console name that several permissions share has the API name behind it. Other text than
    /// the API name of a permission of the catalogue is left as it is.
    #[must_use]
    pub fn name<'a>(self, catalogue: &'a Catalogue, api_name: &'a str) -> Cow<'a, str> {
        let console_name = match self {
            Self::Console => catalogue.get(api_name).and_then(super::PermissionInfo::console_name),
            Self::Api => None,
        };
        let Some(name) = console_name else { return Cow::Borrowed(api_name) };
        let is_shared = catalogue.iter().filter(|it| it.console_name() == Some(name)).nth(1).is_some();
        if is_shared { Cow::Owned(format!("{name}: {api_name}")) } else { Cow::Borrowed(name) }
    }
}
