//! How requests and responses are read and written, beyond what the model's walk shows.

use crate::shapes::{
    CreateSecurityProfileRequest, CreateUserRequest, DescribeInstanceResponse, DescribeSecurityProfileRequest,
    Instance, ListSecurityProfilesRequest, SearchSecurityProfilesRequest, UntagResourceRequest,
    UpdateSecurityProfileRequest,
};
use crate::{ErrorKind, Input, Operation, Output, RequestError, RequestFault, Route, Timestamp, UriParams, route};

fn params(operation: Operation) -> UriParams<'static> {
    let path: &'static str = operation.uri().replace(['{', '}'], "x").leak();
    match route(operation.method(), path).unwrap() {
        Route::Served(served, params) if served == operation => params,
        other => panic!("{other:?}"),
    }
}

fn read<T: Input<Operation = Operation>>(query: &str, body: &str) -> Result<T, RequestError> {
    T::from_request(&params(T::OPERATION), Some(query), body.as_bytes())
}

fn unreadable<T: Input<Operation = Operation> + std::fmt::Debug>(body: &str) -> String {
    let error = read::<T>("", body).unwrap_err();
    assert_eq!(error.fault, RequestFault::Serialization, "{error}");
    assert_eq!(error.kind(T::OPERATION), ErrorKind::SerializationException);
    error.message
}

#[test]
fn absent_null_and_empty_differ() {
    let update: UpdateSecurityProfileRequest =
        read("", r#"{"Description":null,"Permissions":[],"AllowedAccessControlTags":{},"Unknown":[{"x":null}]}"#)
            .unwrap();
    assert_eq!(update.description, None);
    assert_eq!(update.permissions, Some(Vec::new()));
    assert_eq!(update.allowed_access_control_tags, Some(Default::default()));
    assert_eq!(update.applications, None);
    assert_eq!(read::<UpdateSecurityProfileRequest>("", "").unwrap().permissions, None);
}

#[test]
fn the_last_of_equal_names_wins() {
    let update: UpdateSecurityProfileRequest = read("", r#"{"Description":"a","Description":"b"}"#).unwrap();
    assert_eq!(update.description.as_deref(), Some("b"));
    let update: UpdateSecurityProfileRequest = read("", r#"{"Description":"a","Description":null}"#).unwrap();
    assert_eq!(update.description, None);
}

#[test]
fn a_label_is_not_taken_from_the_body() {
    let update: UpdateSecurityProfileRequest = read("", r#"{"InstanceId":"other"}"#).unwrap();
    assert_eq!(update.instance_id, "xInstanceIdx");
}

#[test]
fn wrong_types_name_the_place_and_not_the_value() {
    for (body, message) in [
        (r#"{"Permissions":"a"}"#, "member `Permissions` must be a list, not a string"),
        (r#"{"Permissions":["a",null]}"#, "member `Permissions[1]` must be a string, not null"),
        (r#"{"Permissions":[{"a":1}]}"#, "member `Permissions[0]` must be a string, not an object"),
        (
            r#"{"Applications":[{"Namespace":true}]}"#,
            "member `Applications[0].Namespace` must be a string, not a boolean",
        ),
        (
            r#"{"AllowedAccessControlTags":{"k":null}}"#,
            "member `AllowedAccessControlTags[\"k\"]` must be a string, not null",
        ),
        (r#"{"Description":5}"#, "member `Description` must be a string, not a number"),
        (r#"[]"#, "a JSON object"),
        (r#"null"#, "a JSON object"),
        (r#""x""#, "a JSON object"),
    ] {
        let error = unreadable::<UpdateSecurityProfileRequest>(body);
        assert!(error.contains(message), "{body}: {error}");
    }
    let error = unreadable::<CreateUserRequest>(r#"{"Password":["Secret123"]}"#);
    assert!(!error.contains("Secret123"), "{error}");
}

#[test]
fn malformed_bodies_are_refused() {
    for body in
        ["{", "{}x", "{\"a\":}", "{'a':1}", "{\"a\":1e999}", "{\"Description\":\"\\ud800\"}", "{\"a\":\"\u{1}\"}", " "]
    {
        let error = unreadable::<UpdateSecurityProfileRequest>(body);
        assert!(error.contains("not valid JSON"), "{body}: {error}");
    }
    let params = params(Operation::UpdateSecurityProfile);
    let error = UpdateSecurityProfileRequest::from_request(&params, None, b"{\"Unknown\":\"\xFF\"}").unwrap_err();
    assert_eq!((error.fault, &*error.message), (RequestFault::Serialization, "the body is not UTF-8"));
}

#[test]
fn depth_is_bounded_everywhere() {
    let known = |depth: usize| {
        let nested = "{\"AndConditions\":[".repeat(depth);
        format!("{{\"InstanceId\":\"i\",\"SearchCriteria\":{nested}{}}}", "]}".repeat(depth))
    };
    read::<SearchSecurityProfilesRequest>("", &known(31)).unwrap();
    for body in [
        known(32),
        known(100_000),
        format!("{{\"Unknown\":{}1{}}}", "[".repeat(64), "]".repeat(64)),
        format!("{{\"Unknown\":{}", "[".repeat(1_000_000)),
        "{\"Unknown\":".repeat(1_000_000),
    ] {
        let error = unreadable::<SearchSecurityProfilesRequest>(&body);
        assert!(error.contains("nested too deeply"), "{error}");
    }
}

#[test]
fn whole_numbers_may_be_written_as_floats() {
    let body = |number: &str| format!("{{\"InstanceId\":\"i\",\"MaxResults\":{number}}}");
    assert_eq!(read::<SearchSecurityProfilesRequest>("", &body("5.0")).unwrap().max_results, Some(5));
    assert_eq!(read::<SearchSecurityProfilesRequest>("", &body("1e2")).unwrap().max_results, Some(100));
    for bad in ["5.5", "\"5\"", "2147483648", "-1e300", "18446744073709551615", "true"] {
        let error = unreadable::<SearchSecurityProfilesRequest>(&body(bad));
        assert!(error.starts_with("member `MaxResults` must be a whole number"), "{error}");
    }
}

#[test]
fn queries_are_decoded() {
    let list: ListSecurityProfilesRequest = read("maxResults=7&nextToken=a%2Bb+c%20d&x=%41&&y", "ignored").unwrap();
    assert_eq!(list.max_results, Some(7));
    assert_eq!(list.next_token.as_deref(), Some("a+b c d"));
    let untag: UntagResourceRequest = read("tagKeys=a&tagKeys=b%3D", "").unwrap();
    assert_eq!(untag.tag_keys, ["a", "b="]);
    let error = read::<ListSecurityProfilesRequest>("maxResults=many", "").unwrap_err();
    assert_eq!(error.fault, RequestFault::Constraint);
    assert_eq!(error.message, "member `MaxResults` has value `many`, must be a whole number");
    let error = read::<ListSecurityProfilesRequest>("nextToken=%zz", "").unwrap_err();
    assert_eq!(error.fault, RequestFault::Serialization);
}

#[test]
fn several_violations_stand_in_the_models_order() {
    let body = format!(r#"{{"Permissions":["{}"],"SecurityProfileName":"{}"}}"#, "p".repeat(200), "n".repeat(128));
    let error = read::<CreateSecurityProfileRequest>("", &body).unwrap_err();
    assert_eq!(
        error.message,
        "member `SecurityProfileName` has length 128, at most 127 is allowed; \
         member `Permissions[0]` has length 200, at most 128 is allowed"
    );
    let many = format!("{{\"SecurityProfileName\":\"n\",\"Permissions\":[{}\"\"]}}", "\"\",".repeat(50));
    let message = read::<CreateSecurityProfileRequest>("", &many).unwrap_err().message;
    assert!(message.matches("member").count() <= 10, "{message}");
}

#[test]
fn secrets_stay_out_of_debug_and_messages() {
    let body = r#"{"Username":"u","Password":"nosecret","PhoneConfig":{},"SecurityProfileIds":["s"],"RoutingProfileId":"r",
        "IdentityInfo":{"Email":"e@example.com"}}"#;
    let message = read::<CreateUserRequest>("", body).unwrap_err().message;
    assert!(message.contains("`Password`") && !message.contains("nosecret"), "{message}");
    let user: CreateUserRequest = read("", &body.replace("nosecret", "Secret123")).unwrap();
    let shown = format!("{user:?}");
    assert!(shown.contains("Password: <redacted>") && !shown.contains("Secret123"), "{shown}");
    assert!(shown.contains("Email: <redacted>") && shown.contains("\"u\""), "{shown}");
}

#[test]
fn requests_are_written_as_the_clients_write_them() {
    let mut request =
        DescribeSecurityProfileRequest { security_profile_id: "a/b +ü".into(), instance_id: "{InstanceId}".into() };
    let parts = request.to_request();
    assert_eq!(parts.path, "/security-profiles/%7BInstanceId%7D/a%2Fb%20%2B%C3%BC");
    assert_eq!((parts.method, parts.query, parts.body), ("GET", None, None));
    request.instance_id = "{SecurityProfileId}".into();
    assert_eq!(request.to_request().path, "/security-profiles/%7BSecurityProfileId%7D/a%2Fb%20%2B%C3%BC");
    let update = UpdateSecurityProfileRequest { instance_id: "i".into(), ..Default::default() };
    assert_eq!(update.to_request().body.as_deref(), Some(&b"{}"[..]));
    let list =
        ListSecurityProfilesRequest { max_results: Some(5), next_token: Some("a b&c".into()), ..Default::default() };
    assert_eq!(list.to_request().query.as_deref(), Some("nextToken=a%20b%26c&maxResults=5"));
}

#[test]
fn times_are_epoch_seconds() {
    let instance = |millis| DescribeInstanceResponse {
        instance: Some(Instance { created_time: Some(Timestamp::from_millis(millis)), ..Default::default() }),
        ..Default::default()
    };
    for (millis, text) in [
        (1_690_000_000_123, "1690000000.123"),
        (1_690_000_000_000, "1690000000"),
        (1_690_000_000_120, "1690000000.12"),
        (1, "0.001"),
        (-1_500, "-1.5"),
    ] {
        let body = instance(millis).to_body();
        assert_eq!(String::from_utf8(body.clone()).unwrap(), format!("{{\"Instance\":{{\"CreatedTime\":{text}}}}}"));
        assert_eq!(DescribeInstanceResponse::from_body(&body).unwrap(), instance(millis));
    }
    assert!(DescribeInstanceResponse::from_body(br#"{"Instance":{"CreatedTime":"2023-07-22"}}"#).is_err());
}

#[test]
fn a_newer_services_answer_is_read() {
    let body = br#"{"Instance":{"InstanceStatus":"DREAMING","New":1}}"#;
    let read = DescribeInstanceResponse::from_body(body).unwrap();
    let status = read.instance.unwrap().instance_status.unwrap();
    assert_eq!(status.as_str(), "DREAMING");
}

/// Neither random bytes nor mutilated requests panic, and whatever is read is written and read the same.
#[test]
fn noise_never_panics() {
    let seed = br#"{"SecurityProfileName":"n","Permissions":["a","\u00e9"],"Tags":{"k":"v"},"Applications":[{"Namespace":"x","ApplicationPermissions":["ACCESS"]}]}"#;
    let params = params(Operation::CreateSecurityProfile);
    let mut state = 0x2545_F491_4F6C_DD1D_u64;
    let mut random = move |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state % u64::try_from(below).unwrap()).unwrap()
    };
    let alphabet = b"{}[]\",:\\u0019eE+-.ntf \xFF\xC3";
    let mut read = 0;
    for _ in 0..20_000 {
        let mut body = seed.to_vec();
        for _ in 0..=random(3) {
            if body.is_empty() {
                break;
            }
            let at = random(body.len());
            match random(4) {
                0 => drop(body.remove(at)),
                1 => body.insert(at, alphabet[random(alphabet.len())]),
                2 => body[at] = u8::try_from(random(256)).unwrap(),
                _ => body.truncate(at),
            }
        }
        if let Ok(request) = CreateSecurityProfileRequest::from_request(&params, None, &body) {
            let parts = request.to_request();
            let again = CreateSecurityProfileRequest::from_request(&params, None, &parts.body.unwrap()).unwrap();
            assert_eq!(again, request);
            read += 1;
        }
        let _ = route("POST", &String::from_utf8_lossy(&body));
    }
    assert!(read > 100, "{read}");
}

#[test]
#[ignore = "a measurement, not a test"]
fn nanoseconds_per_message() {
    let body = r#"{"Description":"Handles calls","Permissions":["BasicAgentAccess","OutboundCallAccess","Users.View","Users.Edit"],
        "AllowedAccessControlTags":{"Department":"Sales"},"TagRestrictedResources":["User","Queue"],
        "Applications":[{"Namespace":"https://example.com/app","ApplicationPermissions":["ACCESS"]}]}"#;
    let rounds = 100_000;
    let measure = |what: &str, work: &dyn Fn()| {
        let start = std::time::Instant::now();
        for _ in 0..rounds {
            work();
        }
        println!("{what}: {} ns", start.elapsed().as_nanos() / rounds);
    };
    let update = params(Operation::UpdateSecurityProfile);
    measure("update", &|| drop(UpdateSecurityProfileRequest::from_request(&update, None, body.as_bytes()).unwrap()));
    let describe = params(Operation::DescribeSecurityProfile);
    measure("describe", &|| drop(DescribeSecurityProfileRequest::from_request(&describe, None, b"").unwrap()));
    let path = "/security-profiles/12345678-1234-1234-1234-123456789abc/12345678-1234-1234-1234-123456789abc";
    measure("route", &|| drop(route("GET", path).unwrap()));
    let answer = UpdateSecurityProfileRequest::from_request(&update, None, body.as_bytes()).unwrap();
    measure("answer", &|| drop(answer.to_body()));
}
