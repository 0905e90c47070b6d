//! Examples worked out by hand from the page of the rules, in `page.txt`: a small world, questions, the expected
//! outcomes, and the sentence that decides. Both evaluators must give these outcomes.

use lanyard_engine::{Outcome, Question, Reading};

use super::agreement::World;
use super::examples::parse;
use super::naive;

const EXAMPLES: &str = include_str!("page.txt");

/// The questions that have another outcome than the example, by a function that decides.
fn wrong(decide: impl Fn(&World, &Question<'_>) -> String) -> Vec<String> {
    let mut all = Vec::new();
    let mut count = 0;
    for block in EXAMPLES.split("\n# ").skip(1) {
        let (title, body) = block.split_once('\n').unwrap();
        let (sentence, body) = body.strip_prefix("> ").unwrap().split_once('\n').unwrap();
        let (world, asks) = parse(body);
        assert!(!asks.is_empty(), "{title} asks nothing");
        for (ask, owned, expected) in asks {
            count += 1;
            let outcome = owned.with(|question| decide(&world, question));
            if outcome != expected {
                all.push(format!("rule {title}: {ask}, and the answer is {outcome}. {sentence}"));
            }
        }
    }
    assert!(count > 200);
    all
}

#[test]
fn the_naive_evaluator_decides_the_examples_of_the_rules() {
    let wrong = wrong(|world, question| {
        let answer = |reading| naive::decide(&world.directory, &world.unknown_parts, question, reading);
        match (answer(Reading::STRICT), answer(Reading::LENIENT)) {
            (Ok(strict), Ok(lenient)) => Outcome::of(strict.into(), lenient.into()).as_str().to_owned(),
            _ => "malformed".to_owned(),
        }
    });
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn the_engine_decides_the_examples_of_the_rules() {
    let wrong = wrong(|world, question| match world.compiled.outcome(question) {
        Err(_) => "malformed".to_owned(),
        Ok(answer) => answer.outcome.as_str().to_owned(),
    });
    assert_eq!(wrong, Vec::<String>::new());
}
