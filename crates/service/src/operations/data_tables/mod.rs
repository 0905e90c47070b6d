//! Data tables, their attributes and their values.

mod attribute_checks;
mod attributes;
mod batch;
mod checks;
mod edit;
mod evaluate;
mod find;
mod grid;
mod listing;
mod locks;
mod primary_values;
mod tables;
mod values;
mod view;

pub(crate) use attributes::{
    create_data_table_attribute, delete_data_table_attribute, describe_data_table_attribute,
    list_data_table_attributes, update_data_table_attribute,
};
pub(crate) use evaluate::evaluate_data_table_values;
pub(crate) use primary_values::{list_data_table_primary_values, update_data_table_primary_values};
pub(crate) use tables::{
    create_data_table, delete_data_table, describe_data_table, list_data_tables, search_data_tables,
    update_data_table_metadata,
};
pub(crate) use values::{
    batch_create_data_table_value, batch_delete_data_table_value, batch_describe_data_table_value,
    batch_update_data_table_value, list_data_table_values,
};
