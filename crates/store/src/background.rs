//! Threads that work in the background.

/// Gives the calling thread a low priority, so that it takes processor time that others leave. Where the system has no
/// priorities of threads, nothing happens.
pub fn give_way() {
    // A system that refuses leaves the thread as it is, which is slower for others and not wrong.
    #[cfg(target_os = "linux")]
    let _ = rustix::process::setpriority_process(None, 19);
}
