//! UpdateInstanceAttribute.

use lanyard_model::resources::Instance;
use lanyard_wire::shapes::UpdateInstanceAttributeRequest;

use crate::context::{InstanceState, Write};
use crate::error::{Error, Excerpt, Result};

/// Sets an attribute to `true` or `false`, which is what every attribute of the model takes.
///
/// Setting a value twice is setting it once, so the client token needs no memory.
pub(crate) fn run(cx: &mut Write<'_>, input: &UpdateInstanceAttributeRequest) -> Result<()> {
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
