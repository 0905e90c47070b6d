//! What strings must look like.
//!
//! Generated from `model/appintegrations-2020-07-29.json`; `cargo run -p lanyard-codegen` writes it again.

patterns! {
    APPLICATION_NAME {
        rule: "match `[a-zA-Z0-9\\/\\._ \\-]+` as a whole",
        accept: [r#"\A(?:[a-zA-Z0-9\/\._ \-]+)\z"#],
        refuse: []
    }
    APPLICATION_NAMESPACE {
        rule: "match `[a-zA-Z0-9\\/\\._\\-]+` as a whole",
        accept: [r#"\A(?:[a-zA-Z0-9\/\._\-]+)\z"#],
        refuse: []
    }
    APPLICATION_TRUSTED_SOURCE {
        rule: "be a URL: a scheme, `://` and the rest, on one line",
        accept: [r#"\A[0-9A-Za-z_]+://.*\z"#],
        refuse: []
    }
    ARN {
        rule: "match `arn:aws:[A-Za-z0-9][A-Za-z0-9_/.-]{0,62}:[A-Za-z0-9_/.-]{0,63}:[A-Za-z0-9_/.-]{0,63}:[A-Za-z0-9][A-Za-z0-9:_/+=,@.-]{0,1023}` as a whole",
        accept: [r#"\A(?:arn:aws:[A-Za-z0-9][A-Za-z0-9_/.-]{0,62}:[A-Za-z0-9_/.-]{0,63}:[A-Za-z0-9_/.-]{0,63}:[A-Za-z0-9][A-Za-z0-9:_/+=,@.-]{0,1023})\z"#],
        refuse: []
    }
    ARN_OR_UUID {
        rule: "be an ARN, or an identifier of the form of a UUID",
        accept: [r#"\A(?:arn:aws:[A-Za-z0-9][A-Za-z0-9_/.-]{0,62}:[A-Za-z0-9_/.-]{0,63}:[A-Za-z0-9_/.-]{0,63}:[A-Za-z0-9][A-Za-z0-9:_/+=,@.-]{0,1023}|[a-f0-9]{8}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{12})(?::[0-9A-Za-z_$]+)?\z"#],
        refuse: []
    }
    CLIENT_ID {
        rule: "match `.*` as a whole",
        accept: [r#"\A(?:.*)\z"#],
        refuse: []
    }
    DESCRIPTION {
        rule: "match `.*` as a whole, or be empty",
        accept: [r#"\A\z|\A(?:.*)\z"#],
        refuse: []
    }
    EVENT_DEFINITION_SCHEMA {
        rule: "match `.*` as a whole",
        accept: [r#"\A(?:.*)\z"#],
        refuse: []
    }
    EVENT_NAME {
        rule: "match `[a-zA-Z0-9\\/\\._\\-]+::[a-zA-Z0-9\\/\\._\\-]+(?:\\*)?` as a whole",
        accept: [r#"\A(?:[a-zA-Z0-9\/\._\-]+::[a-zA-Z0-9\/\._\-]+(?:\*)?)\z"#],
        refuse: []
    }
    IDEMPOTENCY_TOKEN {
        rule: "match `.*` as a whole",
        accept: [r#"\A(?:.*)\z"#],
        refuse: []
    }
    IDENTIFIER {
        rule: "contain a character that is not a space",
        accept: [r#"[^ \t\n\x0B\x0C\r]"#],
        refuse: []
    }
    IFRAME_PERMISSION {
        rule: "match `[a-z-]+` as a whole",
        accept: [r#"\A(?:[a-z-]+)\z"#],
        refuse: []
    }
    NEXT_TOKEN {
        rule: "match `.*` as a whole",
        accept: [r#"\A(?:.*)\z"#],
        refuse: []
    }
    PERMISSION {
        rule: "match `[a-zA-Z0-9\\/\\._\\-\\*]+` as a whole",
        accept: [r#"\A(?:[a-zA-Z0-9\/\._\-\*]+)\z"#],
        refuse: []
    }
    REGION_NAME {
        rule: "match `[a-z]{2,4}(-[a-z0-9]+){1,3}` as a whole",
        accept: [r#"\A(?:[a-z]{2,4}(-[a-z0-9]+){1,3})\z"#],
        refuse: []
    }
    URL {
        rule: "be a URL: a scheme, `://` and the rest, on one line",
        accept: [r#"\A[0-9A-Za-z_]+://.*\z"#],
        refuse: []
    }
    UUID {
        rule: "match `[a-f0-9]{8}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{12}` as a whole",
        accept: [r#"\A(?:[a-f0-9]{8}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{12})\z"#],
        refuse: []
    }
}
