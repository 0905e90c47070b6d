//! The attributes of an instance: which there are, and what a new instance has.

use std::collections::BTreeMap;

/// Whether calls can come in.
pub(crate) const INBOUND_CALLS: &str = "INBOUND_CALLS";
/// Whether calls can go out.
pub(crate) const OUTBOUND_CALLS: &str = "OUTBOUND_CALLS";

/// The attributes and the value that each has in a new instance, in the order of the API model.
///
/// The Terraform provider's defaults for a new instance; where it has none, off.
const INITIAL: &[(&str, bool)] = &[
    (INBOUND_CALLS, false),
    (OUTBOUND_CALLS, false),
    ("CONTACTFLOW_LOGS", false),
    ("CONTACT_LENS", true),
    ("AUTO_RESOLVE_BEST_VOICES", true),
    ("USE_CUSTOM_TTS_VOICES", false),
    ("EARLY_MEDIA", true),
    ("MULTI_PARTY_CONFERENCE", false),
    ("AUTO_MUTE_AGENT_ON_HOLD", false),
    ("HIGH_VOLUME_OUTBOUND", false),
    ("ENHANCED_CONTACT_MONITORING", false),
    ("ENHANCED_CHAT_MONITORING", false),
    ("MULTI_PARTY_CHAT_CONFERENCE", false),
    ("MESSAGE_STREAMING", false),
];

/// The attributes of a new instance.
pub(crate) fn initial(inbound: bool, outbound: bool) -> BTreeMap<String, String> {
    let mut attributes: BTreeMap<String, String> =
        INITIAL.iter().map(|(name, on)| ((*name).to_owned(), on.to_string())).collect();
    attributes.insert(INBOUND_CALLS.to_owned(), inbound.to_string());
    attributes.insert(OUTBOUND_CALLS.to_owned(), outbound.to_string());
    attributes
}

#[cfg(test)]
mod tests {
    use super::INITIAL;
    use lanyard_wire::shapes::InstanceAttributeType;

    #[test]
    fn the_attributes_are_those_of_the_model() {
        for (name, _) in INITIAL {
            assert!(
                !matches!(InstanceAttributeType::from_wire(name), InstanceAttributeType::Unrecognised(_)),
                "{name}"
            );
        }
        assert_eq!(INITIAL.len(), 14);
    }
}
