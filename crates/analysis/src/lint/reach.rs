//! Rules about users who can extend their access: by another user's password, by tagging, or by moving in the
//! hierarchy.

use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;
use std::sync::Arc;

use lanyard_engine::{Outcome, Principal, Question};
use lanyard_model::catalogue::ResourceType;
use lanyard_model::{Change, Id, Kind, Resource};

use super::context::{Context, Profile, list};
use super::escalation_paths::{EscalationPath, EscalationPaths, graded, outcome, step};
use super::finding::{Finding, Subject};
use super::rule::{Rule, Severity, Source, page};
use super::scopes::{STORED, Scopes};
use super::strength::{Strength, is_grave};

static PASSWORD: Rule = Rule {
    id: "escalation-by-password",
    title: "someone who can reset the password of a stronger user",
    severity: Severity::Error,
    source: Source::Documented(page::BEST),
    remedy: "restrict `User` by tags or by a hierarchy group that stronger users are outside of",
};

static TAGGING: Rule = Rule {
    id: "escalation-by-tagging",
    title: "someone who can bring a resource into the scope of a permission by editing it",
    severity: Severity::Error,
    source: Source::Inferred(page::TAGS),
    remedy: "restrict the permission to edit in the same way as the permissions that the tags or the group limit",
};

static OWN_GROUP: Rule = Rule {
    id: "escalation-by-own-group",
    title: "someone who can move themselves up in the hierarchy that limits them",
    severity: Severity::Error,
    source: Source::Inferred(page::HIERARCHY),
    remedy: "name a group in the profile instead of the holder's own, or restrict by tags that these users do not have",
};

pub(super) static RULES: &[&Rule] = &[&PASSWORD, &TAGGING, &OWN_GROUP];

const EDIT_USER: &str = "Users.Edit";

/// The maximum number of candidates that the engine decides for one path.
const TRIED: usize = 32;

pub(super) fn check(cx: &Context<'_>, findings: &mut Vec<Finding>) {
    let mut escalation_paths = EscalationPaths::new(cx);
    by_password(&mut escalation_paths);
    for (it, kind, prefix) in STORED {
        by_tagging(&mut escalation_paths, it, kind, prefix);
    }
    by_own_group(&mut escalation_paths);
    escalation_paths.into_findings(findings);
}

/// The users whom a principal may edit, one of each strength, the strongest first.
type Strongest = Rc<Vec<usize>>;

fn by_password(escalation_paths: &mut EscalationPaths<'_, '_>) {
    let cx = escalation_paths.cx;
    let holding: Vec<_> = cx
        .classes
        .iter()
        .enumerate()
        .filter(|(_, class)| escalation_paths.holding(class, EDIT_USER))
        .map(|(at, _)| at)
        .collect();
    if holding.is_empty() {
        return;
    }
    let mut scopes = Scopes::new(cx, ResourceType::User);
    let mut known: HashMap<*const Vec<usize>, (Rc<Vec<usize>>, Strongest)> = HashMap::new();
    for class in holding {
        let (Some(of), Some(own)) = (cx.classes.get(class), escalation_paths.classes.get(class).cloned()) else {
            continue;
        };
        let Some(user) = of.users.first() else { continue };
        // A profile may extend its scope to the permission of another: that is an open point.
        let mut lending: Vec<_> =
            cx.of(&of.profiles).filter(|it| !cx.on_type(it, ResourceType::User).is_empty()).collect();
        lending.sort_by_key(|it| !cx.holds(it, EDIT_USER));
        let id = user.id.to_string();
        let mut best = None;
        for profile in lending {
            let scope = scopes.of(profile, of);
            let (_, strongest) = known.entry(Rc::as_ptr(&scope)).or_insert_with(|| {
                let strongest = strongest(escalation_paths, &scopes, &scope);
                (Rc::clone(&scope), strongest)
            });
            let stronger = strongest.iter().copied().filter(|at| {
                let class = scopes.targets.get(*at).map(|target| target.class);
                class.and_then(|class| escalation_paths.classes.get(class)).is_some_and(|it| !it.is_within(&own))
            });
            for at in stronger.take(TRIED) {
                let Some(target) = scopes.targets.get(at) else { continue };
                let edited = target.id.to_string();
                let question = Question::new(Principal::User(&id), EDIT_USER, "User", &edited);
                let answer = escalation_paths.outcome(&question);
                if answer == Outcome::Denied {
                    continue;
                }
                let through = escalation_paths.through(&question);
                let is_better = best.as_ref().is_none_or(|(_, known, _)| *known != Outcome::Allowed);
                if is_better {
                    best = Some((at, answer, through));
                }
                if answer == Outcome::Allowed {
                    break;
                }
            }
            if matches!(best, Some((_, Outcome::Allowed, _))) {
                break;
            }
        }
        let Some((at, answer, Some(through))) = best else { continue };
        let users = of.users.iter().map(|user| user.id.clone());
        escalation_paths.note(&PASSWORD, through, EDIT_USER, answer, users, |escalation_paths| {
            let target = scopes.targets.get(at);
            let name = target.map_or("", |target| target.name);
            let (gained, grave) = target
                .and_then(|target| escalation_paths.classes.get(target.class))
                .map_or((Vec::new(), false), |more| escalation_paths.gain(&own, more));
            let key = target.map(|target| lanyard_model::Key { kind: Kind::User, id: target.id.clone() });
            EscalationPath {
                what: format!(
                    "reset the password of stronger users, such as `{name}` with {}, and sign in as them",
                    list(&gained)
                ),
                steps: vec![step(
                    format!("`{}` does `{EDIT_USER}` on the user `{name}`, which resets a password", user.username),
                    answer,
                )],
                others: key.map(|key| Subject { name: name.to_owned(), key }).into_iter().collect(),
                severity: graded(grave, answer == Outcome::Allowed),
            }
        });
    }
}

/// One target of each strength, the strongest first.
fn strongest(escalation_paths: &EscalationPaths<'_, '_>, scopes: &Scopes<'_, '_>, scope: &[usize]) -> Strongest {
    let mut of_class = BTreeMap::new();
    for at in scope {
        if let Some(target) = scopes.targets.get(*at) {
            of_class.entry(target.class).or_insert(*at);
        }
    }
    let size = |class: &usize| escalation_paths.classes.get(*class).map_or(0, Strength::size);
    let mut all: Vec<_> = of_class.into_iter().map(|(class, at)| (std::cmp::Reverse(size(&class)), at)).collect();
    all.sort_unstable();
    Rc::new(all.into_iter().map(|(_, at)| at).collect())
}

/// Permissions that tagging gains, the most serious first.
fn limited<'a>(
    escalation_paths: &EscalationPaths<'_, 'a>,
    profile: &Profile<'a>,
    it: ResourceType,
    own: &Strength,
) -> Vec<&'a str> {
    let cx = escalation_paths.cx;
    let is_free = |name: &&str| cx.numbered(name).is_some_and(|number| own.free.has(number));
    let mut names = cx.on_type(profile, it);
    names.retain(|name| !is_free(name));
    names.sort_by_key(|name| (!is_grave(cx.catalogue, name), name.ends_with(".View"), *name));
    names
}

fn by_tagging(escalation_paths: &mut EscalationPaths<'_, '_>, it: ResourceType, kind: Kind, prefix: &str) {
    let cx = escalation_paths.cx;
    let edit: &'static str = match editing(prefix) {
        Some(edit) => edit,
        None => return,
    };
    let takes_part = |class: &super::context::Class<'_>| {
        escalation_paths.holding(class, edit)
            && cx.of(&class.profiles).filter(|profile| profile.restricts(it)).count() > 0
    };
    let classes: Vec<_> =
        cx.classes.iter().enumerate().filter(|(_, class)| takes_part(class)).map(|(at, _)| at).collect();
    if classes.is_empty() {
        return;
    }
    let mut scopes = Scopes::new(cx, it);
    for class in classes {
        let (Some(of), Some(own)) = (cx.classes.get(class), escalation_paths.classes.get(class).cloned()) else {
            continue;
        };
        let Some(user) = of.users.first() else { continue };
        let id = user.id.to_string();
        'escalation_paths: for editor in cx.of(&of.profiles).filter(|profile| cx.holds(profile, edit)) {
            for gaining in cx.of(&of.profiles) {
                if gaining.number == editor.number || !gaining.restricts(it) {
                    continue;
                }
                // Access that the editor already has on the resource is no gain.
                let held = cx.on_type(editor, it);
                let names: Vec<_> = limited(escalation_paths, gaining, it, &own)
                    .into_iter()
                    .filter(|name| !held.contains(name))
                    .collect();
                let Some(gained) = names.first().copied() else { continue };
                let scope = scopes.of(editor, of);
                let outside = scope.iter().copied().filter(|at| !scopes.reaches(gaining, of, *at));
                for at in outside.take(TRIED) {
                    let Some(target) = scopes.targets.get(at) else { continue };
                    let Some(change) = into_scope(cx, kind, target.id, gaining, of.group) else { continue };
                    let edited = target.id.to_string();
                    let editing = Question::new(Principal::User(&id), edit, it.as_str(), &edited);
                    let first = escalation_paths.outcome(&editing);
                    if first == Outcome::Denied {
                        continue;
                    }
                    let wanted = Question { action: gained, ..editing };
                    if escalation_paths.outcome(&wanted) == Outcome::Allowed {
                        continue;
                    }
                    let mut compiled = cx.compiled.clone();
                    compiled.apply(&[change]);
                    if outcome(&compiled, &wanted) != Outcome::Allowed {
                        continue;
                    }
                    let users = of.users.iter().map(|user| user.id.clone());
                    let name = target.name;
                    escalation_paths.note(&TAGGING, editor.number, edit, first, users, |_| {
                        let how = match (gaining.tags(it), gaining.ranked && it == ResourceType::User) {
                            (true, true) => "tags and the group",
                            (true, false) => "tags",
                            (false, _) => "group",
                        };
                        let noun = kind.noun();
                        EscalationPath {
                            what: format!(
                                "bring any {noun} that they edit into the scope of `{}`, and so gain {} on it",
                                gaining.source.name,
                                list(&names)
                            ),
                            steps: vec![
                                step(format!("`{}` does `{edit}` on the {noun} `{name}`", user.username), first),
                                step(format!("and gives it the {how} that `{}` covers", gaining.source.name), first),
                                step(format!("`{}` may then do `{gained}` on it", user.username), Outcome::Allowed),
                            ],
                            others: vec![cx.subject_of(gaining)],
                            severity: graded(is_grave(cx.catalogue, gained), first == Outcome::Allowed),
                        }
                    });
                    break 'escalation_paths;
                }
            }
        }
    }
}

/// The permission to edit a type.
fn editing(prefix: &str) -> Option<&'static str> {
    const EDITING: [&str; 8] = [
        "Users.Edit",
        "SecurityProfiles.Edit",
        "Queues.Edit",
        "RoutingPolicies.Edit",
        "TransferDestinations.Edit",
        "HoursOfOperation.Edit",
        "AgentGrouping.Edit",
        "ContactFlowModules.Edit",
    ];
    EDITING.into_iter().find(|name| name.strip_suffix(".Edit") == Some(prefix))
}

/// The change that brings a resource into the scope of a profile.
fn into_scope(cx: &Context<'_>, kind: Kind, id: &Id, profile: &Profile<'_>, own: Option<&Id>) -> Option<Change> {
    let before = cx.directory.get(kind, id)?;
    let mut after = before.clone();
    if let Some(tags) = after.tags_mut() {
        let more = profile.source.allowed_access_control_tags.iter();
        tags.extend(more.map(|(key, value)| (key.clone(), value.clone())));
    }
    if let Resource::User(user) = &mut after
        && profile.ranked
    {
        let named = profile.source.allowed_access_control_hierarchy_group_id.as_ref().filter(|id| **id != Id::new(""));
        Arc::make_mut(user).hierarchy_group_id = Some(named.or(own)?.clone());
    }
    Some(Change::Update { before, after })
}

fn by_own_group(escalation_paths: &mut EscalationPaths<'_, '_>) {
    let cx = escalation_paths.cx;
    let own_mode = |profile: &&Profile<'_>| {
        let named = profile.source.allowed_access_control_hierarchy_group_id.as_ref();
        profile.ranked && named.is_none_or(|id| *id == Id::new(""))
    };
    // One user of each group.
    let mut of_group: BTreeMap<&Id, &Id> = BTreeMap::new();
    for class in &cx.classes {
        if let (Some(group), Some(user)) = (class.group, class.users.first()) {
            of_group.entry(group).or_insert(&user.id);
        }
    }
    for (at, class) in cx.classes.iter().enumerate() {
        let Some(own) = class.group.and_then(|id| cx.directory.hierarchy_groups.get(id)) else { continue };
        if !escalation_paths.holding(class, EDIT_USER) {
            continue;
        }
        let Some(strength) = escalation_paths.classes.get(at).cloned() else { continue };
        for profile in cx.of(&class.profiles).filter(own_mode) {
            let names = limited(escalation_paths, profile, ResourceType::User, &strength);
            let Some(gained) = names.first().copied() else { continue };
            // The top group of the user's own branch; for a user at the top, another branch.
            let top = own.ancestors.first();
            let other = || {
                cx.directory
                    .hierarchy_groups
                    .values()
                    .find(|it| it.ancestors.is_empty() && it.id != own.id)
                    .map(|it| &it.id)
            };
            let Some(target) = top.or_else(other) else { continue };
            let witness = of_group.iter().find(|(group, _)| {
                let group = cx.directory.hierarchy_groups.get(**group);
                group.is_some_and(|it| it.is_within(target) && !it.is_within(&own.id))
            });
            let Some((_, reached)) = witness else { continue };
            let reached_id = reached.to_string();
            let group_id = target.to_string();
            let group_name = cx.directory.hierarchy_groups.get(target).map_or("", |it| it.name.as_str());
            let reached_name = cx.directory.users.get(*reached).map_or("", |it| it.username.as_str());
            // The consequences of moving are the same for the whole class.
            let mut followed: Option<bool> = None;
            for user in &class.users {
                let id = user.id.to_string();
                let assigns = [(Kind::HierarchyGroup.name(), group_id.as_str())];
                let question = Question::new(Principal::User(&id), EDIT_USER, "User", &id);
                let first = escalation_paths.outcome(&Question { assigns: &assigns, ..question });
                if first == Outcome::Denied {
                    continue;
                }
                let follows = *followed.get_or_insert_with(|| {
                    let wanted = Question::new(Principal::User(&id), gained, "User", &reached_id);
                    let mut after = lanyard_model::resources::User::clone(user);
                    after.hierarchy_group_id = Some(target.clone());
                    let change = Change::Update { before: Resource::User(Arc::clone(user)), after: after.into() };
                    let mut compiled = cx.compiled.clone();
                    compiled.apply(&[change]);
                    escalation_paths.outcome(&wanted) != Outcome::Allowed
                        && outcome(&compiled, &wanted) == Outcome::Allowed
                });
                if !follows {
                    break;
                }
                let Some(through) = escalation_paths.through(&question) else { continue };
                escalation_paths.note(&OWN_GROUP, through, EDIT_USER, first, [user.id.clone()], |_| EscalationPath {
                    what: format!("move themselves in the hierarchy, and so gain {} on more users", list(&names)),
                    steps: vec![
                        step(format!("`{}` does `{EDIT_USER}` on the user `{0}`", user.username), first),
                        step(format!("and moves that user to the hierarchy group `{group_name}`"), first),
                        step(
                            format!("`{}` may then do `{gained}` on the user `{reached_name}`", user.username),
                            Outcome::Allowed,
                        ),
                    ],
                    others: vec![cx.subject_of(profile)],
                    severity: graded(is_grave(cx.catalogue, gained), first == Outcome::Allowed),
                });
            }
        }
    }
}
