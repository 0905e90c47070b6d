//! The store in memory keeps the contract.

#[cfg(test)]
mod memory {
    use std::sync::Arc;

    use lanyard_store::Store;
    use lanyard_store::conformance::{StorageUnderTest, Tampering};
    use lanyard_store::conformance_tests;
    use lanyard_store::doctor::Report;
    use lanyard_store::double::MemoryStore;

    #[derive(Default)]
    struct Memory(Arc<MemoryStore>);

    impl StorageUnderTest for Memory {
        async fn open(&self) -> impl Store {
            Arc::clone(&self.0)
        }

        async fn open_two(&self) -> [Arc<dyn Store>; 2] {
            [Arc::clone(&self.0) as Arc<dyn Store>, Arc::clone(&self.0) as Arc<dyn Store>]
        }

        async fn doctor(&self) -> Option<Report> {
            None
        }

        async fn tamper(&self, _: Tampering) {}
    }

    conformance_tests!(Some(Memory::default()));
}
