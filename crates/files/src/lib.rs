//! The state of an instance in files: the directories that `lanyard pull` writes, CloudFormation templates, and what
//! `terraform show -json` prints.
//!
//! What always holds: what a format does not carry is not seen, never absent; and what was written is read back as it
//! was.
