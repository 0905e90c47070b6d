//! Integration associations: the resources of other services that an instance uses.

mod associations;

pub(crate) use associations::{
    create_integration_association, create_integration_association_in_change_set, delete_integration_association,
    list_integration_associations, make_association,
};
