//! Operations, error kinds and routes.

use std::collections::BTreeSet;

use super::{Service, file, header};
use crate::model::{Location, Model, Shape};

/// The kinds of errors that the protocol has in addition to the modelled ones, with their status.
const PROTOCOL_ERRORS: &[(&str, u64)] = &[
    ("SerializationException", 400),
    ("IncompleteSignatureException", 403),
    ("InvalidSignatureException", 403),
    ("MissingAuthenticationTokenException", 403),
    ("UnrecognizedClientException", 403),
    ("UnknownOperationException", 404),
    ("NotImplementedException", 501),
    ("ServiceUnavailableException", 503),
];

pub(super) fn files(service: &Service, model: &Model) -> Result<Vec<(&'static str, String)>, String> {
    let mut lines = Vec::new();
    let mut of_an_instance = Vec::new();
    for operation in &model.operations {
        let output = match &operation.output {
            Some(output) => format!("{}::{output}", service.shapes),
            None => "()".to_owned(),
        };
        let (name, method, uri, input) = (&operation.name, &operation.method, &operation.uri, &operation.input);
        lines.push(format!("{name} {{"));
        lines.push(format!("    {method:?} {uri:?}, {input} => {output},"));
        let page = match &operation.paginator {
            Some([input, limit, output, result]) => format!(", page ({input:?}, {limit:?}, {output:?}, {result:?})"),
            None => String::new(),
        };
        lines.push(format!("    [{}]{page}", operation.errors.join(", ")));
        lines.push("}".to_owned());
        let Shape::Structure { members, .. } = model.shape(input)? else {
            return Err(format!("operation {name}: the input is not a structure"));
        };
        check_labels(
            uri,
            members.iter().filter_map(|member| match &member.location {
                Location::Label(name) => Some(&**name),
                _ => None,
            }),
        )
        .map_err(|error| format!("operation {name}: {error}"))?;
        if members.iter().any(|member| member.name == "InstanceId" && member.required) {
            of_an_instance.push(input.clone());
        }
    }
    let mut operations = file(&service.header(), "Every operation with shapes.", "", "operations", &lines);
    if !of_an_instance.is_empty() {
        operations.push_str("\nof_an_instance! {\n");
        for input in of_an_instance {
            operations.push_str(&format!("    {input}\n"));
        }
        operations.push_str("}\n");
    }
    Ok(vec![("operations.rs", operations), ("routes.rs", routes(service, model)?)])
}

fn check_labels<'m>(uri: &str, members: impl Iterator<Item = &'m str>) -> Result<(), String> {
    let labels: BTreeSet<&str> =
        uri.split('/').filter_map(|part| part.strip_prefix('{').and_then(|part| part.strip_suffix('}'))).collect();
    match labels == members.collect() {
        true => Ok(()),
        false => Err(format!("the labels of `{uri}` are not the input's")),
    }
}

/// The kinds of errors of all services, each once.
pub(super) fn errors(models: &[&Model]) -> Result<String, String> {
    let modelled = models.iter().flat_map(|model| &model.shapes).filter_map(|(name, shape)| match shape {
        Shape::Structure { status: Some(status), .. } => Some((&**name, *status)),
        _ => None,
    });
    let modelled: BTreeSet<(&str, u64)> = modelled.collect();
    let kinds: Vec<(&str, u64)> = modelled.into_iter().chain(PROTOCOL_ERRORS.iter().copied()).collect();
    let unique: BTreeSet<&str> = kinds.iter().map(|(name, _)| *name).collect();
    if unique.len() != kinds.len() {
        return Err(
            "an error of the protocol is also modelled, or one has another status in another service".to_owned()
        );
    }
    let lines: Vec<String> = kinds.iter().map(|(name, status)| format!("{name} = {status},")).collect();
    let header = header("the models in `model/`");
    Ok(file(&header, "The modelled kinds of errors, then the protocol's own.", "", "error_kinds", &lines))
}

fn routes(service: &Service, model: &Model) -> Result<String, String> {
    let mut rows = Vec::new();
    for (name, method, uri) in &model.routes {
        let path = uri.strip_prefix('/').ok_or_else(|| format!("route {name}: `{uri}` does not begin with a slash"))?;
        let mut segments = Vec::new();
        for part in path.split('/') {
            let label = part.strip_prefix('{').and_then(|part| part.strip_suffix('}'));
            let bare = label.unwrap_or(part);
            if bare.is_empty() || bare.contains(['{', '}', '+', '?']) || (segments.is_empty() && label.is_some()) {
                return Err(format!("route {name}: `{uri}` has a form that is not supported"));
            }
            segments.push((label.is_some(), bare));
        }
        let operation = model.operations.iter().find(|operation| operation.name == *name);
        if operation.is_some_and(|operation| (&operation.method, &operation.uri) != (method, uri)) {
            return Err(format!("route {name}: the operation has another path"));
        }
        let first = segments.first().map(|(_, text)| *text).unwrap_or_default();
        rows.push(((segments.len(), first, method, segments), operation.is_some(), name));
    }
    if let Some(missing) = model.operations.iter().find(|operation| !rows.iter().any(|row| *row.2 == operation.name)) {
        return Err(format!("operation {} has no route", missing.name));
    }
    rows.sort();
    let lines: Vec<String> = rows
        .iter()
        .map(|((_, _, method, segments), served, name)| {
            let segments: Vec<String> = segments
                .iter()
                .map(|(label, text)| if *label { format!("[{text:?}]") } else { format!("{text:?}") })
                .collect();
            let target = if *served { (*name).clone() } else { format!("{name:?}") };
            format!("{method:?} ({}) {target};", segments.join(" "))
        })
        .collect();
    let most = |count: fn(&(bool, &str)) -> bool| {
        rows.iter().map(|((_, _, _, segments), _, _)| segments.iter().filter(|segment| count(segment)).count()).max()
    };
    let mut text = file(&service.header(), "Every route of the service.", "", "routes", &lines);
    text.push_str(&format!(
        "\n/// The most labels in a path.\npub(crate) const MAX_LABELS: usize = {};\n",
        most(|segment| segment.0).unwrap_or(0)
    ));
    text.push_str(&format!(
        "\n/// The most segments in a path.\npub(crate) const MAX_SEGMENTS: usize = {};\n",
        most(|_| true).unwrap_or(0)
    ));
    Ok(text)
}
