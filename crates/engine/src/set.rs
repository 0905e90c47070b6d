//! Short lists of numbers.

use std::sync::Arc;

/// Numbers of profiles, tags or groups. Those of nearly everything are few, and then no other place of memory is touched.
#[derive(Clone, Debug)]
pub(crate) enum Set {
    Few { count: u8, numbers: [u32; 4] },
    Many(Arc<[u32]>),
}

impl Set {
    pub(crate) fn new(all: &[u32]) -> Self {
        let mut numbers = [0; 4];
        match (u8::try_from(all.len()), numbers.get_mut(..all.len())) {
            (Ok(count), Some(few)) => {
                few.copy_from_slice(all);
                Self::Few { count, numbers }
            }
            _ => Self::Many(all.into()),
        }
    }

    #[inline]
    pub(crate) fn numbers(&self) -> &[u32] {
        match self {
            Self::Few { count, numbers } => numbers.get(..usize::from(*count)).unwrap_or_default(),
            Self::Many(all) => all,
        }
    }
}

impl Default for Set {
    fn default() -> Self {
        Self::Few { count: 0, numbers: [0; 4] }
    }
}
