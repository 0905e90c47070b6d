//! The division of calls into change-sets.
//!
//! A change-set is one write with limits (`docs/admin-api.md`). Calls that exceed the limits become several writes,
//! in the order of the calls.

use std::collections::HashMap;
use std::ops::Range;

use serde_json::{Value, json};

use super::Call;
use super::placeholders::PREFIX;

/// The maximum number of calls of a change-set.
pub const MOST_CALLS: usize = 10_000;

/// The maximum length of a change-set's body, in bytes.
pub const MOST_BYTES: usize = 1 << 20;

/// The maximum length of the body apart from its calls, in bytes.
const AROUND: usize = 1_024;

/// A call in the form of a change-set's member.
#[must_use]
pub fn in_change_set(call: &Call) -> Value {
    json!({ "method": call.method, "path": call.path, "query": call.query, "body": call.body, "makes": call.makes })
}

/// The calls as ranges, each of which fits into one change-set. The values that replace placeholders have the same
/// length as the placeholders.
///
/// # Errors
/// The first call that fits into no change-set, with its length in bytes.
pub fn batches(calls: &[Call]) -> Result<Vec<Range<usize>>, (&Call, usize)> {
    let mut all = Vec::new();
    let (mut first, mut bytes) = (0, AROUND);
    for (at, call) in calls.iter().enumerate() {
        let length = in_change_set(call).to_string().len() + 1;
        if AROUND + length > MOST_BYTES {
            return Err((call, length));
        }
        if bytes + length > MOST_BYTES || at - first == MOST_CALLS {
            all.push(first..at);
            (first, bytes) = (at, AROUND);
        }
        bytes += length;
    }
    if first < calls.len() {
        all.push(first..calls.len());
    }
    Ok(all)
}

/// The text with each known created identifier in place of its placeholder.
#[must_use]
pub fn with_made(text: &str, made: &HashMap<String, String>) -> String {
    const LENGTH: usize = 36;
    let mut replaced = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(PREFIX) {
        let (before, from) = rest.split_at(at);
        let length = from.len().min(LENGTH);
        let placeholder = from.get(..length).unwrap_or(from);
        replaced.push_str(before);
        replaced.push_str(made.get(placeholder).map_or(placeholder, String::as_str));
        rest = from.get(placeholder.len()..).unwrap_or_default();
    }
    replaced.push_str(rest);
    replaced
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use lanyard_model::{Id, Key, Kind};

    use super::*;

    fn call(length: usize) -> Call {
        Call {
            operation: "TagResource".into(),
            resource: Key { kind: Kind::User, id: Id::from_uuid(1) },
            method: "POST".into(),
            path: "/tags/x".into(),
            query: None,
            body: Some(Value::String("x".repeat(length))),
            makes: BTreeMap::new(),
        }
    }

    #[test]
    fn every_batch_fits_into_a_change_set_and_no_call_is_lost() {
        let few = vec![call(10); 3];
        assert!(batches(&few).unwrap().iter().eq(std::iter::once(&(0..3))));
        let many = vec![call(10); 25_000];
        let all = batches(&many).unwrap();
        assert_eq!((all.first().unwrap().start, all.last().unwrap().end), (0, 25_000));
        assert!(all.iter().zip(all.iter().skip(1)).all(|(one, next)| one.end == next.start));
        for batch in &all {
            let calls: Vec<_> = many[batch.clone()].iter().map(in_change_set).collect();
            assert!(calls.len() <= MOST_CALLS);
            let body = json!({ "expected_revision": u64::MAX, "dry_run": false, "calls": calls });
            assert!(body.to_string().len() <= MOST_BYTES);
        }
        assert!(batches(&[]).unwrap().is_empty());
        let large = [call(10), call(MOST_BYTES)];
        assert_eq!(batches(&large).unwrap_err().0, &large[1]);
    }

    #[test]
    fn created_identifiers_replace_their_placeholders() {
        let placeholder = format!("{PREFIX}000000000001");
        let made = HashMap::from([(placeholder.clone(), "made".to_owned())]);
        assert_eq!(with_made(&format!("/a/{placeholder}/{placeholder}"), &made), "/a/made/made");
        let other = format!("{PREFIX}000000000002 and {PREFIX}");
        assert_eq!(with_made(&other, &made), other);
    }
}
