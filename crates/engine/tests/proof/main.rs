//! Proof that the engine decides by its rules.

#[cfg(test)]
mod advice;
#[cfg(test)]
mod agreement;
#[cfg(test)]
mod backward;
#[cfg(test)]
mod examples;
#[cfg(test)]
mod naive;
#[cfg(test)]
mod page;
#[cfg(test)]
mod random;
#[cfg(test)]
mod veil;
#[cfg(test)]
mod vocabulary;
#[cfg(test)]
mod world;

use agreement::{Case, fault, search, to_json};
use lanyard_engine::{OpenPoint, Reading};

#[test]
fn both_evaluators_agree() {
    let threads: Vec<_> = (1..=2).map(|seed| std::thread::spawn(move || search(seed * 7919, 8_000))).collect();
    for thread in threads {
        match thread.join().unwrap() {
            Err(failed) => panic!("{}; once understood, keep it in tests/kept:\n{}", failed.1, to_json(&failed.0)),
            // Worlds in which hardly anything is allowed would prove nothing.
            Ok(tally) => assert!(tally["allowed"] > 700 && tally["undetermined"] > 400, "{tally:?}"),
        }
    }
}

#[test]
fn kept_cases_hold() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/kept");
    let mut count = 0;
    for file in std::fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        if path.extension().is_some_and(|it| it == "json") {
            let case: Case = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
            let mut readings = vec![Reading::STRICT, Reading::LENIENT];
            for point in OpenPoint::ALL {
                readings.extend([Reading::STRICT.granting(*point), Reading::LENIENT.refusing(*point)]);
            }
            assert_eq!(fault(&case.world(), &case.question, &readings), None, "{}", path.display());
            count += 1;
        }
    }
    assert!(count > 0);
}
