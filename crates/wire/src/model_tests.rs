//! Every operation of every service against the model's own text, walked here without the generator: samples pass and come
//! back, and each constraint, broken by itself, is refused with the member's name.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::operation::Reread;
use crate::{Operation, PercentError, RequestFault, Route, appintegrations};

/// A service whose model is tested.
pub(crate) trait Service: Reread {
    const MODEL: &str;

    fn route<'p>(method: &str, path: &'p str) -> Result<Route<'p, Self>, PercentError>;
}

impl Service for Operation {
    const MODEL: &str = include_str!("../model/connect-2017-08-08.json");

    fn route<'p>(method: &str, path: &'p str) -> Result<Route<'p, Self>, PercentError> {
        crate::route(method, path)
    }
}

impl Service for appintegrations::Operation {
    const MODEL: &str = include_str!("../model/appintegrations-2020-07-29.json");

    fn route<'p>(method: &str, path: &'p str) -> Result<Route<'p, Self>, PercentError> {
        appintegrations::route(method, path)
    }
}

/// Printed patterns with a string that fits and one that does not.
const SAMPLES: &[(&str, &str, &str)] = &[
    (r"^(?!d-)([\da-zA-Z]+)([-]*[\da-zA-Z])*$", "support", "d-support"),
    (r"^d-[0-9a-f]{10}$", "d-0123456789", "d-012345678Z"),
    (r"^(?!aws:)[\p{L}\p{Z}\p{N}_.:/=+\-@]*$", "équipe 1", "aws:équipe"),
    ("[a-z]{2}(-[a-z]+){1,2}(-[0-9])?", "eu-west-2", "eu-west-2 x"),
    ("^[ a-zA-Z0-9_@-]+$", "Agent 1", "Agent!"),
    (r"(?!aws:|connect:)[\u0009\u000A\u000D\u0020-\u007E\u00A1-\u00FF]+$", "Team", "connect:Team"),
    (r"[\u0009\u000A\u000D\u0020-\u007E\u00A1-\u00FF]+$", "Värde", "\u{7F}"),
    (r"/^(?=.*[a-z])(?=.*[A-Z])(?=.*\d)[a-zA-Z\d\S]{8,64}$/", "Passw0rd", "password"),
    (r"\\+[1-9]\\d{1,14}$", "+441632960000", "0044"),
    (r"\+[1-9]\d{1,14}$", "+441632960000", "0044"),
    (
        "^(arn:(aws|aws-us-gov):connect:[a-z]{2}-[a-z]+-[0-9]{1}:[0-9]{1,20}:instance/)?[a-f0-9]{8}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{12}$",
        "arn:aws:connect:eu-west-2:123456789012:instance/12345678-1234-1234-1234-123456789abc",
        "12345678",
    ),
    (r".*\S.*", "\na", " \n"),
    ("^[a-zA-Z0-9]{64}$", "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", "-"),
    ("^([$0-9a-zA-Z][_-]?)+$", "$LATEST", "a b"),
    (r"^[\p{L}\p{Z}\p{N}\-_.:=@'|]+$", "Größe 1", "a#"),
    (r"^[\\P{C}\r\n\t]+$", "Größe\n1", "\u{1}"),
    ("^[a-zA-Z0-9_ -]+$", "App 1", "App!"),
    (r"^[a-zA-Z0-9\/\._ \-]+$", "my/app.v1 _-", "my:app"),
    (r"^[a-zA-Z0-9\/\._\-]+$", "my/app.v1_-", "my app"),
    (".*", "Größe 1", "two\nlines"),
    (r"^\w+\:\/\/.*$", "https://example.com/ü", "example.com"),
    (r"^[a-zA-Z0-9\/\._\-]+::[a-zA-Z0-9\/\._\-]+(?:\*)?$", "contact::connected*", "contact:connected"),
    ("^.*$", "{}", "{\n}"),
    (r"^[a-zA-Z0-9\/\._\-\*]+$", "Contact.*", "Contact!"),
    ("^[a-z-]+$", "allow-forms", "Allow"),
    (
        "^arn:aws:[A-Za-z0-9][A-Za-z0-9_/.-]{0,62}:[A-Za-z0-9_/.-]{0,63}:[A-Za-z0-9_/.-]{0,63}:[A-Za-z0-9][A-Za-z0-9:_/+=,@.-]{0,1023}$",
        "arn:aws:app-integrations:eu-west-2:123456789012:application/x",
        "arn:x",
    ),
    (
        r"^(arn:aws:[A-Za-z0-9][A-Za-z0-9_/.-]{0,62}:[A-Za-z0-9_/.-]{0,63}:[A-Za-z0-9_/.-]{0,63}:[A-Za-z0-9][A-Za-z0-9:_/+=,@.-]{0,1023}|[a-f0-9]{8}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{12})(:[\w\$]+)?$",
        "12345678-1234-1234-1234-123456789abc:$LATEST",
        "12345678",
    ),
    (
        "[a-f0-9]{8}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{12}",
        "12345678-1234-1234-1234-123456789abc",
        "12345678",
    ),
    ("[a-z]{2,4}(-[a-z0-9]+){1,3}", "eu-west-2", "eu"),
];

struct Model(Value);

impl Model {
    fn shape(&self, name: &str) -> &Value {
        &self.0["shapes"][name]
    }

    /// A value that the shape admits, with as many optional members as `depth` levels hold.
    fn sample(&self, name: &str, depth: usize) -> Value {
        let shape = self.shape(name);
        match shape["type"].as_str().unwrap() {
            "structure" => {
                let members = shape["members"].as_object().unwrap().iter();
                let wanted = members.filter(|(member, _)| depth > 0 || required(shape, member));
                Value::Object(
                    wanted
                        .map(|(member, of)| (member.clone(), self.sample(target(of), depth.saturating_sub(1))))
                        .collect(),
                )
            }
            "list" => {
                let size = shape["min"].as_u64().unwrap_or(0).max(u64::from(depth > 0));
                (0..size).map(|_| self.sample(target(&shape["member"]), depth.saturating_sub(1))).collect()
            }
            "map" => {
                let key = self.sample(target(&shape["key"]), 0);
                json!({ key.as_str().unwrap(): self.sample(target(&shape["value"]), 0) })
            }
            "string" => match (shape.get("enum"), shape["pattern"].as_str()) {
                (Some(values), _) => values[0].clone(),
                (None, Some(pattern)) => json!(samples(pattern).0),
                (None, None) => json!("é".repeat(usize::try_from(shape["min"].as_u64().unwrap_or(1).max(1)).unwrap())),
            },
            "integer" | "long" => json!(shape["min"].as_i64().unwrap_or(7)),
            "double" => json!(1.5),
            "boolean" => json!(true),
            "timestamp" => json!(1_690_000_000.123),
            other => panic!("{other}"),
        }
    }

    /// Values that break one constraint each, with the path of the member that breaks it.
    fn broken(&self, name: &str, good: &Value) -> Vec<(String, Value)> {
        let shape = self.shape(name);
        let mut broken = Vec::new();
        let (min, max) = (shape["min"].as_i64(), shape["max"].as_i64());
        match shape["type"].as_str().unwrap() {
            "structure" => {
                for (member, of) in shape["members"].as_object().unwrap() {
                    let Some(value) = good.get(member) else { continue };
                    if required(shape, member) && of["location"] != "uri" {
                        broken.push((format!(".{member}"), without(good, member)));
                    }
                    for (path, value) in self.broken(target(of), value) {
                        if of["location"] == "uri" && value == "" {
                            continue;
                        }
                        let mut bad = good.clone();
                        bad[member] = value;
                        broken.push((format!(".{member}{path}"), bad));
                    }
                }
            }
            "list" => {
                let item = self.sample(target(&shape["member"]), 0);
                for size in
                    [min.map(|min| min - 1), max.map(|max| max + 1)].into_iter().flatten().filter(|size| *size >= 0)
                {
                    broken.push((String::new(), (0..size).map(|_| item.clone()).collect()));
                }
                if let Some(first) = good.get(0) {
                    for (path, value) in self.broken(target(&shape["member"]), first) {
                        let mut bad = good.clone();
                        bad[0] = value;
                        broken.push((format!("[0]{path}"), bad));
                    }
                }
            }
            "map" => {
                let value = self.sample(target(&shape["value"]), 0);
                let full: Map<String, Value> = (0..=max.unwrap()).map(|n| (format!("k{n}"), value.clone())).collect();
                broken.push((String::new(), Value::Object(full)));
                if min == Some(1) {
                    broken.push((String::new(), json!({})));
                }
                let key = good.as_object().unwrap().keys().next().unwrap();
                for (_, value) in self.broken(target(&shape["value"]), &good[key]) {
                    broken.push((format!("[\"{key}\"]"), json!({ key: value })));
                }
                for (_, key) in self.broken(target(&shape["key"]), &json!(key)) {
                    let key = key.as_str().unwrap();
                    let shown: String = key.chars().take(64).collect();
                    let dots = if shown.len() < key.len() { "…" } else { "" };
                    broken.push((format!("[\"{shown}{dots}\"]"), json!({ key: value.clone() })));
                }
            }
            "string" => {
                if shape.get("enum").is_some() {
                    broken.push((String::new(), json!("NOT_LISTED")));
                }
                if let Some(min) = min.filter(|min| *min > 0) {
                    broken.push((String::new(), json!("a".repeat(usize::try_from(min - 1).unwrap()))));
                }
                if let Some(max) = max {
                    broken.push((String::new(), json!("a".repeat(usize::try_from(max + 1).unwrap()))));
                }
                if let Some(pattern) = shape["pattern"].as_str() {
                    let bad = samples(pattern).1;
                    let padded =
                        bad.chars().cycle().take(usize::try_from(min.unwrap_or(0)).unwrap().max(bad.chars().count()));
                    broken.push((String::new(), json!(padded.collect::<String>())));
                }
            }
            "integer" | "long" => {
                broken.extend(min.map(|min| (String::new(), json!(min - 1))));
                broken.extend(max.map(|max| (String::new(), json!(max + 1))));
            }
            "double" => broken.extend(min.map(|min| (String::new(), json!(min as f64 - 0.5)))),
            _ => {}
        }
        broken
    }

    /// The request that carries `input`: path, query and body.
    fn request(&self, operation: &Value, input: &Value) -> (String, String, Vec<u8>) {
        let mut path = operation["http"]["requestUri"].as_str().unwrap().to_owned();
        let (mut query, mut body) = (Vec::new(), input.clone());
        for (member, of) in self.shape(operation["input"].as_str().unwrap())["members"].as_object().unwrap() {
            let Some(location) = of["location"].as_str() else { continue };
            let Some(value) = body.as_object_mut().unwrap().remove(member) else { continue };
            if location == "uri" {
                path = path.replace(&format!("{{{}}}", of["locationName"].as_str().unwrap()), &escape(&value));
            } else {
                let items = value.as_array().cloned().unwrap_or_else(|| vec![value.clone()]);
                let name = of["locationName"].as_str().unwrap();
                query.extend(items.iter().map(|item| format!("{name}={}", escape(item))));
            }
        }
        (path, query.join("&"), body.to_string().into_bytes())
    }
}

fn target(of: &Value) -> &str {
    of["shape"].as_str().unwrap()
}

fn required(shape: &Value, member: &str) -> bool {
    shape["required"].as_array().is_some_and(|names| names.contains(&json!(member)))
}

fn samples(pattern: &str) -> (&'static str, &'static str) {
    let sample = SAMPLES.iter().find(|(printed, ..)| *printed == pattern);
    sample.map(|(_, good, bad)| (*good, *bad)).unwrap_or_else(|| panic!("no samples for {pattern}"))
}

fn without(value: &Value, member: &str) -> Value {
    let mut rest = value.clone();
    rest.as_object_mut().unwrap().remove(member);
    rest
}

/// Every byte escaped but letters and digits: more than the AWS clients escape, and the same when decoded.
fn escape(value: &Value) -> String {
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    text.bytes()
        .map(|b| if b.is_ascii_alphanumeric() { char::from(b).to_string() } else { format!("%{b:02x}") })
        .collect()
}

fn each_operation<S: Service>(mut visit: impl FnMut(&Model, S, &Value)) {
    let model = Model(serde_json::from_str(S::MODEL).unwrap());
    let operations = model.0["operations"].as_object().unwrap();
    assert_eq!(operations.len(), S::ALL.len());
    for (name, operation) in operations {
        visit(&model, S::from_name(name).unwrap(), operation);
    }
}

fn send<S: Service>(
    model: &Model,
    operation: S,
    of: &Value,
    input: &Value,
) -> Result<crate::RequestParts, crate::RequestError> {
    let (path, query, body) = model.request(of, input);
    match S::route(operation.method(), &path).unwrap() {
        Route::Served(served, params) if served == operation => operation.reread(&params, Some(&query), &body),
        other => panic!("{path}: {other:?}"),
    }
}

/// Runs a check for every service.
macro_rules! for_every_service {
    ($($test:ident: $check:ident;)*) => {$(
        #[test]
        fn $test() {
            $check::<Operation>();
            $check::<appintegrations::Operation>();
        }
    )*};
}

for_every_service! {
    what_the_model_admits_passes_and_comes_back: passes_and_comes_back;
    each_broken_constraint_is_refused_by_name: refuses_by_name;
    answers_come_back_as_they_were: answers_come_back;
    the_tables_say_what_the_model_says: tables_are_right;
}

fn passes_and_comes_back<S: Service>() {
    each_operation::<S>(|model, operation, of| {
        for depth in [0, 1, 4] {
            let input = model.sample(of["input"].as_str().unwrap(), depth);
            let parts =
                send(model, operation, of, &input).unwrap_or_else(|e| panic!("{}: {e} {input}", operation.name()));
            let (path, query, body) = model.request(of, &input);
            let decode = |text: &str| crate::percent::decode(text).unwrap().into_owned();
            assert_eq!(decode(&parts.path), decode(&path));
            let sorted = |query: &str| {
                let mut parameters: Vec<String> = query.split('&').map(decode).collect();
                parameters.sort();
                parameters
            };
            assert_eq!(sorted(&parts.query.unwrap_or_default()), sorted(&query));
            let members = model.shape(of["input"].as_str().unwrap())["members"].as_object().unwrap();
            let has_body = members.values().any(|member| member.get("location").is_none());
            let expected: Option<Value> = has_body.then(|| serde_json::from_slice(&body).unwrap());
            assert_eq!(parts.body.map(|body| serde_json::from_slice::<Value>(&body).unwrap()), expected);
        }
    });
}

fn refuses_by_name<S: Service>() {
    let mut checked = BTreeMap::<S, usize>::new();
    each_operation::<S>(|model, operation, of| {
        let input = of["input"].as_str().unwrap();
        for depth in [1, 4] {
            for (path, bad) in model.broken(input, &model.sample(input, depth)) {
                let error = send(model, operation, of, &bad).expect_err(&format!("{} {path}: {bad}", operation.name()));
                let expected = format!("member `{}` ", path.trim_start_matches('.'));
                assert!(error.message.starts_with(&expected), "{expected}: {error}");
                assert_eq!(error.message.matches("member `").count(), 1, "{error}");
                assert_eq!(error.fault, RequestFault::Constraint);
                assert!(operation.models(error.kind(operation)), "{}", operation.name());
                *checked.entry(operation).or_default() += 1;
            }
        }
    });
    assert!(checked.values().any(|count| *count > 20), "{checked:?}");
}

fn answers_come_back<S: Service>() {
    each_operation::<S>(|model, operation, of| {
        let Some(output) = of["output"].as_str() else {
            assert_eq!(operation.reanswer(b"").unwrap(), b"");
            return;
        };
        for depth in [1, 6] {
            let answer = model.sample(output, depth);
            let again = operation.reanswer(answer.to_string().as_bytes()).unwrap();
            assert_eq!(serde_json::from_slice::<Value>(&again).unwrap(), answer, "{}", operation.name());
        }
        assert_eq!(operation.reanswer(b"{\"New\":[{}]}").unwrap(), b"{}");
    });
}

fn tables_are_right<S: Service>() {
    each_operation::<S>(|model, operation, of| {
        assert_eq!(operation.method(), of["http"]["method"]);
        assert_eq!(operation.uri(), of["http"]["requestUri"]);
        let errors: Vec<&str> = operation.errors().iter().map(|kind| kind.name()).collect();
        assert_eq!(json!(errors), of["errors"]);
        for kind in operation.errors() {
            assert_eq!(model.shape(kind.name())["error"]["httpStatusCode"], kind.status());
        }
        let page =
            operation.paginator().map(|page| json!([page.input_token, page.limit, page.output_token, page.result]));
        let expected =
            of.get("paginator").map(|p| json!([p["input_token"], p["limit_key"], p["output_token"], p["result_key"]]));
        assert_eq!(page, expected);
    });
}
