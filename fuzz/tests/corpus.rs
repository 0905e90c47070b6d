//! Every target over every input that is kept, without a fuzzer.

#[cfg(test)]
mod tests {
    use std::path::Path;

    use lanyard_fuzz::TARGETS;

    fn run(name: &str) {
        let (_, target) = TARGETS.iter().find(|(it, _)| *it == name).unwrap();
        let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(name);
        let mut paths: Vec<_> = std::fs::read_dir(&corpus).unwrap().map(|entry| entry.unwrap().path()).collect();
        paths.sort();
        assert!(paths.len() > 2, "the corpus of {name} is empty");
        for path in paths {
            let input = std::fs::read(&path).unwrap();
            let ran = std::panic::catch_unwind(|| target(&input));
            assert!(ran.is_ok(), "{} fails", path.display());
        }
    }

    macro_rules! corpora {
        ($($name:ident)*) => {
            $(#[test]
            fn $name() {
                run(stringify!($name));
            })*

            #[test]
            fn every_target_has_a_test() {
                let tested = [$(stringify!($name)),*];
                assert!(TARGETS.iter().all(|(name, _)| tested.contains(name)));
            }
        };
    }

    corpora! { http authzen sigv4 page_token log_entry files }
}
