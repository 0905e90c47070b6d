//! Sets of small numbers, as bits.

/// A set of numbers below a fixed limit.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Bits(Box<[u64]>);

impl Bits {
    /// The empty set of numbers below `limit`.
    pub(crate) fn empty(limit: usize) -> Self {
        Self(vec![0; limit.div_ceil(64)].into())
    }

    pub(crate) fn add(&mut self, number: u32) {
        if let Some(word) = self.0.get_mut(number as usize / 64) {
            *word |= 1 << (number % 64);
        }
    }

    pub(crate) fn has(&self, number: u32) -> bool {
        self.0.get(number as usize / 64).is_some_and(|word| word >> (number % 64) & 1 == 1)
    }

    /// The upper limit of a set of the same size.
    pub(crate) fn limit(&self) -> usize {
        self.0.len() * 64
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.iter().all(|word| *word == 0)
    }

    pub(crate) fn len(&self) -> usize {
        self.0.iter().map(|word| word.count_ones() as usize).sum()
    }

    pub(crate) fn and(&self, other: &Self) -> Self {
        Self(self.0.iter().zip(&other.0).map(|(one, other)| one & other).collect())
    }

    pub(crate) fn and_not(&self, other: &Self) -> Self {
        Self(self.0.iter().zip(&other.0).map(|(one, other)| one & !other).collect())
    }

    /// Adds the numbers that are in exactly one of the two sets.
    pub(crate) fn join_difference(&mut self, one: &Self, other: &Self) {
        self.0.iter_mut().zip(one.0.iter().zip(&other.0)).for_each(|(all, (one, other))| *all |= one ^ other);
    }

    pub(crate) fn join(&mut self, other: &Self) {
        self.0.iter_mut().zip(&other.0).for_each(|(one, other)| *one |= other);
    }

    /// The numbers in ascending order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = u32> + '_ {
        (0_u32..).zip(&self.0).flat_map(|(at, word)| {
            let mut rest = *word;
            std::iter::from_fn(move || {
                (rest != 0).then(|| {
                    let bit = rest.trailing_zeros();
                    rest &= rest - 1;
                    at * 64 + bit
                })
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(numbers: &[u32]) -> Bits {
        let mut bits = Bits::empty(200);
        numbers.iter().for_each(|number| bits.add(*number));
        bits
    }

    #[test]
    fn bits_are_a_set() {
        let (one, other) = (of(&[0, 63, 64, 199]), of(&[63, 100]));
        assert_eq!(one.iter().collect::<Vec<_>>(), [0, 63, 64, 199]);
        assert_eq!(one.and(&other), of(&[63]));
        assert_eq!(one.and_not(&other), of(&[0, 64, 199]));
        assert_eq!((one.len(), one.has(64), one.has(65), one.is_empty()), (4, true, false, false));
        let mut apart = of(&[1]);
        apart.join_difference(&one, &other);
        assert_eq!(apart, of(&[0, 1, 64, 100, 199]));
        let mut both = one;
        both.join(&other);
        assert_eq!(both.len(), 5);
    }
}
