//! Tags of any kind of resource.

use lanyard_model::{Key, Resource, Tags};
use lanyard_wire::shapes::{TagResourceRequest, UntagResourceRequest};

use super::{Phase, Writer};

/// Tags in the form of a request: absent where there are none.
pub(super) fn some(tags: &Tags) -> Option<Tags> {
    (!tags.is_empty()).then(|| tags.clone())
}

impl Writer<'_> {
    /// The calls that change one set of tags into the other.
    pub(super) fn update_tags(&mut self, key: &Key, from: &Tags, to: &Tags) {
        if from == to {
            return;
        }
        let Some(arn) = self.scope.arn(self.instance_id, key.kind, &key.id) else {
            self.refuse(key.clone(), "it has no ARN, so it cannot be tagged");
            return;
        };
        let gone: Vec<String> = from.keys().filter(|name| !to.contains_key(*name)).cloned().collect();
        let new: Tags = to.iter().filter(|(name, value)| from.get(*name) != Some(value)).map(own).collect();
        if !gone.is_empty() {
            let input = UntagResourceRequest { resource_arn: arn.clone(), tag_keys: gone };
            self.push(Phase::Others, key.clone(), &input);
        }
        if !new.is_empty() {
            self.push(Phase::Others, key.clone(), &TagResourceRequest { resource_arn: arn, tags: new });
        }
    }

    /// The calls for kinds of which access depends only on the tags.
    pub(super) fn update_tags_alone(&mut self, from: &Resource, to: &Resource) {
        let key = to.key();
        let (Some(old), Some(new)) = (from.tags(), to.tags()) else {
            self.refuse(key.clone(), format!("a plan does not change this {}; change it separately", key.kind.noun()));
            return;
        };
        let mut rest = from.clone();
        if let Some(tags) = rest.tags_mut() {
            tags.clone_from(new);
        }
        if lasting(&rest) != lasting(to) {
            let what = format!("a plan changes only the tags of this {}; change the rest separately", key.kind.noun());
            self.refuse(key.clone(), what);
        }
        self.update_tags(&key, old, new);
    }
}

/// The resource without the time and region of its last modification, which follow from the calls.
fn lasting(resource: &Resource) -> Option<serde_json::Value> {
    let mut value = serde_json::from_str::<serde_json::Value>(&resource.to_json().ok()?).ok()?;
    if let Some(members) = value.as_object_mut() {
        members.retain(|name, _| !name.starts_with("last_modified_"));
    }
    Some(value)
}

fn own((name, value): (&String, &String)) -> (String, String) {
    (name.clone(), value.clone())
}
