//! Reading the file of the users.

use lanyard_analysis::provisional;
use lanyard_model::resources::{IdentityInfo, User};
use lanyard_model::{Id, Key, Kind, Timestamp};

use super::layout::members;
use super::read::{File, Reader};
use crate::fault::Fault;
use crate::members::{Members, list};
use crate::names::Lookup;
use crate::source::Source;
use crate::tree::Node;

impl Reader {
    pub(super) fn users(&mut self, file: &File) -> Result<(), Fault> {
        let what = "a user";
        for node in list(&file.name, &file.root, "the file of users")? {
            let done = self.user(file, node, what);
            self.faults.take(done);
        }
        Ok(())
    }

    fn user(&mut self, file: &File, node: &Node, what: &str) -> Result<(), Fault> {
        let user = Members::collect(&file.name, node, what, members::USER, &mut self.faults)?;
        let (username, at) = user.required(what, "Username")?;
        let id = self.identify(Kind::User, &user, (username, at), username)?;
        self.note_members(&Key { kind: Kind::User, id: id.clone() }, &user);
        let group = user.text("HierarchyGroup")?;
        let routing = user.text("RoutingProfile")?;
        let is_seen = !self.unknown_parts.kinds.contains(&Kind::RoutingProfile);
        let routing = match routing {
            Some(named) if is_seen => self.refer(Kind::RoutingProfile, user.file, named)?,
            // Access does not depend on the routing profile, so an unknown one is no error.
            Some((text, _)) => match self.names.find(Kind::RoutingProfile, text) {
                Lookup::One(id) => id,
                Lookup::Ambiguous | Lookup::Unknown => provisional(Kind::RoutingProfile, text),
            },
            None => Id::new(""),
        };
        let it = User {
            id,
            username: username.to_owned(),
            identity_info: user.get("IdentityInfo").map(|node| identity_info(user.file, node)).transpose()?,
            phone_config: None,
            channel_configs: Default::default(),
            directory_user_id: None,
            security_profile_ids: self.held_profiles(&user)?,
            routing_profile_id: routing,
            hierarchy_group_id: group.map(|named| self.refer_to_group(user.file, named)).transpose()?,
            tags: user.pairs("Tags")?,
            last_modified_time: Timestamp::default(),
            last_modified_region: String::new(),
        };
        self.resources.push(it.into());
        Ok(())
    }
}

fn identity_info(file: &Source, node: &Node) -> Result<IdentityInfo, Fault> {
    let info = Members::of(file, node, "a user's `IdentityInfo`", members::IDENTITY_INFO)?;
    Ok(IdentityInfo {
        first_name: info.owned("FirstName")?,
        last_name: info.owned("LastName")?,
        email: info.owned("Email")?,
        secondary_email: info.owned("SecondaryEmail")?,
        mobile: info.owned("Mobile")?,
    })
}
