//! What strings must look like.
//!
//! Generated from `model/connect-2017-08-08.json`; `cargo run -p lanyard-codegen` writes it again.

patterns! {
    AWS_REGION {
        rule: "match `[a-z]{2}(-[a-z]+){1,2}(-[0-9])?` as a whole",
        accept: [r#"\A(?:[a-z]{2}(-[a-z]+){1,2}(-[0-9])?)\z"#],
        refuse: []
    }
    CONTACT_FLOW_MODULE_ALIAS {
        rule: "match `([$0-9a-zA-Z][_-]?)+` as a whole",
        accept: [r#"\A(?:([$0-9a-zA-Z][_-]?)+)\z"#],
        refuse: []
    }
    CONTACT_FLOW_MODULE_DESCRIPTION {
        rule: "contain a character that is not a space, or be empty",
        accept: [r#"\A\z|[^ \t\n\x0B\x0C\r]"#],
        refuse: []
    }
    CONTACT_FLOW_MODULE_NAME {
        rule: "contain a character that is not a space",
        accept: [r#"[^ \t\n\x0B\x0C\r]"#],
        refuse: []
    }
    CREATE_SECURITY_PROFILE_NAME {
        rule: "match `[ a-zA-Z0-9_@-]+` as a whole",
        accept: [r#"\A(?:[ a-zA-Z0-9_@-]+)\z"#],
        refuse: []
    }
    DATA_TABLE_DESCRIPTION {
        rule: "consist of printable characters, tabs and line ends, or be empty",
        accept: [r#"\A\z|\A[\P{C}\r\n\t]+\z"#],
        refuse: []
    }
    DATA_TABLE_NAME {
        rule: "match `[\\p{L}\\p{Z}\\p{N}\\-_.:=@'|]+` as a whole",
        accept: [r#"\A(?:[\p{L}\p{Z}\p{N}\-_.:=@'|]+)\z"#],
        refuse: []
    }
    DIRECTORY_ALIAS {
        rule: "consist of letters, digits and hyphens, begin and end with a letter or digit, and not begin with `d-`",
        accept: [r#"\A[0-9a-zA-Z]+(?:-*[0-9a-zA-Z])*\z"#],
        refuse: [r#"\Ad-"#]
    }
    DIRECTORY_ID {
        rule: "match `d-[0-9a-f]{10}` as a whole",
        accept: [r#"\A(?:d-[0-9a-f]{10})\z"#],
        refuse: []
    }
    FLOW_MODULE_CONTENT_SHA256 {
        rule: "match `[a-zA-Z0-9]{64}` as a whole",
        accept: [r#"\A(?:[a-zA-Z0-9]{64})\z"#],
        refuse: []
    }
    IAM_RESTRICTED_PRIMARY_VALUE {
        rule: "match `[\\u0009\\u000A\\u000D\\u0020-\\u007E\\u00A1-\\u00FF]+` as a whole",
        accept: [r#"\A(?:[\u0009\u000A\u000D\u0020-\u007E\u00A1-\u00FF]+)\z"#],
        refuse: []
    }
    INSTANCE_ID_OR_ARN {
        rule: "match `(arn:(aws|aws-us-gov):connect:[a-z]{2}-[a-z]+-[0-9]{1}:[0-9]{1,20}:instance/)?[a-f0-9]{8}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{12}` as a whole",
        accept: [r#"\A(?:(arn:(aws|aws-us-gov):connect:[a-z]{2}-[a-z]+-[0-9]{1}:[0-9]{1,20}:instance/)?[a-f0-9]{8}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{12})\z"#],
        refuse: []
    }
    PASSWORD {
        rule: "have 8 to 64 characters, no spaces, and a lower-case letter, an upper-case letter and a digit",
        accept: [r#"\A[^ \t\n\x0B\x0C\r]{8,64}\z"#, r#"[a-z]"#, r#"[A-Z]"#, r#"[0-9]"#],
        refuse: []
    }
    PHONE_NUMBER {
        rule: "be a phone number in E.164 format: a plus and 2 to 15 digits, the first not 0",
        accept: [r#"\A\+[1-9][0-9]{1,14}\z"#],
        refuse: []
    }
    PRIMARY_ATTRIBUTE_CONTEXT_KEY_NAME {
        rule: "consist of printable Latin-1 characters, tabs and line ends, and not begin with `aws:` or `connect:`",
        accept: [r#"\A[\u0009\u000A\u000D\u0020-\u007E\u00A1-\u00FF]+\z"#],
        refuse: [r#"\A(?:aws|connect):"#]
    }
    REGION_NAME {
        rule: "match `[a-z]{2}(-[a-z]+){1,2}(-[0-9])?` as a whole",
        accept: [r#"\A(?:[a-z]{2}(-[a-z]+){1,2}(-[0-9])?)\z"#],
        refuse: []
    }
    SENSITIVE_PHONE_NUMBER {
        rule: "be a phone number in E.164 format: a plus and 2 to 15 digits, the first not 0",
        accept: [r#"\A\+[1-9][0-9]{1,14}\z"#],
        refuse: []
    }
    SOURCE_APPLICATION_NAME {
        rule: "match `[a-zA-Z0-9_ -]+` as a whole",
        accept: [r#"\A(?:[a-zA-Z0-9_ -]+)\z"#],
        refuse: []
    }
    TAG_KEY {
        rule: "consist of letters, digits, spaces and `_.:/=+-@`, and not begin with `aws:`",
        accept: [r#"\A[\p{L}\p{Z}\p{N}_.:/=+\-@]*\z"#],
        refuse: [r#"\Aaws:"#]
    }
}
