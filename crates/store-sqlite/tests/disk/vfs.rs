//! A virtual file system of SQLite that puts a [`Disk`] beneath the files of registered directories.
//!
//! Every request goes on to the default file system, which keeps what programs read and the locks; the disk decides
//! whether the request succeeds, and keeps what would be there without power. Files of other directories are let through.
#![expect(unsafe_code, reason = "SQLite calls a file system through C's function pointers")]

use std::collections::HashMap;
use std::ffi::{CStr, OsStr, c_char, c_int, c_void};
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock};

use rusqlite::ffi;

use crate::disk::{Disk, Fault};

static DISKS: Mutex<Option<HashMap<PathBuf, Arc<Disk>>>> = Mutex::new(None);

/// Puts a disk beneath a directory.
pub(crate) fn put_beneath(directory: &Path, disk: &Arc<Disk>) {
    register();
    let directory = directory.canonicalize().unwrap();
    DISKS.lock().unwrap().get_or_insert_default().insert(directory, Arc::clone(disk));
}

/// The default file system, as it was before ours.
struct Default(*mut ffi::sqlite3_vfs);
// SAFETY: SQLite's file systems are static, and may be used by any thread.
unsafe impl Send for Default {}
unsafe impl Sync for Default {}

static DEFAULT: OnceLock<Default> = OnceLock::new();

fn default() -> *mut ffi::sqlite3_vfs {
    DEFAULT.get().unwrap().0
}

/// Makes ours the default of this process.
fn register() {
    DEFAULT.get_or_init(|| {
        // SAFETY: SQLite is initialised first. Ours is a copy of the default, is never freed, and differs where files
        // are opened and deleted and in the size of a file.
        unsafe {
            assert_eq!(ffi::sqlite3_initialize(), ffi::SQLITE_OK);
            let real = ffi::sqlite3_vfs_find(std::ptr::null());
            let mut ours = *real;
            ours.szOsFile += c_int::try_from(HEAD).unwrap();
            ours.zName = c"disk-of-the-test".as_ptr();
            ours.pNext = std::ptr::null_mut();
            ours.xOpen = Some(open);
            ours.xDelete = Some(delete);
            assert_eq!(ffi::sqlite3_vfs_register(Box::leak(Box::new(ours)), 1), ffi::SQLITE_OK);
            Default(real)
        }
    });
}

/// An open file. The default file system's own follows it in memory.
#[repr(C)]
struct File {
    base: ffi::sqlite3_file,
    /// `None` for a file that is let through.
    on: *mut On,
}

struct On {
    disk: Arc<Disk>,
    name: String,
}

const HEAD: usize = size_of::<File>();

/// The default file system's file.
///
/// # Safety
/// `file` was opened by [`open`].
unsafe fn real(file: *mut ffi::sqlite3_file) -> *mut ffi::sqlite3_file {
    // SAFETY: SQLite has allocated `szOsFile` bytes.
    unsafe { file.cast::<u8>().add(HEAD).cast() }
}

/// # Safety
/// `file` was opened by [`open`] and not closed.
unsafe fn on<'a>(file: *mut ffi::sqlite3_file) -> Option<&'a On> {
    // SAFETY: it was opened by us.
    unsafe { (*file.cast::<File>()).on.as_ref() }
}

/// The disk beneath a file, and the file's name on it.
///
/// # Safety
/// `name` is null or a C string.
unsafe fn placed(name: *const c_char) -> Option<On> {
    if name.is_null() {
        return None;
    }
    // SAFETY: as above.
    let path = Path::new(OsStr::from_bytes(unsafe { CStr::from_ptr(name) }.to_bytes()));
    let disk = DISKS.lock().unwrap().as_ref()?.get(path.parent()?).cloned()?;
    let name = path.file_name()?.to_str()?.to_owned();
    Some(On { disk, name })
}

unsafe extern "C" fn open(
    _: *mut ffi::sqlite3_vfs,
    name: ffi::sqlite3_filename,
    file: *mut ffi::sqlite3_file,
    flags: c_int,
    out: *mut c_int,
) -> c_int {
    // SAFETY: SQLite passes a file of our size and the arguments on.
    unsafe {
        (*file).pMethods = std::ptr::null();
        let placed = placed(name);
        if let Some(on) = &placed
            && on.disk.open(&on.name).is_err()
        {
            return ffi::SQLITE_CANTOPEN;
        }
        let result = (*default()).xOpen.unwrap()(default(), name, real(file), flags, out);
        if result == ffi::SQLITE_OK {
            (*file.cast::<File>()).on = placed.map_or(std::ptr::null_mut(), |on| Box::into_raw(Box::new(on)));
            (*file).pMethods = &raw const METHODS;
        }
        result
    }
}

unsafe extern "C" fn delete(_: *mut ffi::sqlite3_vfs, name: *const c_char, sync: c_int) -> c_int {
    // SAFETY: the arguments are SQLite's.
    unsafe {
        if let Some(on) = placed(name)
            && on.disk.delete(&on.name).is_err()
        {
            return ffi::SQLITE_IOERR_DELETE;
        }
        (*default()).xDelete.unwrap()(default(), name, sync)
    }
}

static METHODS: ffi::sqlite3_io_methods = ffi::sqlite3_io_methods {
    iVersion: 2,
    xClose: Some(close),
    xRead: Some(read),
    xWrite: Some(write),
    xTruncate: Some(truncate),
    xSync: Some(sync),
    xFileSize: Some(file_size),
    xLock: Some(lock),
    xUnlock: Some(unlock),
    xCheckReservedLock: Some(check_reserved_lock),
    xFileControl: Some(file_control),
    xSectorSize: Some(sector_size),
    xDeviceCharacteristics: Some(device_characteristics),
    xShmMap: Some(shm_map),
    xShmLock: Some(shm_lock),
    xShmBarrier: Some(shm_barrier),
    xShmUnmap: Some(shm_unmap),
    xFetch: None,
    xUnfetch: None,
};

unsafe extern "C" fn close(file: *mut ffi::sqlite3_file) -> c_int {
    // SAFETY: the file is ours, and is not used afterwards.
    unsafe {
        let on = (*file.cast::<File>()).on;
        if !on.is_null() {
            drop(Box::from_raw(on));
        }
        (*(*real(file)).pMethods).xClose.unwrap()(real(file))
    }
}

unsafe extern "C" fn read(file: *mut ffi::sqlite3_file, into: *mut c_void, length: c_int, offset: i64) -> c_int {
    // SAFETY: the file is ours, and `into` has room for `length` bytes.
    unsafe {
        let real_read = (*(*real(file)).pMethods).xRead.unwrap();
        let Some(on) = on(file) else { return real_read(real(file), into, length, offset) };
        match on.disk.read(usize::try_from(length).unwrap()) {
            Ok(()) => real_read(real(file), into, length, offset),
            Err(Fault::Full(part) | Fault::Failed(part)) => {
                real_read(real(file), into, c_int::try_from(part).unwrap(), offset);
                ffi::SQLITE_IOERR_READ
            }
        }
    }
}

unsafe extern "C" fn write(file: *mut ffi::sqlite3_file, from: *const c_void, length: c_int, offset: i64) -> c_int {
    // SAFETY: the file is ours, and `from` has `length` bytes.
    unsafe {
        let real_write = (*(*real(file)).pMethods).xWrite.unwrap();
        let Some(on) = on(file) else { return real_write(real(file), from, length, offset) };
        let bytes = std::slice::from_raw_parts(from.cast::<u8>(), usize::try_from(length).unwrap());
        let part = |part| real_write(real(file), from, c_int::try_from(part).unwrap(), offset);
        match on.disk.write(&on.name, usize::try_from(offset).unwrap(), bytes) {
            Ok(()) => part(bytes.len()),
            Err(Fault::Full(written)) => {
                part(written);
                ffi::SQLITE_FULL
            }
            Err(Fault::Failed(written)) => {
                part(written);
                ffi::SQLITE_IOERR_WRITE
            }
        }
    }
}

unsafe extern "C" fn truncate(file: *mut ffi::sqlite3_file, length: i64) -> c_int {
    // SAFETY: the file is ours.
    unsafe {
        match on(file).map(|on| on.disk.truncate(&on.name, usize::try_from(length).unwrap())) {
            Some(Err(_)) => ffi::SQLITE_IOERR_TRUNCATE,
            _ => (*(*real(file)).pMethods).xTruncate.unwrap()(real(file), length),
        }
    }
}

unsafe extern "C" fn sync(file: *mut ffi::sqlite3_file, flags: c_int) -> c_int {
    // SAFETY: the file is ours.
    unsafe {
        match on(file).map(|on| on.disk.sync(&on.name)) {
            Some(Err(_)) => ffi::SQLITE_IOERR_FSYNC,
            // The real disk is not waited for.
            Some(Ok(())) => ffi::SQLITE_OK,
            None => (*(*real(file)).pMethods).xSync.unwrap()(real(file), flags),
        }
    }
}

/// Methods that go on to the default file system as they are.
macro_rules! let_through {
    ($($name:ident => $method:ident($($argument:ident: $type:ty),*) $(-> $result:ty)?;)*) => {
        $(unsafe extern "C" fn $name(file: *mut ffi::sqlite3_file $(, $argument: $type)*) $(-> $result)? {
            // SAFETY: the file is ours, and the arguments are SQLite's.
            unsafe { (*(*real(file)).pMethods).$method.unwrap()(real(file) $(, $argument)*) }
        })*
    };
}

let_through! {
    file_size => xFileSize(size: *mut i64) -> c_int;
    lock => xLock(level: c_int) -> c_int;
    unlock => xUnlock(level: c_int) -> c_int;
    check_reserved_lock => xCheckReservedLock(out: *mut c_int) -> c_int;
    file_control => xFileControl(operation: c_int, argument: *mut c_void) -> c_int;
    sector_size => xSectorSize() -> c_int;
    device_characteristics => xDeviceCharacteristics() -> c_int;
    shm_map => xShmMap(page: c_int, size: c_int, extend: c_int, out: *mut *mut c_void) -> c_int;
    shm_lock => xShmLock(offset: c_int, count: c_int, flags: c_int) -> c_int;
    shm_barrier => xShmBarrier();
    shm_unmap => xShmUnmap(delete: c_int) -> c_int;
}
