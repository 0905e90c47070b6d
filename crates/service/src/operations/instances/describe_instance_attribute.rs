//! DescribeInstanceAttribute.

use lanyard_wire::shapes::{Attribute, DescribeInstanceAttributeRequest, DescribeInstanceAttributeResponse};

use crate::context::{InstanceState, Read};
use crate::error::{Error, Result};

/// One attribute and its value.
pub(crate) fn run(
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
