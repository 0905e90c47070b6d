//! ListInstanceAttributes.

use lanyard_wire::shapes::{
    Attribute, InstanceAttributeType, ListInstanceAttributesRequest, ListInstanceAttributesResponse,
};

use crate::context::{InstanceState, Read};
use crate::error::Result;
use crate::operations::pages;

/// The attributes and their values, in the order of their names.
pub(crate) fn run(cx: &Read<'_>, input: &ListInstanceAttributesRequest) -> Result<ListInstanceAttributesResponse> {
    let instance = cx.instance()?;
    let keyed = instance.attributes.iter().map(|(name, value)| (name.clone(), (name, value)));
    let row = |(name, value): (&String, &String)| Attribute {
        attribute_type: Some(InstanceAttributeType::from_wire(name)),
        value: Some(value.clone()),
    };
    let (attributes, next_token) = pages::of_items(cx, input, "", keyed, row)?;
    Ok(ListInstanceAttributesResponse { attributes: Some(attributes), next_token })
}
