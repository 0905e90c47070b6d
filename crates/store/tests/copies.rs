//! Backups: what is whole is taken, and nothing else.
//!
//! The lints that spare tests recognise them by `cfg(test)`.
#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use lanyard_store::conformance::copies::{assert_same_stores, backup_of, random_history};
    use lanyard_store::conformance::support::{Tip, append, instance, record, registry};
    use lanyard_store::copy::{BackupFile, CopyError, FORMAT, FileFault, Result, is_backup, migrate, restore};
    use lanyard_store::double::MemoryStore;
    use lanyard_store::{CopyPoint, Store};
    use sha2::{Digest, Sha256};

    fn open(file: &[u8]) -> Result<BackupFile<Cursor<&[u8]>>> {
        BackupFile::open(Cursor::new(file))
    }

    fn fault(file: &[u8]) -> FileFault {
        match open(file).unwrap_err() {
            CopyError::File(fault) => fault,
            error => panic!("{error}"),
        }
    }

    async fn a_backup() -> Vec<u8> {
        let store = MemoryStore::default();
        random_history(&store, 3).await;
        backup_of(&store).await
    }

    /// The file with other bytes in the place of its sum, so that it passes as whole.
    fn summed(mut file: Vec<u8>) -> Vec<u8> {
        let end = file.len() - 48;
        let sum = Sha256::digest(&file[..end]);
        file[end..end + 32].copy_from_slice(&sum);
        file
    }

    #[tokio::test]
    async fn random_stores_come_back_as_they_were() {
        for seed in 0..40 {
            let before = MemoryStore::default();
            random_history(&before, seed).await;
            let file = backup_of(&before).await;
            let mut backup = open(&file).unwrap();
            let report = backup.examine(&mut |_| {}).unwrap();
            assert!(report.is_sound(), "seed {seed}: {report}");
            assert_eq!(report.entries, backup.summary().entries());
            let after = MemoryStore::default();
            restore(&mut backup, &after, &mut |_| {}).await.unwrap();
            assert_same_stores(&before, &after).await;
            let again = MemoryStore::default();
            migrate(&after, after.copy_point().await.unwrap(), &again, &mut |_| {}).await.unwrap();
            assert_same_stores(&before, &again).await;
        }
    }

    #[tokio::test]
    async fn an_empty_store_has_a_backup() {
        let file = backup_of(&MemoryStore::default()).await;
        let mut backup = open(&file).unwrap();
        assert!(backup.examine(&mut |_| {}).unwrap().is_sound());
        let after = MemoryStore::default();
        restore(&mut backup, &after, &mut |_| {}).await.unwrap();
        assert!(after.is_empty());
    }

    #[tokio::test]
    async fn a_backup_that_is_cut_off_anywhere_is_refused() {
        let file = a_backup().await;
        for length in 0..file.len() {
            let fault = fault(&file[..length]);
            let expected = if length < 16 { FileFault::NotABackup } else { FileFault::CutOff };
            assert_eq!(fault, expected, "{length} of {} bytes", file.len());
        }
        let longer = [&file[..], b"x"].concat();
        assert_eq!(fault(&longer), FileFault::CutOff);
    }

    #[tokio::test]
    async fn a_backup_with_any_byte_changed_is_refused() {
        let mut file = a_backup().await;
        for at in 0..file.len() {
            file[at] ^= 1 << (at % 8);
            assert!(open(&file).is_err(), "byte {at}");
            file[at] ^= 1 << (at % 8);
        }
        assert!(open(&file).is_ok());
    }

    #[tokio::test]
    async fn a_newer_format_is_refused_by_name() {
        let mut file = a_backup().await;
        file[16..20].copy_from_slice(&(FORMAT + 1).to_be_bytes());
        let fault = fault(&summed(file));
        assert_eq!(fault, FileFault::NewerFormat { format: FORMAT + 1 });
        assert!(fault.to_string().contains("knows formats up to"), "{fault}");
    }

    #[tokio::test]
    async fn contents_that_are_none_are_refused_though_the_sum_is_theirs() {
        let before = MemoryStore::default();
        random_history(&before, 3).await;
        let file = backup_of(&before).await;
        let (mut refused, mut changes) = (0, 0);
        for at in (20..file.len() - 48).step_by(23) {
            changes += 1;
            let mut changed = file.clone();
            changed[at] ^= 1 << (at % 8);
            let changed = summed(changed);
            let Ok(mut backup) = open(&changed) else {
                refused += 1;
                continue;
            };
            match backup.examine(&mut |_| {}) {
                Ok(report) if report.is_sound() => {
                    // A bit that says nothing, or a part that has no hash: a secret, or when and by whom it was made.
                    let after = MemoryStore::default();
                    restore(&mut backup, &after, &mut |_| {}).await.unwrap();
                    assert_eq!(after.streams().await.unwrap(), before.streams().await.unwrap());
                }
                _ => refused += 1,
            }
        }
        assert!(refused > changes * 9 / 10, "{refused} of {changes}");
    }

    #[test]
    fn other_files_are_no_backups() {
        assert!(!is_backup(&b"SQLite format 3\0"[..]).unwrap());
        assert!(!is_backup(&b"lanyard"[..]).unwrap());
        assert!(is_backup(&b"lanyard-backup\r\n and more"[..]).unwrap());
        assert_eq!(fault(b""), FileFault::NotABackup);
    }

    #[tokio::test]
    async fn a_name_that_two_streams_had_in_turn_is_in_nobodys_way() {
        let before = MemoryStore::default();
        let [mut one, mut two] = ["eu-west-1", "eu-west-2"].map(|region| Tip::empty(registry(region)));
        let kind = lanyard_model::Kind::InstanceRecord;
        let id = lanyard_model::Id::from_uuid(1);
        for _ in 0..3 {
            for tip in [&mut one, &mut two] {
                before.append(vec![append(tip, 1, |draft| draft.put(record(1, "acme")).unwrap())]).await.unwrap();
                before.append(vec![append(tip, 1, |draft| draft.delete(kind, &id).unwrap())]).await.unwrap();
            }
        }
        before.append(vec![append(&mut one, 1, |draft| draft.put(record(1, "acme")).unwrap())]).await.unwrap();
        let after = MemoryStore::default();
        migrate(&before, before.copy_point().await.unwrap(), &after, &mut |_| {}).await.unwrap();
        assert_same_stores(&before, &after).await;
    }

    #[tokio::test]
    async fn what_is_appended_later_is_not_in_the_copy() {
        let before = MemoryStore::default();
        let mut tip = Tip::empty(instance(1));
        before.append(vec![append(&mut tip, 1, |_| {})]).await.unwrap();
        let point = before.copy_point().await.unwrap();
        before.append(vec![append(&mut tip, 2, |_| {})]).await.unwrap();
        before.append(vec![append(&mut Tip::empty(instance(2)), 2, |_| {})]).await.unwrap();
        let after = MemoryStore::default();
        migrate(&before, point.clone(), &after, &mut |_| {}).await.unwrap();
        assert_eq!(point.difference(&after.copy_point().await.unwrap()), None);
        assert_eq!(point.difference(&before.copy_point().await.unwrap()), Some(instance(1)));
        assert_eq!(point.difference(&CopyPoint::default()), Some(instance(1)));
        assert_eq!(after.len(), 1);
    }

    #[tokio::test]
    async fn a_copy_into_what_is_not_empty_fails() {
        let (before, after) = (MemoryStore::default(), MemoryStore::default());
        before.append(vec![append(&mut Tip::empty(instance(1)), 1, |_| {})]).await.unwrap();
        after.append(vec![append(&mut Tip::empty(instance(1)), 2, |_| {})]).await.unwrap();
        let error = migrate(&before, before.copy_point().await.unwrap(), &after, &mut |_| {}).await.unwrap_err();
        assert!(matches!(error, CopyError::Append(_)), "{error}");
        assert_eq!(after.len(), 1);
    }
}
