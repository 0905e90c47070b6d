//! Lookups of flow modules, their versions and aliases by the names in requests.

use std::sync::Arc;

use lanyard_model::resources::{FlowModule, FlowModuleAlias, FlowModuleVersion};
use lanyard_model::{Directory, Id, Kind};

use crate::context::InstanceState;
use crate::error::{Error, Excerpt, Result};
use crate::operations::ids;

/// Which content of a module a request means.
pub(super) enum Form {
    /// The published content: a bare identifier, or `$LATEST`.
    Published,
    /// The content that was saved last, published or not: `$SAVED`.
    Saved,
    /// The content that was published when a version was made: its number, or an alias of it.
    Version(Arc<FlowModuleVersion>),
}

/// The module that an identifier or ARN without a qualifier names.
pub(super) fn module(cx: &impl InstanceState, text: &str) -> Result<Arc<FlowModule>> {
    let id = Id::new(ids::bare(cx, Kind::FlowModule, text));
    let module = cx.flow_modules.get(&id).filter(|_| cx.can_view(Kind::FlowModule, &id));
    module.cloned().ok_or_else(|| Error::not_found(Kind::FlowModule.noun(), text))
}

/// The module that an identifier or ARN names, and which content of it, where a qualifier follows after a colon.
pub(super) fn qualified(cx: &impl InstanceState, text: &str) -> Result<(Arc<FlowModule>, Form)> {
    let bare = ids::bare(cx, Kind::FlowModule, text);
    let Some((id, qualifier)) = bare.split_once(':') else { return Ok((module(cx, bare)?, Form::Published)) };
    let module = module(cx, id)?;
    let form = match qualifier {
        "$LATEST" => Form::Published,
        "$SAVED" => Form::Saved,
        name => {
            let alias = aliases(cx, &module.id).find(|alias| alias.name == name);
            let number = alias.map_or_else(|| name.parse().ok(), |alias| Some(alias.version));
            let missing = || Error::not_found("version or alias of the flow module", name);
            Form::Version(number.and_then(|number| find_version(cx, &module.id, number)).ok_or_else(missing)?)
        }
    };
    Ok((module, form))
}

/// The version of this number.
pub(super) fn version(directory: &Directory, module: &Id, number: i64) -> Result<Arc<FlowModuleVersion>> {
    let missing = || Error::not_found(Kind::FlowModuleVersion.noun(), number);
    find_version(directory, module, number).ok_or_else(missing)
}

fn find_version(directory: &Directory, module: &Id, number: i64) -> Option<Arc<FlowModuleVersion>> {
    directory.flow_module_versions.get(&FlowModuleVersion::key(module, number)).cloned()
}

/// The alias of this identifier, if it is one of the module's.
pub(super) fn alias(directory: &Directory, module: &Id, id: &str) -> Result<Arc<FlowModuleAlias>> {
    let alias = directory.flow_module_aliases.get(&Id::new(id)).filter(|alias| alias.flow_module_id == *module);
    alias.cloned().ok_or_else(|| Error::not_found(Kind::FlowModuleAlias.noun(), id))
}

/// The module's aliases.
pub(super) fn aliases<'d>(directory: &'d Directory, module: &Id) -> impl Iterator<Item = &'d Arc<FlowModuleAlias>> {
    directory
        .referrers(Kind::FlowModule, module)
        .filter(|key| key.kind == Kind::FlowModuleAlias)
        .filter_map(|key| directory.flow_module_aliases.get(&key.id))
}

/// The module's versions.
pub(super) fn versions<'d>(directory: &'d Directory, module: &Id) -> impl Iterator<Item = &'d Arc<FlowModuleVersion>> {
    directory
        .referrers(Kind::FlowModule, module)
        .filter(|key| key.kind == Kind::FlowModuleVersion)
        .filter_map(|key| directory.flow_module_versions.get(&key.id))
}

/// Refuses a name that an alias cannot have: one of a wrong form, one that another alias of the module has, and one
/// that has another meaning as a qualifier (`$LATEST`, `$SAVED`, a version's number).
///
/// The API model sets the form only for creating; an alias keeps it when it is renamed.
pub(super) fn check_alias_name(directory: &Directory, module: &Id, name: &str, own: Option<&Id>) -> Result<()> {
    const MOST_CHARACTERS: usize = 100;
    let is_separator = |byte: u8| byte == b'_' || byte == b'-';
    let bytes = name.as_bytes();
    let formed = name.len() <= MOST_CHARACTERS
        && bytes.first().is_some_and(|byte| !is_separator(*byte))
        && bytes.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'$' || is_separator(*byte))
        && !bytes.windows(2).any(|pair| pair.iter().copied().all(is_separator));
    if !formed {
        return Err(Error::invalid_parameter(format!(
            "the alias name `{}` must consist of at most {MOST_CHARACTERS} letters, digits and `$`, with single `_` or `-` \
             between or after them",
            Excerpt(name)
        )));
    }
    if matches!(name, "$LATEST" | "$SAVED") || name.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Error::invalid_parameter(format!(
            "the alias name `{name}` already has a meaning after a module's identifier; choose another"
        )));
    }
    if aliases(directory, module).any(|alias| alias.name == name && Some(&alias.id) != own) {
        return Err(Error::duplicate(format!("the flow module `{module}` has an alias named `{name}` already")));
    }
    Ok(())
}
