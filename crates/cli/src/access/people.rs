//! The names of people in files that have pseudonyms in their place.

use std::path::{Path, PathBuf};

use lanyard_answers::WrittenQuestion;
use lanyard_model::{Directory, Kind, into_shown, shown};
use lanyard_sync::pull::{Privacy, is_pseudonym, pseudonym_key};

use crate::failure::Failure;
use crate::output::error_line;
use crate::pull_record::sibling;

/// How people are named in the files of a state.
#[derive(Default)]
pub(crate) enum People {
    /// By their names.
    #[default]
    Names,
    /// By pseudonyms, whose key is next to the directory.
    Pseudonyms(Box<Privacy>),
    /// By pseudonyms, whose key is missing.
    KeyMissing(PathBuf),
}

impl People {
    /// The way in which these files name people.
    pub(crate) fn in_files(path: &Path, directory: &Directory) -> Result<Self, Failure> {
        if !directory.users.values().any(|user| is_pseudonym(&user.username)) {
            return Ok(Self::Names);
        }
        let file = sibling(path, "pseudonym-key");
        if !file.exists() {
            return Ok(Self::KeyMissing(file));
        }
        Ok(Self::Pseudonyms(Box::new(Privacy::Pseudonyms(pseudonym_key(&file)?))))
    }

    /// The question with pseudonyms in place of the names of users.
    pub(crate) fn with_pseudonyms(&self, mut question: WrittenQuestion, directory: &Directory) -> WrittenQuestion {
        let Self::Pseudonyms(privacy) = self else { return question };
        let pseudonym = |name: &str| {
            let pseudonym = privacy.name(name);
            let is_known = directory.find_name(Kind::User, name).is_some();
            (!is_known && directory.find_name(Kind::User, &pseudonym).is_some()).then(|| {
                error_line(format_args!("note: `{}` is `{pseudonym}` in these files", shown(name)));
                pseudonym
            })
        };
        let users = [&mut question.principal, &mut question.agent, &mut question.owner, &mut question.on_behalf_of];
        for user in users.into_iter().flatten() {
            let (prefix, name) = user.split_once("user:").map_or(("", user.as_str()), |(_, name)| ("user:", name));
            if let Some(pseudonym) = pseudonym(name) {
                *user = format!("{prefix}{pseudonym}");
            }
        }
        if let Some(resource) = &mut question.resource
            && let Some((kind, name)) = resource.split_once(':')
            && kind.eq_ignore_ascii_case("User")
            && let Some(pseudonym) = pseudonym(name)
        {
            *resource = format!("User:{pseudonym}");
        }
        question
    }

    /// The failure with the reason why a person's name was not found.
    pub(crate) fn explain(&self, failure: Failure) -> Failure {
        match (self, failure) {
            (Self::KeyMissing(file), Failure::NotUnderstood(message)) if message.starts_with("there is no user") => {
                Failure::NotUnderstood(format!(
                    "{message}; these files have pseudonyms (`person+…`) in place of the names of people, and their key is \
                     not at `{}`",
                    into_shown(file.display().to_string())
                ))
            }
            (_, failure) => failure,
        }
    }
}
