//! The attributes of an instance: which there are, what a new instance has, and the operations on them.

use std::collections::BTreeMap;

use lanyard_model::resources::Instance;
use lanyard_wire::shapes::{
    Attribute, DescribeInstanceAttributeRequest, DescribeInstanceAttributeResponse, InstanceAttributeType,
    ListInstanceAttributesRequest, ListInstanceAttributesResponse, UpdateInstanceAttributeRequest,
};

use crate::context::{InstanceState, Read, Write};
use crate::error::{Error, Excerpt, Result};
use crate::operations::pages;

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

/// One attribute and its value.
pub(crate) fn describe_instance_attribute(
    cx: &Read<'_>,
    input: &DescribeInstanceAttributeRequest,
) -> Result<DescribeInstanceAttributeResponse> {
    let name = input.attribute_type.as_str();
    let instance = cx.instance()?;
    let value = instance.attributes.get(name).ok_or_else(|| Error::not_found("instance attribute", name))?;
    Ok(DescribeInstanceAttributeResponse {
        attribute: Some(Attribute { attribute_type: Some(input.attribute_type.clone()), value: Some(value.clone()) }),
    })
}

/// The attributes and their values, in the order of their names.
pub(crate) fn list_instance_attributes(
    cx: &Read<'_>,
    input: &ListInstanceAttributesRequest,
) -> Result<ListInstanceAttributesResponse> {
    let instance = cx.instance()?;
    let keyed = instance.attributes.iter().map(|(name, value)| (name.clone(), (name, value)));
    let row = |(name, value): (&String, &String)| Attribute {
        attribute_type: Some(InstanceAttributeType::from_wire(name)),
        value: Some(value.clone()),
    };
    let (attributes, next_token) = pages::of_items(cx, input, "", keyed, row)?;
    Ok(ListInstanceAttributesResponse { attributes: Some(attributes), next_token })
}

/// Sets an attribute to `true` or `false`, the values of every attribute of the model.
///
/// Setting a value is idempotent, so the client token is not stored.
pub(crate) fn update_instance_attribute(cx: &mut Write<'_>, input: &UpdateInstanceAttributeRequest) -> Result<()> {
    let value = input.value.to_lowercase();
    if value != "true" && value != "false" {
        return Err(Error::invalid_parameter(format!(
            "member `Value` has value `{}`, must be one of true, false",
            Excerpt(&input.value)
        )));
    }
    let mut instance = Instance::clone(cx.instance()?.as_ref());
    instance.attributes.insert(input.attribute_type.as_str().to_owned(), value);
    cx.put(instance)
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
