//! Lists, maps and simple shapes.
//!
//! Generated from `model/appintegrations-2020-07-29.json`; `cargo run -p lanyard-codegen` writes it again.

use super::{patterns, *};

schemas! {
    APPLICATION_APPROVED_ORIGINS = List { APPLICATION_TRUSTED_SOURCE, 1, 50 };
    APPLICATION_ASSOCIATIONS_LIST = List { APPLICATION_ASSOCIATION_SUMMARY, 1, 50 };
    APPLICATION_NAME = Text { min: 1, max: 255, pattern: &patterns::APPLICATION_NAME };
    APPLICATION_NAMESPACE = Text { min: 1, max: 211, pattern: &patterns::APPLICATION_NAMESPACE };
    APPLICATION_TRUSTED_SOURCE = Text { min: 1, max: 128, pattern: &patterns::APPLICATION_TRUSTED_SOURCE };
    APPLICATIONS_LIST = List { APPLICATION_SUMMARY, 1, 50 };
    ARN = Text { min: 1, max: 2048, pattern: &patterns::ARN };
    ARN_OR_UUID = Text { min: 1, max: 2048, pattern: &patterns::ARN_OR_UUID };
    BOOLEAN = Boolean;
    CLIENT_ID = Text { min: 1, max: 255, pattern: &patterns::CLIENT_ID };
    DESCRIPTION = Text { max: 1000, pattern: &patterns::DESCRIPTION };
    EVENT_DEFINITION_SCHEMA = Text { min: 1, max: 10240, pattern: &patterns::EVENT_DEFINITION_SCHEMA };
    EVENT_NAME = Text { min: 1, max: 255, pattern: &patterns::EVENT_NAME };
    IDEMPOTENCY_TOKEN = Text { min: 1, max: 2048, pattern: &patterns::IDEMPOTENCY_TOKEN };
    IDENTIFIER = Text { min: 1, max: 255, pattern: &patterns::IDENTIFIER };
    IFRAME_PERMISSION = Text { min: 1, max: 100, pattern: &patterns::IFRAME_PERMISSION };
    IFRAME_PERMISSION_LIST = List { IFRAME_PERMISSION, 0, 25 };
    INITIALIZATION_TIMEOUT = Integer { min: 1, max: 600000 };
    MAX_RESULTS = Integer { min: 1, max: 50 };
    MESSAGE = Text {};
    NEXT_TOKEN = Text { min: 1, max: 1000, pattern: &patterns::NEXT_TOKEN };
    PERMISSION = Text { min: 1, max: 255, pattern: &patterns::PERMISSION };
    PERMISSION_LIST = List { PERMISSION, 0, 150 };
    PUBLICATION_LIST = List { PUBLICATION, 0, 50 };
    REGION_NAME = Text { min: 1, max: 25, pattern: &patterns::REGION_NAME };
    SUBSCRIPTION_LIST = List { SUBSCRIPTION, 0, 50 };
    TAG_KEY = Text { min: 1, max: 128 };
    TAG_KEY_LIST = List { TAG_KEY, 1, 200 };
    TAG_MAP = Map { TAG_KEY => TAG_VALUE, 1, 200 };
    TAG_VALUE = Text { max: 256 };
    TIMESTAMP = Timestamp;
    URL = Text { min: 1, max: 1000, pattern: &patterns::URL };
    UUID = Text { pattern: &patterns::UUID };
}
