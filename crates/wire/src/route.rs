//! Finds the operation of a method and a path.
//!
//! A path is split at `/` before it is decoded, so an escaped slash stays inside its label. A label is never empty. The
//! table is ordered; a look-up is a binary search by number of segments, first segment and method, then a scan of the
//! routes that share all three (19 at most), none of which allocates unless a label has an escape.

use std::borrow::Cow;

use crate::Operation;
use crate::generated::routes::ROUTES;
use crate::generated::{appintegrations, routes};
use crate::percent::{self, PercentError};

/// The most labels in a path of any service.
const MAX_LABELS: usize = larger(routes::MAX_LABELS, appintegrations::routes::MAX_LABELS);

/// The most segments in a path of any service.
const MAX_SEGMENTS: usize = larger(routes::MAX_SEGMENTS, appintegrations::routes::MAX_SEGMENTS);

const fn larger(one: usize, other: usize) -> usize {
    if one > other { one } else { other }
}

/// The operation that a request names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Route<'p, O = Operation> {
    /// An operation whose shapes exist here, with the labels of its path.
    Served(O, UriParams<'p>),
    /// An operation of the service that has no shapes here, by name.
    Unserved(&'static str),
    /// No operation of the service.
    NotFound,
}

/// The labels of a path by name, decoded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UriParams<'p> {
    labels: [(&'static str, Cow<'p, str>); MAX_LABELS],
}

impl UriParams<'_> {
    /// The value of the label `name`.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.iter().find_map(|(label, value)| (label == name).then_some(value))
    }

    /// Names and values, in the order of the path.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.labels.iter().filter(|(name, _)| !name.is_empty()).map(|(name, value)| (*name, &**value))
    }
}

/// One route of the service.
#[derive(Debug)]
pub(crate) struct Template<O: 'static> {
    pub(crate) method: &'static str,
    pub(crate) segments: &'static [Segment],
    pub(crate) target: Target<O>,
}

/// One part of a path between slashes.
#[derive(Debug)]
pub(crate) enum Segment {
    Literal(&'static str),
    Label(&'static str),
}

/// The operation of a route.
#[derive(Debug)]
pub(crate) enum Target<O> {
    Served(O),
    Unserved(&'static str),
}

impl<O> Template<O> {
    fn key(&self) -> (usize, &str, &str) {
        let first = match self.segments.first() {
            Some(Segment::Literal(literal)) => literal,
            _ => "",
        };
        (self.segments.len(), first, self.method)
    }

    fn matches(&self, path: &[&str]) -> bool {
        self.segments.iter().zip(path).all(|(segment, text)| match segment {
            Segment::Literal(literal) => literal == text,
            Segment::Label(_) => !text.is_empty(),
        })
    }

    fn labels<'p>(&self, path: &[&'p str]) -> Result<UriParams<'p>, PercentError> {
        let mut params = UriParams::default();
        let mut free = params.labels.iter_mut();
        for (segment, text) in self.segments.iter().zip(path) {
            if let Segment::Label(name) = segment
                && let Some(field) = free.next()
            {
                *field = (name, percent::decode(text)?);
            }
        }
        Ok(params)
    }
}

/// Finds the operation of a request to Amazon Connect. `raw_path` is the path as sent, without the query.
///
/// A path that exists with another method is [`Route::NotFound`].
///
/// # Errors
/// A label, or a path that is no operation's, with a bad escape or with bytes that are not UTF-8.
pub fn route<'p>(method: &str, raw_path: &'p str) -> Result<Route<'p>, PercentError> {
    find(ROUTES, method, raw_path)
}

/// Finds the operation of a request in a service's table.
pub(crate) fn find<'p, O: Copy>(
    routes: &'static [Template<O>],
    method: &str,
    raw_path: &'p str,
) -> Result<Route<'p, O>, PercentError> {
    let mut segments = [""; MAX_SEGMENTS];
    let mut count = 0;
    let mut free = segments.iter_mut();
    for part in raw_path.strip_prefix('/').unwrap_or(raw_path).split('/') {
        match free.next() {
            Some(field) => *field = part,
            None => return not_found(raw_path),
        }
        count += 1;
    }
    let path = segments.get(..count).unwrap_or_default();
    let key = (count, path.first().copied().unwrap_or_default(), method);
    let start = routes.partition_point(|template| template.key() < key);
    let mut group = routes.iter().skip(start).take_while(|template| template.key() == key);
    match group.find(|template| template.matches(path)) {
        Some(template) => match template.target {
            Target::Served(operation) => Ok(Route::Served(operation, template.labels(path)?)),
            Target::Unserved(name) => template.labels(path).map(|_| Route::Unserved(name)),
        },
        None => not_found(raw_path),
    }
}

fn not_found<O>(raw_path: &str) -> Result<Route<'_, O>, PercentError> {
    percent::decode(raw_path).map(|_| Route::NotFound)
}
