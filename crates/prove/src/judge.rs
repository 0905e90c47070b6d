//! Questions put to a configuration of which not everything may be known.
//!
//! What was not seen is read like an open point: in the strict reading so that access is refused, in the lenient one so
//! that it is granted. What always holds: where all was seen, the answer is the engine's.

use std::sync::Arc;

use lanyard_engine::{Answer, Compiled, Explanation, Lexicon, Malformed, OpenPoint, Outcome, Question, Reading};
use lanyard_model::catalogue::ResourceType;
use lanyard_model::resources::{AllowedAiAgent, AllowedFlowModule, PrimaryAttributeValue, SecurityProfile};
use lanyard_model::{Directory, Resource, Tags};
use serde::ser::SerializeStruct as _;
use serde::{Serialize, Serializer};

use crate::Configuration;

/// What came of a question in both readings, and what kept it open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Judged {
    rank: u8,
    points: u32,
    unseen: bool,
}

impl Judged {
    /// Both readings refuse.
    pub const DENIED: Self = Self { rank: 0, points: 0, unseen: false };

    fn new(outcome: Outcome, points: &[OpenPoint], unseen: bool) -> Self {
        let rank = match outcome {
            Outcome::Denied => 0,
            Outcome::Undetermined => 1,
            Outcome::Allowed => 2,
        };
        Self { rank, points: points.iter().fold(0, |all, point| all | 1 << *point as u16), unseen }
    }

    fn of(answer: &Answer) -> Self {
        Self::new(answer.outcome, &answer.open_points, false)
    }

    /// The outcome.
    #[must_use]
    pub fn outcome(self) -> Outcome {
        match self.rank {
            0 => Outcome::Denied,
            1 => Outcome::Undetermined,
            _ => Outcome::Allowed,
        }
    }

    /// Whether access cannot be ruled out: it is allowed or undetermined.
    #[must_use]
    pub fn may(self) -> bool {
        self.rank > 0
    }

    /// Where it is undetermined: the open points that made the difference.
    pub fn open_points(self) -> impl Iterator<Item = OpenPoint> {
        OpenPoint::ALL.iter().copied().filter(move |point| self.points & (1 << *point as u16) != 0)
    }

    /// Whether it depends on something that was not seen.
    #[must_use]
    pub fn depends_on_unseen(self) -> bool {
        self.unseen
    }

    /// Whether there is more access than with `other`: undetermined is more than denied, allowed is more than both.
    #[must_use]
    pub fn exceeds(self, other: Self) -> bool {
        self.rank > other.rank
    }
}

impl Serialize for Judged {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut members = serializer.serialize_struct("Judged", 3)?;
        members.serialize_field("outcome", self.outcome().as_str())?;
        members.serialize_field("open_points", &self.open_points().map(OpenPoint::name).collect::<Vec<_>>())?;
        members.serialize_field("depends_on_unseen", &self.unseen)?;
        members.end()
    }
}

/// A configuration, prepared for questions.
#[derive(Clone, Debug)]
pub struct Judge {
    seen: Compiled,
    /// The configuration with the least and with the most that may be there; `None` where all was seen.
    bounds: Option<Box<[Compiled; 2]>>,
}

impl Judge {
    /// Prepares a configuration. `known` are the directories whose tools a profile may hold that was not wholly seen.
    #[must_use]
    pub fn new(configuration: &Configuration, known: &[&Directory], lexicon: &Arc<Lexicon>) -> Self {
        let Configuration { directory, unseen, .. } = configuration;
        let seen = Compiled::new(directory, Arc::clone(lexicon));
        if unseen.restrictions.is_empty() && unseen.tools.is_empty() {
            return Self { seen, bounds: None };
        }
        let bound = |change: &dyn Fn(&mut SecurityProfile)| {
            let resources = directory.iter().map(|resource| match resource {
                Resource::SecurityProfile(profile) => {
                    let mut profile = (*profile).clone();
                    change(&mut profile);
                    profile.into()
                }
                other => other,
            });
            let (stream, revision, time) = (directory.stream().clone(), directory.revision(), directory.time());
            Compiled::new(&Directory::load(stream, revision, time, resources), Arc::clone(lexicon))
        };
        let least = bound(&|profile| {
            if unseen.restrictions.contains(&profile.id) {
                profile.tag_restricted_resources = ResourceType::ALL.iter().map(|it| it.as_str().to_owned()).collect();
                profile.allowed_access_control_tags = Tags::new();
                profile.primary_attribute_values =
                    vec![PrimaryAttributeValue { access_type: None, attribute_name: None, values: Vec::new() }];
            }
            if unseen.tools.contains(&profile.id) {
                profile.applications.clear();
                profile.allowed_flow_modules.clear();
                profile.allowed_ai_agents.clear();
            }
        });
        let tools = Tools::known(known);
        let most = bound(&|profile| {
            if unseen.restrictions.contains(&profile.id) {
                profile.tag_restricted_resources.clear();
                profile.hierarchy_restricted_resources.clear();
                profile.primary_attribute_values.clear();
            }
            if unseen.tools.contains(&profile.id) {
                tools.give(profile);
            }
        });
        Self { seen, bounds: Some(Box::new([least, most])) }
    }

    /// Answers a question in both readings.
    ///
    /// # Errors
    /// When the question contradicts itself or says too little.
    pub fn outcome(&self, question: &Question<'_>) -> Result<Judged, Malformed> {
        let seen = self.seen.outcome(question)?;
        let Some(bounds) = &self.bounds else { return Ok(Judged::of(&seen)) };
        let [least, most] = &**bounds;
        let strict = least.decide(question, Reading::STRICT)?;
        let lenient = most.decide(question, Reading::LENIENT)?;
        let outcome = Outcome::of(strict, lenient);
        let points = if outcome == Outcome::Undetermined { seen.open_points.as_slice() } else { &[] };
        Ok(Judged::new(outcome, points, outcome != seen.outcome))
    }

    /// Answers a question with reasons, as far as the configuration was seen.
    ///
    /// # Errors
    /// When the question contradicts itself or says too little.
    pub fn explain(&self, question: &Question<'_>) -> Result<Explanation, Malformed> {
        self.seen.explain(question)
    }

    /// The configuration as it was seen, prepared for decisions.
    #[must_use]
    pub fn seen(&self) -> &Compiled {
        &self.seen
    }
}

/// Every tool that some profile lists, and every flow module.
#[derive(Default)]
struct Tools {
    applications: Vec<lanyard_model::resources::Application>,
    flow_modules: Vec<AllowedFlowModule>,
    ai_agents: Vec<AllowedAiAgent>,
}

impl Tools {
    fn known(directories: &[&Directory]) -> Self {
        let mut all = Self::default();
        for directory in directories {
            for profile in directory.security_profiles.values() {
                all.applications.extend(profile.applications.iter().cloned());
                all.flow_modules.extend(profile.allowed_flow_modules.iter().cloned());
                all.ai_agents.extend(profile.allowed_ai_agents.iter().cloned());
            }
            all.flow_modules.extend(
                directory
                    .flow_modules
                    .keys()
                    .map(|id| AllowedFlowModule { flow_module_id: Some(id.to_string()), module_type: None }),
            );
        }
        all
    }

    fn give(&self, profile: &mut SecurityProfile) {
        profile.applications.clone_from(&self.applications);
        profile.allowed_flow_modules.clone_from(&self.flow_modules);
        profile.allowed_ai_agents.clone_from(&self.ai_agents);
    }
}
