//! The contract of a store as tests: every store passes them.
//!
//! A store's crate says how a store is opened on empty storage ([`StorageUnderTest`]) and makes the tests of it with
//! [`conformance_tests!`](crate::conformance_tests). The tests know nothing of how a store keeps what it is given.
//!
//! A test fails by a panic, as tests do.
#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "the bodies of tests")]

pub mod appends;
pub mod archives;
pub mod cells;
pub mod checkpoints;
pub mod copies;
pub mod names;
pub mod reads;
pub mod sealing;
pub mod soundness;
pub mod support;
pub mod workload;
pub mod writers;

use std::sync::Arc;

use lanyard_model::StreamId;

use crate::Store;
use crate::doctor::Report;

/// Storage that was empty when the test began, and the stores that are opened on it.
pub trait StorageUnderTest: Sync {
    /// Opens a store that writes. Called again after the store of the call before was dropped, it opens the same data.
    fn open(&self) -> impl Future<Output = impl Store> + Send;

    /// Two stores that write the same data at once: two nodes, or twice the same store where only one process may write.
    fn open_two(&self) -> impl Future<Output = [Arc<dyn Store>; 2]> + Send;

    /// The doctor's report on the data; `None` where there is no doctor.
    fn doctor(&self) -> impl Future<Output = Option<Report>> + Send;

    /// Changes what is stored without the store's knowledge, on data that [`soundness::fill`] has made.
    fn tamper(&self, tampering: Tampering) -> impl Future<Output = ()> + Send;
}

/// A change of what is stored, by somebody who can write to the storage. All are of the stream [`Tampering::stream`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tampering {
    /// One character in the middle of the stored form of entry 2 is another.
    EntryChanged,
    /// Entry 2 is gone.
    EntryRemoved,
    /// Entry 3, the last, is gone.
    LastEntryRemoved,
    /// The head says revision 2.
    HeadMoved,
    /// A current resource of the kind `AiAgent` has `{}` for its contents.
    ResourceChanged,
    /// The current resource of the kind `AiAgent` is gone.
    ResourceRemoved,
    /// The names of the stream are gone.
    NamesRemoved,
    /// The keys of the stream's people are gone; on data that [`sealing::fill`] has made, where there is one.
    KeysRemoved,
}

impl Tampering {
    /// The stream that is tampered with.
    #[must_use]
    pub fn stream() -> StreamId {
        support::instance(1)
    }

    /// A part of the fault that the doctor is to find.
    pub(crate) fn fault(self) -> &'static str {
        match self {
            Self::EntryChanged => "its hash is not that",
            Self::EntryRemoved => "it follows revision 1",
            Self::LastEntryRemoved => "its log ends at revision 2",
            Self::HeadMoved => "the stream is at revision 2",
            Self::ResourceChanged => "cannot be read",
            Self::ResourceRemoved => "no current one",
            Self::NamesRemoved => "it is not kept for it",
            Self::KeysRemoved => "a key of the person is not there",
        }
    }
}

/// Fails unless the doctor, where there is one, finds nothing.
pub(crate) async fn assert_sound(storage: &impl StorageUnderTest) {
    if let Some(report) = storage.doctor().await {
        assert!(report.is_sound(), "{report}");
    }
}

/// The tests of one store. The argument is an expression that makes a [`StorageUnderTest`] on empty storage, or `None`
/// where the storage is not to be had and the tests are skipped.
#[macro_export]
macro_rules! conformance_tests {
    ($storage:expr) => {
        $crate::conformance_tests!(@each $storage;
            appends::what_was_appended_is_loaded_and_read
            appends::an_entry_is_accepted_only_after_the_one_that_it_follows
            appends::appends_take_effect_in_the_order_of_the_calls
            appends::all_appends_of_a_call_take_effect_or_none
            appends::one_call_can_append_to_a_stream_several_times
            appends::a_call_that_fails_in_a_group_fails_alone
            appends::a_stream_that_ended_leaves_only_its_log
            appends::time_does_not_go_back
            appends::changes_that_do_not_fit_what_is_stored_are_refused
            appends::a_large_entry_comes_back_as_it_was
            appends::many_entries_in_one_call_come_back_as_they_were
            appends::an_append_that_rests_on_other_streams_conflicts_when_they_moved
            names::a_name_is_unique_in_its_scope
            names::a_name_passes_from_one_resource_to_another
            names::names_are_compared_byte_by_byte
            names::the_holder_of_a_name_is_looked_up
            names::a_taken_name_fails_only_its_own_call
            reads::a_range_of_entries_is_read
            reads::entries_are_read_backward
            reads::every_earlier_state_is_what_it_was
            reads::a_stream_that_ended_is_remembered
            reads::registries_are_listed_in_the_order_of_their_bytes
            reads::secrets_are_kept_apart
            reads::heads_are_those_of_the_last_entries
            reads::a_store_that_is_well_says_so
            writers::what_was_appended_is_there_after_opening_again
            writers::of_two_writers_one_wins
            writers::writers_that_lose_catch_up
            writers::of_two_writers_one_gets_the_name
            writers::an_append_whose_result_was_dropped_is_found_by_its_hash
            sealing::people_are_sealed_in_the_log
            sealing::deletion_erases_a_person
            sealing::a_person_who_came_and_went_in_one_call_leaves_no_key
            sealing::the_end_of_a_stream_erases_its_people
            sealing::an_append_that_failed_leaves_later_ones_their_keys
            sealing::people_in_clear_are_erased_afterwards
            sealing::people_in_clear_are_erased_from_a_stream_that_has_ended
            sealing::only_deleted_people_are_erased
            sealing::a_changed_sealed_entry_is_found
            sealing::removed_keys_are_found
            sealing::resources_are_sealed_with_the_keys_of_people
            soundness::a_sound_store_is_counted
            soundness::a_changed_entry_is_found
            soundness::a_removed_entry_is_found
            soundness::a_removed_last_entry_is_found
            soundness::a_moved_head_is_found
            soundness::a_changed_resource_is_found
            soundness::a_removed_resource_is_found
            soundness::removed_names_are_found
            cells::a_cell_is_made_replaced_and_deleted
            cells::cells_are_those_of_an_owner_and_of_the_owners_below
            cells::cells_that_expired_are_swept
            cells::an_append_ends_cells
            cells::a_cell_rests_on_a_secret
            cells::cells_are_there_after_opening_again
            cells::every_change_of_two_writers_counts
            cells::no_cell_outlives_the_secret_that_it_rests_on
            copies::a_copy_point_has_all_heads_and_secrets
            copies::what_is_copied_is_the_same
            copies::people_are_copied_with_their_keys
            copies::a_filled_store_is_written_on
            copies::what_is_left_of_an_archived_history_is_copied
            copies::people_of_an_archived_history_are_copied
            checkpoints::a_checkpoint_comes_back_as_it_was
            checkpoints::a_stream_without_a_present_has_no_snapshot
            checkpoints::every_revision_is_reached_from_checkpoints
            checkpoints::a_wrong_checkpoint_is_found
            checkpoints::the_size_of_a_log_is_known
            checkpoints::people_are_sealed_in_checkpoints
            archives::older_entries_move_into_a_file
            archives::entries_stay_when_there_is_no_file
            archives::a_cut_that_does_not_fit_is_refused
            archives::a_damaged_archive_is_no_archive
            archives::people_are_sealed_in_an_archive
        );
    };
    (@each $storage:expr; $($module:ident::$name:ident)*) => {
        $(
            #[tokio::test(flavor = "multi_thread")]
            async fn $name() {
                match $storage {
                    Some(storage) => $crate::conformance::$module::$name(&storage).await,
                    None => eprintln!("skipped: the storage is not to be had here"),
                }
            }
        )*
    };
}
