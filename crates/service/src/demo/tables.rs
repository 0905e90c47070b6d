//! The demo's data table: up to what sum of money a refund may go, by brand. The refund assistant's profile keeps it to the
//! records of one of the brands.

use lanyard_model::Id;
use lanyard_wire::shapes::{
    BatchCreateDataTableValueRequest, CreateDataTableAttributeRequest, CreateDataTableRequest,
    DataTableAttributeValueType, DataTableLockLevel, DataTableStatus, DataTableValue, PrimaryValue, Validation,
};

use super::tags;
use crate::context::Write;
use crate::error::{Error, Result};
use crate::operations::data_tables::{batch_create_data_table_value, create_data_table, create_data_table_attribute};

/// The primary attribute, which a security profile of the demo names too.
pub(super) const BRAND: &str = "Brand";
pub(super) const RETAIL: &str = "Retail";

/// The records: brand, limit, who approves more than that. The one without a brand is the default record.
const REFUNDS: &[(Option<&str>, &str, &str)] = &[
    (None, "0", "Billing team leads"),
    (Some(RETAIL), "50", "Billing team leads"),
    (Some("Business"), "250", "Billing team leads"),
    (Some("Wholesale"), "1000", "Site managers"),
];

pub(super) fn make(cx: &mut Write<'_>, instance: &Id) -> Result<()> {
    let instance_id = instance.to_string();
    let table = CreateDataTableRequest {
        instance_id: instance_id.clone(),
        name: "Refund limits".to_owned(),
        description: Some("Up to what sum money goes back without asking".to_owned()),
        time_zone: "Europe/Lisbon".to_owned(),
        value_lock_level: DataTableLockLevel::Value,
        status: DataTableStatus::Published,
        tags: Some(tags(&[("Team", "Billing")])),
    };
    let data_table_id = create_data_table(cx, &table)?.id.unwrap_or_default();
    let attribute = |name: &str, value_type, primary, validation| CreateDataTableAttributeRequest {
        instance_id: instance_id.clone(),
        data_table_id: data_table_id.clone(),
        name: name.to_owned(),
        value_type,
        description: None,
        primary: Some(primary),
        validation,
    };
    let not_negative = Validation { minimum: Some(0.0), ..Validation::default() };
    for request in [
        attribute(BRAND, DataTableAttributeValueType::Text, true, None),
        attribute("Limit", DataTableAttributeValueType::Number, false, Some(not_negative)),
        attribute("Approver", DataTableAttributeValueType::Text, false, None),
    ] {
        create_data_table_attribute(cx, &request)?;
    }
    let values = REFUNDS.iter().flat_map(|(brand, limit, approver)| {
        let named = brand.map(|brand| vec![PrimaryValue { attribute_name: BRAND.to_owned(), value: brand.to_owned() }]);
        [("Limit", *limit), ("Approver", *approver)].map(|(name, value)| DataTableValue {
            primary_values: named.clone(),
            attribute_name: name.to_owned(),
            value: value.to_owned(),
            lock_version: None,
            last_modified_time: None,
            last_modified_region: None,
        })
    });
    let values = BatchCreateDataTableValueRequest { values: values.collect(), instance_id, data_table_id };
    let failed = batch_create_data_table_value(cx, &values)?.failed.unwrap_or_default();
    match failed.first() {
        Some(one) => Err(Error::internal(format!("a value of the demo's data table failed: {one:?}"))),
        None => Ok(()),
    }
}
