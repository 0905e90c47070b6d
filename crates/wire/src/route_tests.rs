//! Routes against the model's list of them.

use serde_json::Value;

use crate::model_tests::Service;
use crate::{Operation, PercentError, Route, appintegrations, route};

fn routes<S: Service>() -> Vec<(String, String, String)> {
    let model: Value = serde_json::from_str(S::MODEL).unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let routes = model["all_routes"].as_object().unwrap();
    routes.iter().map(|(name, route)| (name.clone(), text(&route[0]), text(&route[1]))).collect()
}

/// The path with a hostile text in every label, and the labels.
fn fill(uri: &str, seed: usize) -> (String, Vec<(String, String)>) {
    let texts = ["a/b", "..", "search", "%25", "ü 1", "instance", "\u{0}"];
    let mut labels = Vec::new();
    let parts = uri.split('/').map(|part| match part.strip_prefix('{') {
        Some(name) => {
            let text = texts[(seed + labels.len()) % texts.len()];
            labels.push((name.trim_end_matches('}').to_owned(), text.to_owned()));
            let mut encoded = String::new();
            crate::percent::encode(&mut encoded, text);
            encoded
        }
        None => part.to_owned(),
    });
    (parts.collect::<Vec<_>>().join("/"), labels)
}

#[test]
fn every_route_of_a_service_leads_to_its_operation() {
    leads_to_operations::<Operation>();
    leads_to_operations::<appintegrations::Operation>();
}

fn leads_to_operations<S: Service>() {
    let mut routes_served = 0;
    for (name, method, uri) in routes::<S>() {
        for seed in [0, 1, 3, 4, 6] {
            let (path, labels) = fill(&uri, seed);
            match (S::route(&method, &path).unwrap(), S::from_name(&name)) {
                (Route::Served(served, params), Some(operation)) => {
                    assert_eq!(served, operation, "{path}");
                    let decoded: Vec<_> = params.iter().map(|(n, v)| (n.to_owned(), v.to_owned())).collect();
                    assert_eq!(decoded, labels);
                    routes_served += 1;
                }
                (Route::Unserved(served), None) => assert_eq!(served, name, "{path}"),
                (other, _) => panic!("{name} {path}: {other:?}"),
            }
        }
        assert!(
            uri.matches('{').count() == 0 || S::route(&method, &uri.replace('}', "}/")).unwrap() == Route::NotFound
        );
    }
    assert_eq!(routes_served, 5 * S::ALL.len());
}

#[test]
fn what_is_no_route_is_not_found() {
    for (method, path) in [
        ("GET", "/"),
        ("GET", ""),
        ("GET", "*"),
        ("PATCH", "/instance"),
        ("GET", "/instance/"),
        ("GET", "/instance//attributes"),
        ("GET", "//instance"),
        ("GET", "/a/b/c/d/e/f/g/h/i/j/k"),
    ] {
        assert_eq!(route(method, path), Ok(Route::NotFound), "{method} {path}");
    }
}

#[test]
fn a_bad_escape_is_an_error() {
    assert_eq!(route("GET", "/instance/%zz"), Err(PercentError::Escape));
    assert_eq!(route("GET", "/instance/%ff"), Err(PercentError::Utf8));
    assert_eq!(route("GET", "/nowhere/%4"), Err(PercentError::Escape));
}
