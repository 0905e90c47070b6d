//! The names of people in files that have pseudonyms in their place.

use std::path::{Path, PathBuf};

use lanyard_answers::text::QuestionNames;
use lanyard_answers::{Checked, WhatCan, WhoCan, WrittenQuestion};
use lanyard_model::{Directory, Kind, into_shown};
use lanyard_sync::pull::{Privacy, is_pseudonym, pseudonym_key};

use crate::failure::Failure;
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

/// The pseudonyms of the people that a question names, and their names.
#[derive(Default)]
pub(crate) struct KnownAs(Vec<(String, String)>);

impl KnownAs {
    /// Puts the name in place of the pseudonym.
    fn restore(&self, name: &mut String) {
        if let Some((_, known)) = self.0.iter().find(|(pseudonym, _)| pseudonym == name) {
            name.clone_from(known);
        }
    }
}

/// An answer that names people.
pub(crate) trait NamesPeople {
    /// Puts the names by which the question names people in place of their pseudonyms.
    fn restore_names(&mut self, known_as: &KnownAs);
}

impl NamesPeople for Checked {
    fn restore_names(&mut self, known_as: &KnownAs) {
        known_as.restore(&mut self.subject_name);
        known_as.restore(&mut self.known_as.resource);
        self.readable.reports.iter_mut().for_each(|report| known_as.restore(&mut report.principal));
        self.readable.advice.iter_mut().for_each(|advice| known_as.restore(&mut advice.principal));
        self.readable.way.iter_mut().for_each(|step| known_as.restore(&mut step.name));
    }
}

impl NamesPeople for WhatCan {
    fn restore_names(&mut self, known_as: &KnownAs) {
        known_as.restore(&mut self.subject_name);
        self.sections.iter_mut().for_each(|section| known_as.restore(&mut section.name));
    }
}

impl NamesPeople for QuestionNames {
    fn restore_names(&mut self, known_as: &KnownAs) {
        known_as.restore(&mut self.resource);
    }
}

impl NamesPeople for WhoCan {
    fn restore_names(&mut self, known_as: &KnownAs) {
        self.known_as.restore_names(known_as);
    }
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

    /// The question with pseudonyms in place of the names of users, and those names.
    pub(crate) fn with_pseudonyms(
        &self,
        question: WrittenQuestion,
        directory: &Directory,
    ) -> (WrittenQuestion, KnownAs) {
        let (mut question, mut known_as) = (question, KnownAs::default());
        let Self::Pseudonyms(privacy) = self else { return (question, known_as) };
        let mut pseudonym = |name: &str| {
            let pseudonym = privacy.name(name);
            let is_known = directory.find_name(Kind::User, name).is_some();
            (!is_known && directory.find_name(Kind::User, &pseudonym).is_some()).then(|| {
                known_as.0.push((pseudonym.clone(), name.to_owned()));
                pseudonym
            })
        };
        let users = [&mut question.principal, &mut question.agent, &mut question.owner, &mut question.on_behalf_of];
        for user in users.into_iter().flatten() {
            let name = user.strip_prefix("user:").unwrap_or(user);
            if let Some(pseudonym) = pseudonym(name) {
                *user = pseudonym;
            }
        }
        if let Some(resource) = &mut question.resource
            && let Some((kind, name)) = resource.split_once(':')
            && kind.eq_ignore_ascii_case("User")
            && let Some(pseudonym) = pseudonym(name)
        {
            *resource = format!("User:{pseudonym}");
        }
        (question, known_as)
    }

    /// The failure with the reason why a person's name was not found.
    pub(crate) fn explain(&self, failure: Failure) -> Failure {
        match (self, failure) {
            (Self::KeyMissing(file), Failure::NotUnderstood(message)) if is_about_a_user(&message) => {
                Failure::NotUnderstood(format!(
                    "{message}; these files have pseudonyms (`person+…`) in place of the names of people, and their key is \
                     not at `{}`",
                    into_shown(file.display().to_string())
                ))
            }
            (Self::Pseudonyms(_), Failure::NotUnderstood(message)) if is_about_a_user(&message) => {
                Failure::NotUnderstood(format!(
                    "{message}; these files have pseudonyms in place of the names of people, and under their key none is of \
                     this name"
                ))
            }
            (_, failure) => failure,
        }
    }
}

fn is_about_a_user(message: &str) -> bool {
    message.to_lowercase().starts_with("there is no user")
}
