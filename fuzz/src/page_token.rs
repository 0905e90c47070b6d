//! Page tokens: one that was sealed opens to what was sealed, and nothing else opens.

use lanyard_wire::page_token::{Scope, SealingKey, open, seal};

/// A token; or a last key, with the scope's query before a line's end.
pub fn page_token(input: &[u8]) {
    let key = SealingKey::new([7; 32]);
    let text = String::from_utf8_lossy(input);
    let (query, last) = text.split_once('\n').unwrap_or(("", &text));
    let scope = Scope {
        account: "123456789012",
        region: "us-east-1",
        instance: "00000000-0000-4000-8000-000000000000",
        operation: "ListUsers",
        query: query.as_bytes(),
    };
    let token = seal(&key, &scope, last);
    assert_eq!(open(&key, &scope, &token).as_deref(), Ok(last));
    assert!(open(&SealingKey::new([8; 32]), &scope, &token).is_err(), "another key opens a token");
    assert!(open(&key, &Scope { operation: "ListQueues", ..scope }, &token).is_err(), "a token is of another listing");
    if let Ok(last) = open(&key, &scope, &text) {
        assert_eq!(seal(&key, &scope, &last), text, "a token opens that was not sealed");
    }
}
