//! Files of a state: pulled directories, CloudFormation templates, output of Terraform, and the files next to them.

use std::cell::RefCell;
use std::fs;
use std::path::{Component, Path};

use lanyard_formats::{read, read_expectations, read_promotion, read_suppressions};
use tempfile::TempDir;

/// The line before a file of a directory, in front of its name.
const FILE: &str = "=== ";

thread_local! {
    static PLACE: RefCell<TempDir> = RefCell::new(tempfile::tempdir().unwrap());
}

/// One file, whose format its content decides; or, where the first line is `=== NAME`, a directory of files, each below
/// such a line.
pub fn files(input: &[u8]) {
    PLACE.with_borrow_mut(|place| {
        let text = String::from_utf8_lossy(input);
        if !text.starts_with(FILE) {
            let is_json = text.trim_start().starts_with(['{', '[']);
            let path = place.path().join(if is_json { "file.json" } else { "file.yaml" });
            fs::write(&path, input).unwrap();
            let _ = read(&path);
            let _ = read_expectations(&path);
            let _ = read_promotion(&path);
            let _ = read_suppressions(&path);
            return;
        }
        let directory = place.path().join("directory");
        let _ = fs::remove_dir_all(&directory);
        fs::create_dir(&directory).unwrap();
        let mut file: Option<(&str, String)> = None;
        for line in text.split_inclusive('\n') {
            if let Some(name) = line.strip_prefix(FILE) {
                write(&directory, file.take());
                file = Some((name.trim_end(), String::new()));
            } else if let Some((_, content)) = &mut file {
                content.push_str(line);
            }
        }
        write(&directory, file);
        let _ = read(&directory);
    });
}

/// Writes a file of a directory, below it.
fn write(directory: &Path, file: Option<(&str, String)>) {
    let Some((name, content)) = file else { return };
    let is_below = Path::new(name).components().all(|part| matches!(part, Component::Normal(_)));
    let path = directory.join(name);
    if let Some(parent) = path.parent().filter(|_| is_below) {
        // A name that no file can have, or a directory has, is passed over.
        let _ = fs::create_dir_all(parent).and_then(|()| fs::write(&path, content));
    }
}
