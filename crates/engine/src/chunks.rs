//! A growing list that is cheap to clone and to change: elements live in chunks that clones share until one of them
//! writes, so a write copies one chunk and the list of chunks.

use std::sync::Arc;

/// A list in shared chunks of `N`. Places that were never set hold `T::default()`.
#[derive(Clone, Debug)]
pub(crate) struct Chunks<T, const N: usize = 256> {
    spine: Arc<[Arc<[T; N]>]>,
    len: u32,
}

impl<T, const N: usize> Default for Chunks<T, N> {
    fn default() -> Self {
        Self { spine: Arc::new([]), len: 0 }
    }
}

impl<T, const N: usize> Chunks<T, N> {
    pub(crate) fn len(&self) -> u32 {
        self.len
    }

    #[inline]
    pub(crate) fn get(&self, at: u32) -> Option<&T> {
        let at = at as usize;
        self.spine.get(at / N)?.get(at % N)
    }
}

impl<T: Clone + Default, const N: usize> Chunks<T, N> {
    pub(crate) fn get_mut(&mut self, at: u32) -> Option<&mut T> {
        let at = at as usize;
        let chunk = Arc::make_mut(&mut self.spine).get_mut(at / N)?;
        Arc::make_mut(chunk).get_mut(at % N)
    }

    /// Adds an element at the end and returns its place.
    pub(crate) fn push(&mut self, value: T) -> u32 {
        let at = self.len;
        if at as usize == self.spine.len() * N {
            let chunk = Arc::new(std::array::from_fn(|_| T::default()));
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
    pub(crate) fn place<T: Clone + Default, const N: usize>(&mut self, list: &mut Chunks<T, N>, value: T) -> u32 {
        let Some(at) = self.0.pop_back() else {
            return list.push(value);
        };
        if let Some(place) = list.get_mut(at) {
            *place = value;
        }
        at
    }

    /// Takes a place back and empties it.
    pub(crate) fn vacate<T: Clone + Default, const N: usize>(&mut self, list: &mut Chunks<T, N>, at: u32) {
        if let Some(place) = list.get_mut(at) {
            *place = T::default();
            self.0.push_back(at);
        }
    }
}
