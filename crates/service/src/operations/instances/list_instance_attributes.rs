//! ListInstanceAttributes.

use lanyard_wire::shapes::{
    Attribute, InstanceAttributeType, ListInstanceAttributesRequest, ListInstanceAttributesResponse,
};

use crate::context::{InstanceState, Read};
use crate::error::Result;
use crate::operations::pages::Pages;

/// The longest page (the API model's bound).
const MOST: usize = 7;

/// The attributes and their values, in the order of their names.
pub(crate) fn run(cx: &Read<'_>, input: &ListInstanceAttributesRequest) -> Result<ListInstanceAttributesResponse> {
    let pages = Pages::new(cx, &input.instance_id, b"", input.next_token.as_deref(), input.max_results, MOST)?;
    let instance = cx.instance()?;
    let rows = instance.attributes.iter().map(|(name, value)| {
        let attribute =
            Attribute { attribute_type: Some(InstanceAttributeType::from_wire(name)), value: Some(value.clone()) };
        (name.clone(), attribute)
    });
    let (attributes, next_token) = pages.cut_list(rows);
    Ok(ListInstanceAttributesResponse { attributes: Some(attributes), next_token })
}
