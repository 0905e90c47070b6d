//! Both readings of a question, and the open points that made them differ.

use serde::{Deserialize, Serialize};

use crate::ask::{Ask, Denial, EarlyExit, Wanted};
use crate::compiled::Compiled;
use crate::decide::has_profile;
use crate::question::{Malformed, Question};
use crate::reading::{OpenPoint, Outcome, Reading, Verdict};

/// The answer in both readings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// The outcome of both readings.
    pub outcome: Outcome,
    /// The answer in the strict reading, which enforcement follows.
    pub decision: Verdict,
    /// The reason why access is not granted before any profile was evaluated.
    pub denial: Option<Denial>,
    /// Where the outcome is undetermined: the open points that made the difference. Each of them decides by itself, or
    /// access depends on it, or it is one of a few that decide together.
    pub open_points: Vec<OpenPoint>,
}

impl Answer {
    /// The answer for an unknown principal.
    pub(crate) fn unknown() -> Self {
        let (outcome, open_points) = (Outcome::Undetermined, vec![OpenPoint::Unseen]);
        Self { outcome, decision: Verdict::Refused, denial: None, open_points }
    }

    pub(crate) fn denied(denial: Denial) -> Self {
        Self { outcome: Outcome::Denied, decision: Verdict::Refused, denial: Some(denial), open_points: Vec::new() }
    }
}

impl Compiled {
    /// Answers a question in both readings.
    ///
    /// # Errors
    /// When the question contradicts itself or is incomplete.
    pub fn outcome(&self, question: &Question<'_>) -> Result<Answer, Malformed> {
        match self.ask(question) {
            Ok(ask) => Ok(ask.answer()),
            Err(EarlyExit::Denied(denial)) => Ok(Answer::denied(denial)),
            Err(EarlyExit::PrincipalUnknown) => Ok(Answer::unknown()),
            Err(EarlyExit::Malformed(malformed)) => Err(malformed),
        }
    }
}

impl Ask<'_> {
    pub(crate) fn answer(&self) -> Answer {
        let decision = self.verdict(Reading::STRICT);
        let outcome = Outcome::of(decision, self.verdict(Reading::LENIENT));
        let open_points = if outcome == Outcome::Undetermined {
            points_that_matter(|reading| self.verdict(reading).is_allowed())
        } else {
            Vec::new()
        };
        let denial = matches!(self.query.wanted, Wanted::Unknown).then_some(Denial::UnknownAction);
        let denial = denial.filter(|_| has_profile(self.compiled, self.asker));
        Answer { outcome, decision, denial, open_points }
    }
}

/// The open points that make the difference between a strict no and a lenient yes, where `allows` decides in a reading.
#[must_use]
pub fn points_that_matter(allows: impl Fn(Reading) -> bool) -> Vec<OpenPoint> {
    let matters =
        |point: &OpenPoint| allows(Reading::STRICT.granting(*point)) || !allows(Reading::LENIENT.refusing(*point));
    let mut points: Vec<_> = OpenPoint::ALL.iter().copied().filter(matters).collect();
    let together = points.iter().fold(Reading::STRICT, |reading, point| reading.granting(*point));
    if !allows(together) {
        // No point decides by itself: the points that remain when every dispensable one is removed.
        let mut least = Reading::LENIENT;
        for point in OpenPoint::ALL.iter().filter(|point| !points.contains(point)) {
            if allows(least.refusing(*point)) {
                least = least.refusing(*point);
            }
        }
        points = OpenPoint::ALL.iter().copied().filter(|point| least.grants(*point)).collect();
    }
    points
}
