//! A growing list that is cheap to clone and to change: elements live in chunks that clones share until one of them
//! writes, so a write copies one chunk and the list of chunks.

use std::sync::Arc;

/// How many elements a chunk holds.
const CHUNK: usize = 256;

/// A list in shared chunks. Places that were never set hold `T::default()`.
#[derive(Clone, Debug)]
pub(crate) struct Chunks<T> {
    spine: Arc<[Arc<[T]>]>,
    len: u32,
}

impl<T> Default for Chunks<T> {
    fn default() -> Self {
        Self { spine: Arc::new([]), len: 0 }
    }
}

impl<T> Chunks<T> {
    pub(crate) fn len(&self) -> u32 {
        self.len
    }

    #[inline]
    pub(crate) fn get(&self, at: u32) -> Option<&T> {
        let at = at as usize;
        self.spine.get(at / CHUNK)?.get(at % CHUNK)
    }
}

impl<T: Clone + Default> Chunks<T> {
    /// The element at a place below [`Self::len`], to change it.
    pub(crate) fn get_mut(&mut self, at: u32) -> Option<&mut T> {
        let at = at as usize;
        let chunk = Arc::make_mut(&mut self.spine).get_mut(at / CHUNK)?;
        Arc::make_mut(chunk).get_mut(at % CHUNK)
    }

    /// Adds an element at the end and says where.
    pub(crate) fn push(&mut self, value: T) -> u32 {
        let at = self.len;
        if at as usize == self.spine.len() * CHUNK {
            let chunk: Arc<[T]> = (0..CHUNK).map(|_| T::default()).collect();
            self.spine = self.spine.iter().cloned().chain([chunk]).collect();
        }
        self.len += 1;
        if let Some(place) = self.get_mut(at) {
            *place = value;
        }
        at
    }
}

/// Numbers given out densely and taken back.
#[derive(Clone, Debug, Default)]
pub(crate) struct Free(imbl::Vector<u32>);

impl Free {
    /// Puts a value into a place that was given back, or at the end.
    pub(crate) fn place<T: Clone + Default>(&mut self, list: &mut Chunks<T>, value: T) -> u32 {
        let Some(at) = self.0.pop_back() else {
            return list.push(value);
        };
        if let Some(place) = list.get_mut(at) {
            *place = value;
        }
        at
    }

    /// Takes a place back and empties it.
    pub(crate) fn vacate<T: Clone + Default>(&mut self, list: &mut Chunks<T>, at: u32) {
        if let Some(place) = list.get_mut(at) {
            *place = T::default();
            self.0.push_back(at);
        }
    }
}
