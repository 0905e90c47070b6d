//! A library that is loaded in front of the C library and fails what a process asks of files of a database.
//!
//! `harness/faulty_disk.py` compiles it. The file that `FAULTY_DISK` names holds the faults, as words: `full` (writes find no
//! room), `write` (writes fail), `sync` (syncs fail), `read-only` (nothing can be written). It is read at every request, so
//! that a test changes the faults of a running server. Only files whose name contains `lanyard.db` fail.

use std::ffi::{CStr, c_char, c_int, c_void};
use std::fs;
use std::sync::OnceLock;

const EIO: c_int = 5;
const ENOSPC: c_int = 28;
const EROFS: c_int = 30;
/// `O_WRONLY` and `O_RDWR`.
const WRITES: c_int = 3;
/// The next library that has a symbol.
const NEXT: *mut c_void = -1_isize as *mut c_void;

unsafe extern "C" {
    fn dlsym(library: *mut c_void, symbol: *const c_char) -> *mut c_void;
    fn __errno_location() -> *mut c_int;
}

/// The error with which a request on an open file fails.
fn fault(file: c_int, is_sync: bool) -> Option<c_int> {
    static CONTROL: OnceLock<Option<String>> = OnceLock::new();
    let control = CONTROL.get_or_init(|| std::env::var("FAULTY_DISK").ok()).as_ref()?;
    let path = fs::read_link(format!("/proc/self/fd/{file}")).ok()?;
    if !path.file_name()?.to_str()?.starts_with("lanyard.db") {
        return None;
    }
    let faults = fs::read_to_string(control).unwrap_or_default();
    faults.split_whitespace().find_map(|fault| match fault {
        "full" if !is_sync => Some(ENOSPC),
        "write" if !is_sync => Some(EIO),
        "read-only" if !is_sync => Some(EROFS),
        "sync" if is_sync => Some(EIO),
        _ => None,
    })
}

/// The functions that open files, which fail to open those of a database to write where nothing can be written.
macro_rules! wrap_open {
    ($($name:ident)*) => {
        $(
            /// # Safety
            /// As for the C library's function, which takes the third argument where it needs it.
            #[unsafe(no_mangle)]
            pub unsafe extern "C" fn $name(path: *const c_char, flags: c_int, mode: u32) -> c_int {
                static REAL: OnceLock<usize> = OnceLock::new();
                let symbol = concat!(stringify!($name), "\0").as_ptr().cast();
                unsafe {
                    let is_database = CStr::from_ptr(path).to_bytes().windows(11).any(|it| it == b"/lanyard.db");
                    if is_database && flags & WRITES != 0 && is_read_only() {
                        *__errno_location() = EROFS;
                        return -1;
                    }
                    let real = *REAL.get_or_init(|| dlsym(NEXT, symbol) as usize);
                    let real: unsafe extern "C" fn(*const c_char, c_int, u32) -> c_int = std::mem::transmute(real);
                    real(path, flags, mode)
                }
            }
        )*
    };
}

wrap_open! { open open64 }

fn is_read_only() -> bool {
    let faults = std::env::var("FAULTY_DISK").ok().and_then(|control| fs::read_to_string(control).ok());
    faults.is_some_and(|faults| faults.contains("read-only"))
}

/// Wrappers that fail, or call the next function of the same name.
macro_rules! wrap {
    ($($name:ident($file:ident: c_int $(, $argument:ident: $type:ty)*) -> $result:ty, $is_sync:literal;)*) => {
        $(
            /// # Safety
            /// As for the C library's function.
            #[unsafe(no_mangle)]
            pub unsafe extern "C" fn $name($file: c_int $(, $argument: $type)*) -> $result {
                static REAL: OnceLock<usize> = OnceLock::new();
                let symbol = concat!(stringify!($name), "\0").as_ptr().cast();
                unsafe {
                    if let Some(error) = fault($file, $is_sync) {
                        *__errno_location() = error;
                        return -1;
                    }
                    let real = *REAL.get_or_init(|| dlsym(NEXT, symbol) as usize);
                    let real: unsafe extern "C" fn(c_int $(, $type)*) -> $result = std::mem::transmute(real);
                    real($file $(, $argument)*)
                }
            }
        )*
    };
}

wrap! {
    write(file: c_int, from: *const c_void, length: usize) -> isize, false;
    pwrite(file: c_int, from: *const c_void, length: usize, offset: i64) -> isize, false;
    pwrite64(file: c_int, from: *const c_void, length: usize, offset: i64) -> isize, false;
    ftruncate(file: c_int, length: i64) -> c_int, false;
    ftruncate64(file: c_int, length: i64) -> c_int, false;
    fsync(file: c_int) -> c_int, true;
    fdatasync(file: c_int) -> c_int, true;
}
