//! That a plain yes or no allocates nothing.

use lanyard_engine::{Compiled, PermissionIndex, Principal, Question, Reading};
use lanyard_model::resources::SecurityProfile;
use lanyard_model::{Directory, Id, Resource, StreamId, Timestamp};

#[test]
fn a_plain_answer_allocates_nothing() {
    let mut profile = SecurityProfile::named(Id::from_uuid(1), "p", Timestamp(1), "eu-west-2");
    profile.permissions = vec!["Users.View".into(), "Queues.View".into(), "ContactSearch.View".into()];
    profile.tag_restricted_resources = vec!["User".into()];
    profile.allowed_access_control_tags = [("k".to_owned(), "v".to_owned())].into();
    profile.hierarchy_restricted_resources = vec!["User".into()];
    let user = serde_json::from_value(serde_json::json!({
        "id": Id::from_uuid(2).to_string(), "username": "ann", "security_profile_ids": [Id::from_uuid(1).to_string()],
        "routing_profile_id": Id::from_uuid(3).to_string(), "tags": { "k": "v" },
        "last_modified_time": 1, "last_modified_region": "eu-west-2",
    }));
    let all = [Resource::from(profile), Resource::User(std::sync::Arc::new(user.unwrap()))];
    let directory = Directory::load(StreamId::Instance(Id::from_uuid(9)), 1, Timestamp(1), all);
    let compiled = Compiled::new(&directory, PermissionIndex::builtin());
    let id = Id::from_uuid(2).to_string();
    let mut allowed = 0;
    let spent = allocation_counter::measure(|| {
        for name in ["ann", "ANN", id.as_str(), "nobody"] {
            for (action, resource_type, it) in [
                ("Users.View", "User", id.as_str()),
                ("Users.Edit", "User", id.as_str()),
                ("Queues.View", "Queue", "*"),
                ("ContactSearch.View", "Contact", "c"),
                ("Zeta.View", "Instance", "00000000-0000-0000-0000-000000000009"),
                ("task:listen-to-recordings", "Contact", "c"),
                ("ACCESS", "ThirdPartyApplication", "n"),
            ] {
                for reading in [Reading::STRICT, Reading::LENIENT] {
                    let question = Question::new(Principal::User(name), action, resource_type, it);
                    allowed += usize::from(compiled.decide(&question, reading).is_ok_and(|it| it.is_allowed()));
                }
            }
        }
    });
    assert_eq!(spent.count_total, 0);
    assert!(allowed >= 12, "{allowed}");
}
