//! Writes typed values as JSON, labels and queries.
//!
//! JSON is compact, in the model's order, without absent members.

use crate::percent;
use crate::schema::{Location, Member, Schema};
use crate::value::{Parts, View};
use crate::{ServiceOperation, Timestamp};

/// A request without headers and signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestParts {
    /// The HTTP method.
    pub method: &'static str,
    /// The path, percent-encoded as the AWS clients do it (a `/` in a label is `%2F`).
    pub path: String,
    /// The query, percent-encoded, without `?`.
    pub query: Option<String>,
    /// The body: `{}` where the operation takes one and no member of it is set, nothing where it takes none.
    pub body: Option<Vec<u8>>,
}

/// Appends `text` as a JSON string.
pub(crate) fn string(out: &mut Vec<u8>, text: &str) {
    if text.bytes().any(|byte| byte < b' ' || matches!(byte, b'"' | b'\\')) {
        // Writing to a vector cannot fail.
        let _ = serde_json::to_writer(out, text);
        return;
    }
    out.push(b'"');
    out.extend_from_slice(text.as_bytes());
    out.push(b'"');
}

/// Appends the members that travel in the body as a JSON object.
pub(crate) fn structure(out: &mut Vec<u8>, members: &'static [Member], value: &dyn Parts) {
    let mut members = members.iter();
    let mut before = b'{';
    value.each(&mut |view| {
        let Some(member) = members.next() else { return };
        if member.location == Location::Body && !matches!(view, View::Absent) {
            out.push(before);
            before = b',';
            string(out, member.name);
            out.push(b':');
            json(out, member.schema, &view);
        }
    });
    if before == b'{' {
        out.push(b'{');
    }
    out.push(b'}');
}

fn json(out: &mut Vec<u8>, schema: &Schema, view: &View<'_>) {
    match (view, schema) {
        (View::Text(text), _) => string(out, text),
        (View::Boolean(truth), _) => out.extend(if *truth { "true".bytes() } else { "false".bytes() }),
        (View::Integer(number), _) => out.extend(number.to_string().bytes()),
        (View::Timestamp(time), _) => out.extend(Timestamp::to_string(time).bytes()),
        (View::Double(number), _) => {
            // Writing to a vector cannot fail.
            let _ = serde_json::to_writer(out, number);
        }
        (View::Structure(parts), Schema::Structure(members)) => structure(out, members(), *parts),
        (View::List(parts), Schema::List(list)) => {
            let mut before = b'[';
            parts.each(&mut |item| {
                out.push(before);
                before = b',';
                json(out, list.item, &item);
            });
            if before == b'[' {
                out.push(b'[');
            }
            out.push(b']');
        }
        (View::Map(entries), _) => {
            out.push(b'{');
            for (index, (key, value)) in entries.iter().enumerate() {
                if index > 0 {
                    out.push(b',');
                }
                string(out, key);
                out.push(b':');
                string(out, value);
            }
            out.push(b'}');
        }
        (View::Absent | View::List(_) | View::Structure(_), _) => out.extend("null".bytes()),
    }
}

/// A whole request, as the AWS clients make it.
pub(crate) fn request(operation: impl ServiceOperation, members: &'static [Member], input: &dyn Parts) -> RequestParts {
    let mut path = operation.uri().to_owned();
    let mut query = String::new();
    let mut fields = members.iter();
    input.each(&mut |view| match fields.next() {
        Some(Member { location: Location::Label(name), .. }) => {
            let mut value = String::new();
            plain(&view, &mut |text| percent::encode(&mut value, text));
            path = path.replacen(&format!("{{{name}}}"), &value, 1);
        }
        Some(Member { location: Location::Query(name), .. }) => plain(&view, &mut |text| {
            if !query.is_empty() {
                query.push('&');
            }
            percent::encode(&mut query, name);
            query.push('=');
            percent::encode(&mut query, text);
        }),
        _ => {}
    });
    let body = members.iter().any(|member| member.location == Location::Body).then(|| {
        let mut body = Vec::with_capacity(256);
        structure(&mut body, members, input);
        body
    });
    RequestParts { method: operation.method(), path, query: (!query.is_empty()).then_some(query), body }
}

/// Shows the text of a value that travels outside the body; a list shows each of its items.
fn plain(view: &View<'_>, show: &mut dyn FnMut(&str)) {
    match view {
        View::Text(text) => show(text),
        View::Integer(number) => show(&number.to_string()),
        View::Double(number) => show(&number.to_string()),
        View::Boolean(truth) => show(if *truth { "true" } else { "false" }),
        View::Timestamp(time) => show(&time.to_string()),
        View::List(parts) => parts.each(&mut |item| plain(&item, show)),
        View::Absent | View::Map(_) | View::Structure(_) => {}
    }
}
