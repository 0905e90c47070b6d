//! Calls in as many change-sets as they need.
//!
//! A change-set is one write, and it is bounded (`docs/admin-api.md`). Where calls are more than one holds, they are
//! several writes, in the order of the calls.

use std::collections::HashMap;
use std::ops::Range;

use serde_json::{Value, json};

use super::Call;
use super::placeholders::PREFIX;

/// How many calls a change-set has at most.
pub const MOST_CALLS: usize = 10_000;

/// How long the body of a change-set is at most, in bytes.
pub const MOST_BYTES: usize = 1 << 20;

/// What a body has around its calls, in bytes, at most.
const AROUND: usize = 1_024;

/// A call as a change-set has it.
#[must_use]
pub fn in_change_set(call: &Call) -> Value {
    json!({ "method": call.method, "path": call.path, "query": call.query, "body": call.body, "makes": call.makes })
}

/// The calls as ranges, each of which one change-set holds. What takes the place of stand-ins is as long as they are.
///
/// # Errors
/// The first call that no change-set holds, with its length in bytes.
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

/// The text with what was made in the place of its stand-ins, where that is known.
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
    fn every_batch_is_one_that_a_change_set_holds_and_none_is_lost() {
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
    fn what_was_made_takes_the_place_of_its_stand_in() {
        let placeholder = format!("{PREFIX}000000000001");
        let made = HashMap::from([(placeholder.clone(), "made".to_owned())]);
        assert_eq!(with_made(&format!("/a/{placeholder}/{placeholder}"), &made), "/a/made/made");
        let other = format!("{PREFIX}000000000002 and {PREFIX}");
        assert_eq!(with_made(&other, &made), other);
    }
}
