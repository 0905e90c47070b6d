//! Errors have their place and a correction.

use std::fs;

use lanyard_formats::read;

/// The error of a directory with these files, without its path.
fn fault(files: &[(&str, &str)]) -> String {
    let dir = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = dir.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    match read(dir.path()) {
        Ok(_) => panic!("no fault: {files:?}"),
        Err(fault) => fault.to_string().replace(&format!("{}/", dir.path().display()), ""),
    }
}

const A: &str = "security-profiles/a.yaml";
const B: &str = "security-profiles/b.yaml";
const ID: &str = "00000000-0000-0000-0000-000000000001";

#[test]
fn each_error_has_file_line_and_column() {
    let name = "SecurityProfileName: A\n";
    let cases: &[(&[(&str, &str)], &str)] = &[
        (
            &[(A, "SecurityProfileName: A\nPermisions: [Queues.View]\n")],
            "security-profiles/a.yaml:2:1: a security profile has no member `Permisions`; did you mean `Permissions`?",
        ),
        (
            &[(A, "SecurityProfileName: A\nPermissions: Queues.View\n")],
            "security-profiles/a.yaml:2:14: `Permissions` must be a list, not a string",
        ),
        (
            &[(A, "SecurityProfileName: A\nTags: [x]\n")],
            "security-profiles/a.yaml:2:7: `Tags` must be a map of keys and values, not a list",
        ),
        (
            &[(A, "SecurityProfileName: A\nSecurityProfileName: B\n")],
            "security-profiles/a.yaml:2:1: duplicate key `SecurityProfileName` (first on line 1)",
        ),
        (
            &[(A, "SecurityProfileName: A\nPermissions:\n- B.View\n- A.View\n- B.View\n")],
            "security-profiles/a.yaml:5:3: duplicate value `B.View` in `Permissions` (first on line 3)",
        ),
        (
            &[(A, "SecurityProfileName: A\nApplications:\n- Namespace: n\n  Type: Mcp\n")],
            "security-profiles/a.yaml:4:9: `Type` cannot be `Mcp`; did you mean `MCP`?",
        ),
        (&[(A, "Id: x\n")], "security-profiles/a.yaml:1:1: a security profile needs the member `SecurityProfileName`"),
        (&[(A, "- x\n")], "security-profiles/a.yaml:1:1: a security profile must be a map of its members, not a list"),
        (
            &[(A, name), (B, name)],
            "security-profiles/b.yaml:1:22: the name `A` is also that of the security profile at \
             security-profiles/a.yaml:1:22",
        ),
        (
            &[(A, name), ("users.yaml", "- Username: u\n  SecurityProfiles: [Agents, A]\n")],
            "users.yaml:2:22: there is no security profile `Agents`; write a name from these files, or an identifier",
        ),
        (
            &[(A, name), ("users.yaml", "- Username: u\n- Username: U\n")],
            "users.yaml:2:13: the name `U` is also that of the user at users.yaml:1:13",
        ),
        (
            &[
                ("hierarchy.yaml", "Groups:\n- Name: Global\n  Groups: [{Name: EMEA}]\n"),
                ("users.yaml", "- {Username: u, HierarchyGroup: Global/EMAE}\n"),
            ],
            "users.yaml:1:33: there is no hierarchy group `Global/EMAE`; did you mean `Global/EMEA`?",
        ),
        (
            &[
                ("hierarchy.yaml", "Groups:\n- {Name: a/b, Id: x}\n- Name: a\n  Groups: [{Name: b}]\n"),
                ("users.yaml", "- {Username: u, HierarchyGroup: a/b}\n"),
            ],
            "users.yaml:1:33: `a/b` is the name of more than one hierarchy group; write the identifier",
        ),
        (
            &[("hierarchy.yaml", "Groups:\n- Name: a\n- Name: a\n")],
            "hierarchy.yaml:3:9: duplicate group name `a` at the same level (first on line 2)",
        ),
        (
            &[
                (A, name),
                ("routing-profiles.yaml", "- Name: Basic\n"),
                ("users.yaml", "- {Username: u, RoutingProfile: Basc}"),
            ],
            "users.yaml:1:33: there is no routing profile `Basc`; did you mean `Basic`?",
        ),
        (
            &[(A, name), ("unseen.yaml", "Kinds: [Users]\n")],
            "unseen.yaml:1:9: there is no kind `Users`; did you mean `User`?",
        ),
        (
            &[(A, name), ("flow-modules.yaml", "- Name: m\n  ExternalInvocationEnabled: yes\n")],
            "flow-modules.yaml:2:30: `ExternalInvocationEnabled` must be true or false",
        ),
        (
            &[
                ("hierarchy.yaml", "Groups:\n- Name: b\n  Groups: [{Name: x}]\n- Name: a\n  Groups: [{Name: x}]\n"),
                ("users.yaml", "- {Username: u, HierarchyGroup: x}\n"),
            ],
            "users.yaml:1:33: there is no hierarchy group `x`; did you mean `a/x` or `b/x`?",
        ),
        (&[(A, name), ("user.yaml", "[]\n")], "`user.yaml` is not read; the file name must be `users.yaml`"),
        (&[(A, name), ("queues.yml", "[]\n")], "`queues.yml` is not read; the file name must be `queues.yaml`"),
        (
            &[(A, name), ("users.yaml", "# nothing is left\n")],
            "users.yaml:1:1: this file is empty; write `[]` for an empty list",
        ),
        (&[(A, "SecurityProfileName: !Ref x\n")], "security-profiles/a.yaml:1:22: the tag `!Ref` has no meaning here"),
    ];
    for (files, want) in cases {
        assert_eq!(fault(files), *want);
    }
    let twice = [(A, format!("{name}Id: {ID}\n")), (B, format!("SecurityProfileName: B\nId: {ID}\n"))];
    let twice = twice.each_ref().map(|(file, text)| (*file, text.as_str()));
    assert_eq!(
        fault(&twice),
        format!(
            "security-profiles/b.yaml:2:5: the identifier `{ID}` is also that of the security profile at \
             security-profiles/a.yaml:2:5"
        )
    );
}

#[test]
fn missing_files_are_errors() {
    let dir = tempfile::tempdir().unwrap();
    let missing = read(&dir.path().join("none")).unwrap_err();
    assert!(missing.place.is_none() && missing.message.contains("none"), "{missing}");
    assert!(read(dir.path()).unwrap_err().message.contains("holds no state of an instance"));
}

#[test]
fn text_in_another_encoding_is_an_error_with_its_place() {
    let dir = tempfile::tempdir().unwrap();
    for (name, bytes, place) in [
        ("users.yaml", &b"[]\n"[..], None),
        ("instance.yaml", b"Region: x\n# \xc3\xa9t\xe9\n", Some("instance.yaml:2:5")),
    ] {
        fs::write(dir.path().join(name), bytes).unwrap();
        let result = read(dir.path()).map_err(|fault| fault.to_string());
        match place {
            None => assert!(result.is_ok()),
            Some(place) => {
                let want = format!("{place}: this is not text in UTF-8; save the file in that encoding");
                assert!(result.unwrap_err().ends_with(&want));
            }
        }
    }
}
