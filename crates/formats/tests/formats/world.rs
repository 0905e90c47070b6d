//! Random configurations from a seed, with values that are difficult to write.

use lanyard_analysis::{Configuration, Places};
use lanyard_engine::UnknownParts;
use lanyard_model::resources::{
    AiAgent, AllowedAiAgent, AllowedFlowModule, Application, ApplicationType, HierarchyGroup, HierarchyLevel,
    HierarchyStructure, IdentityInfo, Instance, PrimaryAttributeValue, SecurityProfile, User,
};
use lanyard_model::{Directory, Id, Kind, Resource, StreamId, Tags, Timestamp};

/// A generator of numbers: SplitMix64.
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    pub(crate) fn below(&mut self, most: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((z ^ (z >> 31)) % (most as u64)).unwrap()
    }

    fn one_in(&mut self, most: usize) -> bool {
        self.below(most) == 0
    }

    fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        let at = self.below(from.len());
        &from[at]
    }

    fn some<T: Clone + PartialEq>(&mut self, from: &[T], most: usize) -> Vec<T> {
        let mut all: Vec<T> = Vec::new();
        if from.is_empty() {
            return all;
        }
        for _ in 0..self.below(most + 1) {
            let one = self.pick(from).clone();
            if !all.contains(&one) {
                all.push(one);
            }
        }
        all
    }

    fn maybe<T>(&mut self, make: impl FnOnce(&mut Self) -> T) -> Option<T> {
        if self.one_in(2) { Some(make(self)) } else { None }
    }
}

const WORDS: &[&str] = &[
    "Agent",
    "agent",
    "Supervisor",
    "EMEA",
    "a/b",
    "b",
    "a",
    "no",
    "~",
    "12",
    "1e3",
    "x: y",
    "- z",
    "{q}",
    "é ü",
    "漢字",
    " lead",
    "trail ",
    "two\nlines",
    "\"quoted\"",
    "it's",
    "#5",
    "id:x",
    "null",
    "C:\\dir",
    "tab\there",
    "*",
    "&a",
    "!Ref",
    "|",
    "a, b",
    "[1]",
    "%",
    "@home",
    "00000000-0000-0000-0000-0000000000aa",
    "🦀",
    "new:User:x",
    "---",
    "\u{feff}bom",
    "\u{85}",
];

fn id(kind: Kind, number: usize) -> Id {
    Id::from_uuid(((kind as u128) << 64) + 0xabcd_0000 + number as u128)
}

/// A name that differs from all others in every comparison of names.
fn name(dice: &mut Dice, used: &mut Vec<String>) -> String {
    let mut name = (*dice.pick(WORDS)).to_owned();
    if dice.one_in(3) {
        name = format!("{name}{}", dice.pick(WORDS));
    }
    while used.contains(&name.to_lowercase()) {
        name.push_str(&text(dice));
    }
    used.push(name.to_lowercase());
    name
}

fn tags(dice: &mut Dice) -> Tags {
    (0..dice.below(3)).map(|_| ((*dice.pick(WORDS)).to_owned(), (*dice.pick(WORDS)).to_owned())).collect()
}

fn text(dice: &mut Dice) -> String {
    (*dice.pick(WORDS)).to_owned()
}

/// A configuration; the same for the same seed.
pub(crate) fn configuration(seed: u64) -> Configuration {
    let mut dice = Dice(seed);
    let dice = &mut dice;
    let stream = Id::from_uuid(77);
    let mut all: Vec<Resource> = Vec::new();
    if !dice.one_in(5) {
        all.push(
            Instance {
                id: stream.clone(),
                account: "012345678901".to_owned(),
                region: "eu-west-2".to_owned(),
                alias: dice.maybe(text),
                identity_management_type: (*dice.pick(&["SAML", "CONNECT_MANAGED", "EXISTING_DIRECTORY"])).to_owned(),
                directory_id: None,
                created: Timestamp(5),
                attributes: [("INBOUND_CALLS".to_owned(), "true".to_owned())].into(),
                tags: tags(dice),
            }
            .into(),
        );
    }
    if !dice.one_in(4) {
        let level = |dice: &mut Dice| HierarchyLevel {
            name: text(dice),
            last_modified_time: Timestamp(9),
            last_modified_region: "eu-west-2".to_owned(),
        };
        all.push(HierarchyStructure { levels: (0..dice.below(6)).map(|_| level(dice)).collect() }.into());
    }
    let mut groups: Vec<HierarchyGroup> = Vec::new();
    let mut siblings: Vec<(Vec<Id>, String)> = Vec::new();
    for number in 0..dice.below(9) {
        let above = dice.maybe(|dice| (!groups.is_empty()).then(|| dice.pick(&groups).clone())).flatten();
        let ancestors = above.map_or_else(Vec::new, |above| [above.ancestors, vec![above.id]].concat());
        let mut name = text(dice);
        while siblings.contains(&(ancestors.clone(), name.clone())) {
            name.push('x');
        }
        siblings.push((ancestors.clone(), name.clone()));
        groups.push(HierarchyGroup {
            id: id(Kind::HierarchyGroup, number),
            name,
            ancestors,
            tags: tags(dice),
            last_modified_time: Timestamp(3),
            last_modified_region: "eu-west-2".to_owned(),
        });
    }
    // Some groups may be unknown.
    if dice.one_in(4) && !groups.is_empty() {
        let at = dice.below(groups.len());
        groups.remove(at);
    }
    let group_ids: Vec<Id> = (0..9).map(|number| id(Kind::HierarchyGroup, number)).collect();
    all.extend(groups.into_iter().map(Resource::from));
    for kind in [
        Kind::HoursOfOperation,
        Kind::Queue,
        Kind::QuickConnect,
        Kind::RoutingProfile,
        Kind::FlowModule,
        Kind::DataTable,
    ] {
        let mut used = Vec::new();
        for number in 0..dice.below(4) {
            let name = name(dice, &mut used);
            all.push(super::round_trip::simple(
                kind,
                &id(kind, number),
                &name,
                &tags(dice),
                dice.maybe(|dice| dice.one_in(2)),
            ));
        }
    }
    let mut used = Vec::new();
    let profile_ids: Vec<Id> = (0..6).map(|number| id(Kind::SecurityProfile, number)).collect();
    for profile_id in profile_ids.iter().take(dice.below(6)) {
        let mut it = SecurityProfile::named(profile_id.clone(), &name(dice, &mut used), Timestamp(8), "eu-west-2");
        it.description = dice.maybe(text);
        let words: Vec<String> = WORDS.iter().map(|word| (*word).to_owned()).collect();
        it.permissions = dice.some(&words, 6);
        it.tags = tags(dice);
        it.allowed_access_control_tags = tags(dice);
        it.tag_restricted_resources = dice.some(&words, 3);
        it.hierarchy_restricted_resources = dice.some(&words, 2);
        it.allowed_access_control_hierarchy_group_id = dice.maybe(|dice| dice.pick(&group_ids).clone());
        for _ in 0..dice.below(3) {
            it.applications.push(Application {
                namespace: dice.maybe(text),
                permissions: dice.some(&words, 3),
                application_type: dice
                    .maybe(|dice| *dice.pick(&[ApplicationType::Mcp, ApplicationType::ThirdPartyApplication])),
            });
            it.allowed_flow_modules.push(AllowedFlowModule {
                flow_module_id: dice.maybe(|dice| {
                    if dice.one_in(2) { id(Kind::FlowModule, dice.below(3)).to_string() } else { text(dice) }
                }),
                module_type: dice.maybe(|_| "MCP".to_owned()),
            });
            it.allowed_ai_agents
                .push(AllowedAiAgent { arn: dice.maybe(text), agent_type: dice.maybe(|_| "THIRD_PARTY".to_owned()) });
            it.primary_attribute_values.push(PrimaryAttributeValue {
                access_type: dice.maybe(|_| "ALLOW".to_owned()),
                attribute_name: dice.maybe(text),
                values: dice.some(&words, 3),
            });
        }
        all.push(it.into());
    }
    let mut used = Vec::new();
    for number in 0..dice.below(6) {
        all.push(
            User {
                id: id(Kind::User, number),
                username: name(dice, &mut used),
                identity_info: dice.maybe(|dice| IdentityInfo { email: dice.maybe(text), ..IdentityInfo::default() }),
                phone_config: None,
                channel_configs: Default::default(),
                directory_user_id: dice.maybe(text),
                security_profile_ids: dice.some(&profile_ids, 4),
                routing_profile_id: id(Kind::RoutingProfile, dice.below(9)),
                hierarchy_group_id: dice.maybe(|dice| dice.pick(&group_ids).clone()),
                tags: tags(dice),
                last_modified_time: Timestamp(1),
                last_modified_region: "eu-west-2".to_owned(),
            }
            .into(),
        );
    }
    for number in 0..dice.below(3) {
        let arn = format!("arn:aws:wisdom:eu-west-2:012345678901:ai-agent/a/{number}:{}", text(dice));
        all.push(AiAgent { arn, security_profile_ids: dice.some(&profile_ids, 3) }.into());
    }
    let unknown_parts = UnknownParts {
        restrictions: dice.some(&profile_ids, 2).into_iter().collect(),
        tools: dice.some(&profile_ids, 2).into_iter().collect(),
        kinds: dice.some(Kind::ALL, 3).into_iter().collect(),
        notes: (0..dice.below(3)).map(|_| text(dice)).collect(),
        ..UnknownParts::default()
    };
    let directory = Directory::load(StreamId::Instance(stream), 4, Timestamp(44), all);
    Configuration { directory, unknown_parts, places: Places::default() }
}
