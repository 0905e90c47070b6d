use std::time::Duration;

use super::*;

const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

const FILE: &str = "\
# keys of the contact centre
; in AWS's format
[default]
aws_access_key_id = AKIADEFAULT
AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY
aws_session_token = ignored
region = eu-west-2
account = 111122223333

[ auditor ]
  aws_access_key_id = AKIAAUDIT
  aws_secret_access_key = a#b;c=d
  account = 444455556666
  name = The Auditor
  mode = read-only
";

fn keys(text: &str) -> Result<Vec<Credential>, String> {
    parse(Path::new("keys.ini"), text)
        .map(|keys| keys.into_iter().map(|(_, key)| key).collect())
        .map_err(|error| error.to_string())
}

fn fault(text: &str) -> String {
    let message = keys(text).unwrap_err();
    assert!(!message.contains("wJalr") && !message.contains("MDENG"), "{message}");
    message
}

/// A profile with a line of its own.
fn profile(extra: &str) -> String {
    format!("[p]\naws_access_key_id=AKIA\naws_secret_access_key={SECRET}\naccount=123456789012\n{extra}\n")
}

/// Writes a file whose time differs from any that it had.
fn write(path: &Path, text: &str, age: u64) {
    fs::write(path, text).unwrap();
    let modified = SystemTime::UNIX_EPOCH + Duration::from_secs(1_800_000_000 + age);
    fs::File::options().write(true).open(path).unwrap().set_modified(modified).unwrap();
}

#[test]
fn a_file_says_who_owns_a_key_and_what_it_may_do() {
    let expected = |id: &str, secret: &str, account: &str, owner: &str, mode| Credential {
        access_key_id: id.into(),
        secret: Secret::new(secret.into()),
        account: account.into(),
        owner: owner.into(),
        mode,
    };
    assert_eq!(
        keys(FILE).unwrap(),
        [
            expected("AKIADEFAULT", SECRET, "111122223333", "default", Mode::ReadWrite),
            expected("AKIAAUDIT", "a#b;c=d", "444455556666", "The Auditor", Mode::ReadOnly),
        ]
    );
    assert_eq!(keys("").unwrap(), []);
    assert_eq!(keys(&format!("\u{feff}{}", profile("mode = read-write").replace('\n', "\r\n"))).unwrap().len(), 1);
}

#[test]
fn errors_name_the_file_and_the_line_and_what_is_right() {
    for (text, expected) in [
        (
            "account = 123456789012".to_owned(),
            "keys.ini line 1: a setting must stand under a profile, like `[default]`",
        ),
        ("[p".to_owned(), "keys.ini line 1: a profile must begin with its name in brackets, like `[default]`"),
        ("\n[]".to_owned(), "keys.ini line 2: a profile must begin with its name in brackets, like `[default]`"),
        (
            profile(SECRET),
            "keys.ini line 5: must be `setting = value`, a profile in brackets, or a comment with # or ;",
        ),
        (
            profile(&format!("{SECRET}=")),
            "keys.ini line 5: the setting is unknown; the known ones are `aws_access_key_id`, `aws_secret_access_key`, \
             `account`, `name`, `mode`",
        ),
        (profile("mode = readonly"), "keys.ini line 5: `mode` must be `read-write` or `read-only`"),
        (profile(&format!("mode = {SECRET}")), "keys.ini line 5: `mode` must be `read-write` or `read-only`"),
        (profile("name ="), "keys.ini line 5: `name` must have 1 to 128 bytes without control characters"),
        (profile("account = 210987654321"), "keys.ini line 5: the profile `p` has `account` twice; give it once"),
        (profile("[p]"), "keys.ini line 5: the profile `p` is there twice; give each profile once"),
        (profile("[q]"), "keys.ini line 5: the profile `q` has no `aws_access_key_id`; add `aws_access_key_id = …`"),
        (
            profile("").replace("account=", "#"),
            "keys.ini line 1: the profile `p` has no `account`; add `account = 123456789012`",
        ),
        (
            profile("").replace("=123456789012", &format!("={SECRET}")),
            "keys.ini line 4: the account must have 12 digits",
        ),
        (
            profile("").replace("=AKIA", &format!("={SECRET}")),
            "keys.ini line 2: the access key id must have 1 to 128 letters, digits, `_`, `-` or `.`",
        ),
        (
            profile("").replace(SECRET, &format!("{SECRET} x")),
            "keys.ini line 3: the secret access key must have 1 to 256 printable ASCII characters without blanks",
        ),
    ] {
        assert_eq!(fault(&text), expected);
    }
}

#[test]
fn an_id_belongs_to_one_key() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("keys.ini");
    write(&path, &format!("{}{}", profile(""), profile("").replace("[p]", "[q]")), 0);
    let error = Credentials::new(Some(path.clone()), Vec::new()).unwrap_err().to_string();
    assert!(error.ends_with("keys.ini line 7: the access key id `AKIA` is given twice; give each id once"), "{error}");

    write(&path, &profile(""), 1);
    let fixed = Credential::from_argument("AKIA:other").unwrap();
    let error = Credentials::new(Some(path), vec![fixed.clone()]).unwrap_err().to_string();
    assert!(error.contains("`AKIA` is given twice"), "{error}");
    let error = Credentials::new(None, vec![fixed.clone(), fixed]).unwrap_err().to_string();
    assert_eq!(error, "access key: the id `AKIA` is given twice; give each id once");
}

#[test]
fn an_argument_is_an_id_a_secret_and_perhaps_an_account() {
    let key = Credential::from_argument(&format!("AKIA:{SECRET}")).unwrap();
    assert_eq!(
        (key.access_key_id.as_str(), key.owner.as_str(), key.account.as_str()),
        ("AKIA", "AKIA", DEFAULT_ACCOUNT)
    );
    assert_eq!((key.secret, key.mode), (Secret::new(SECRET.into()), Mode::ReadWrite));
    assert_eq!(Credential::from_argument("a:b/+=:111122223333").unwrap().account, "111122223333");
    for (argument, expected) in [
        (SECRET, "access key: must be ID:SECRET or ID:SECRET:ACCOUNT"),
        ("", "access key: must be ID:SECRET or ID:SECRET:ACCOUNT"),
        (&format!("a:{SECRET}:111122223333:x"), "access key: must be ID:SECRET or ID:SECRET:ACCOUNT"),
        (&format!("a:{SECRET}:1"), "access key: the account must have 12 digits"),
        (&format!(":{SECRET}"), "access key: the access key id must have 1 to 128 letters, digits, `_`, `-` or `.`"),
        ("a:", "access key: the secret access key must have 1 to 256 printable ASCII characters without blanks"),
    ] {
        assert_eq!(Credential::from_argument(argument).unwrap_err().to_string(), expected);
    }
}

#[test]
fn without_any_key_there_is_the_default_one() {
    let credentials = Credentials::new(None, Vec::new()).unwrap();
    let key = credentials.get("test").unwrap();
    assert_eq!(*key, Credential::from_argument("test:test").unwrap());
    assert_eq!((key.account.as_str(), key.owner.as_str()), ("123456789012", "test"));
    assert!(credentials.has_default_key());
    assert_eq!(credentials.reload_if_changed(true), Ok(false));
    assert_eq!(credentials.get("other"), None);

    let own = Credentials::new(None, vec![Credential::from_argument("AKIA:secret").unwrap()]).unwrap();
    assert!(own.get("test").is_none() && !own.has_default_key());
    let same = Credentials::new(None, vec![Credential::from_argument("test:test").unwrap()]).unwrap();
    assert!(same.has_default_key());
}

#[test]
fn a_changed_file_is_read_again_and_a_faulty_one_changes_nothing() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("keys.ini");
    write(&path, FILE, 0);
    let fixed = vec![Credential::from_argument("AKIAFIXED:secret").unwrap()];
    let credentials = Credentials::new(Some(path.clone()), fixed).unwrap();
    let former = credentials.get("AKIADEFAULT").unwrap();
    assert_eq!(credentials.reload_if_changed(true), Ok(false));
    assert!(!credentials.has_default_key());

    write(&path, "[p", 1);
    let error = credentials.reload_if_changed(true).unwrap_err().to_string();
    assert!(error.contains("keys.ini line 1"), "{error}");
    assert_eq!(credentials.reload_if_changed(true), Ok(false), "an error is reported once");
    assert!(Arc::ptr_eq(&credentials.get("AKIADEFAULT").unwrap(), &former));

    fs::remove_file(&path).unwrap();
    let error = credentials.reload_if_changed(true).unwrap_err().to_string();
    assert!(error.contains("cannot be read"), "{error}");
    assert_eq!(credentials.reload_if_changed(true), Ok(false));
    assert!(credentials.get("AKIADEFAULT").is_some());

    write(&path, &profile(""), 2);
    assert_eq!(credentials.reload_if_changed(true), Ok(true));
    assert!(credentials.get("AKIADEFAULT").is_none());
    assert!(credentials.get("AKIA").is_some() && credentials.get("AKIAFIXED").is_some());

    write(&path, &profile("").replace("AKIA", "BKIA"), 3);
    assert_eq!(credentials.reload_if_changed(true), Ok(true), "the size is the same, the time is not");
    assert!(credentials.get("BKIA").is_some());
}

#[test]
fn a_missing_file_is_an_error_at_the_start() {
    let error = Credentials::new(Some("/nowhere/keys.ini".into()), Vec::new()).unwrap_err().to_string();
    assert!(error.starts_with("/nowhere/keys.ini: cannot be read"), "{error}");
}

#[test]
fn nothing_prints_a_secret() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("keys.ini");
    write(&path, FILE, 0);
    let fixed = vec![Credential::from_argument(&format!("AKIAFIXED:{SECRET}")).unwrap()];
    let credentials = Credentials::new(Some(path), fixed).unwrap();
    let printed = format!("{credentials:?} {:?} {:?}", credentials.get("AKIADEFAULT"), credentials.get("AKIAAUDIT"));
    assert!(printed.contains("AKIADEFAULT") && printed.contains("<redacted>"), "{printed}");
    for secret in ["wJalr", "MDENG", "a#b;c=d"] {
        assert!(!printed.contains(secret), "{printed}");
    }
}
