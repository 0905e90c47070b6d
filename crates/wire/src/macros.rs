//! The macros that the generated files are written in: the files then hold only the model's content.

/// Structures, their schemas and the bridge between both.
macro_rules! structures {
    ($($name:ident $(($schema:ident))? {
        $($field:ident: $type:ty = $wire:literal, $shape:ident $(, $adjust:ident $(($argument:literal))?)*;)*
    })*) => {$(
        #[doc = concat!("`", stringify!($name), "` of the API model.")]
        #[derive(Clone, Default, PartialEq)]
        pub struct $name {
            $(#[doc = concat!("`", $wire, "`")] pub $field: $type,)*
        }

        $(pub(crate) static $schema: $crate::schema::Schema =
            $crate::schema::Schema::Structure(<$name as $crate::value::Structure>::members);)?

        impl $crate::value::Structure for $name {
            fn members() -> &'static [$crate::schema::Member] {
                static MEMBERS: &[$crate::schema::Member] =
                    &[$($crate::schema::Member::new($wire, &$shape)$(.$adjust($($argument)?))*),*];
                MEMBERS
            }

            fn from_nodes(nodes: Vec<$crate::value::Node<'_>>) -> Self {
                #[allow(unused_mut, unused_variables, reason = "not every structure has members")]
                let mut nodes = nodes.into_iter();
                Self { $($field: $crate::value::Value::from_node(nodes.next().unwrap_or_default()),)* }
            }
        }

        impl $crate::value::Parts for $name {
            #[allow(unused_variables, reason = "not every structure has members")]
            fn each(&self, visit: &mut dyn FnMut($crate::value::View<'_>)) {
                $(visit($crate::value::Value::view(&self.$field));)*
            }
        }

        impl $crate::value::Value for $name {
            fn view(&self) -> $crate::value::View<'_> {
                $crate::value::View::Structure(self)
            }

            fn from_node(node: $crate::value::Node<'_>) -> Self {
                match node {
                    $crate::value::Node::Structure(nodes) => $crate::value::Structure::from_nodes(nodes),
                    _ => Self::default(),
                }
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                $crate::value::debug(stringify!($name), self, f)
            }
        }
    )*};
}

/// Enumerations of strings and their schemas.
macro_rules! enums {
    ($($schema:ident $name:ident { $($variant:ident = $wire:literal,)* })*) => {$(
        #[doc = concat!("`", stringify!($name), "` of the API model.")]
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $(#[doc = concat!("`", $wire, "`")] $variant,)*
            /// A value that the model does not list; only a newer service's response carries one.
            Unrecognised(String),
        }

        pub(crate) static $schema: $crate::schema::Schema = $crate::schema::Schema::Enum($name::VALUES);

        impl $name {
            /// Every value that the model lists, in its order.
            pub const VALUES: &'static [&'static str] = &[$($wire),*];

            /// The value on the wire.
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $wire,)*
                    Self::Unrecognised(other) => other,
                }
            }

            /// The value that the wire calls `text`.
            pub fn from_wire(text: &str) -> Self {
                match text {
                    $($wire => Self::$variant,)*
                    other => Self::Unrecognised(other.to_owned()),
                }
            }
        }

        impl Default for $name {
            /// An unrecognised empty string: what a response that lacks a required value yields.
            fn default() -> Self {
                Self::Unrecognised(String::new())
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl $crate::value::Value for $name {
            fn view(&self) -> $crate::value::View<'_> {
                $crate::value::View::Text(self.as_str())
            }

            fn from_node(node: $crate::value::Node<'_>) -> Self {
                match node {
                    $crate::value::Node::Text(text) => Self::from_wire(&text),
                    _ => Self::default(),
                }
            }
        }
    )*};
}

/// Schemas of everything that is neither a structure nor an enumeration.
macro_rules! schemas {
    ($($schema:ident = $kind:ident $({ $($value:tt)* })?;)*) => {$(
        pub(crate) static $schema: $crate::schema::Schema = schemas!(@ $kind $({ $($value)* })?);
    )*};
    (@ Boolean) => { $crate::schema::Schema::Boolean };
    (@ Timestamp) => { $crate::schema::Schema::Timestamp };
    (@ List { $item:ident, $min:expr, $max:expr }) => {
        $crate::schema::Schema::List($crate::schema::List { item: &$item, min: $min, max: $max })
    };
    (@ Map { $key:ident => $value:ident, $min:expr, $max:expr }) => {
        $crate::schema::Schema::Map($crate::schema::Map { key: &$key, value: &$value, min: $min, max: $max })
    };
    (@ Text { $($field:ident: $value:expr),* }) => {
        $crate::schema::Schema::Text($crate::schema::Text::ANY$(.$field($value))*)
    };
    (@ $number:ident { $($field:ident: $value:expr),* }) => {
        $crate::schema::Schema::$number($crate::schema::Number::ANY$(.$field($value))*)
    };
}

/// Patterns of strings.
macro_rules! patterns {
    ($($name:ident { rule: $rule:literal, accept: $accept:expr, refuse: $refuse:expr })*) => {$(
        pub(crate) static $name: $crate::pattern::Pattern = $crate::pattern::Pattern::new(
            $rule,
            || $crate::pattern::compile(&$accept),
            || $crate::pattern::compile(&$refuse),
        );
    )*
        /// Every pattern.
        #[cfg(test)]
        pub(crate) static ALL: &[&$crate::pattern::Pattern] = &[$(&$name),*];
    };
}

/// The operations with their bindings to HTTP, shapes and errors.
macro_rules! operations {
    ($($name:ident {
        $method:literal $uri:literal, $input:ident => $output:ty, [$($error:ident),*] $(, page $paginator:tt)?
    })*) => {
        /// An operation of the API model.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Operation {
            $(#[doc = concat!("`", $method, " ", $uri, "`")] $name,)*
        }

        impl Operation {
            /// Every operation, in the model's order.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The name in the model.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$name => stringify!($name),)* }
            }

            /// The HTTP method.
            pub const fn method(self) -> &'static str {
                match self { $(Self::$name => $method,)* }
            }

            /// The path, with labels in braces.
            pub const fn uri(self) -> &'static str {
                match self { $(Self::$name => $uri,)* }
            }

            /// The error kinds that the model lists for the operation.
            pub const fn errors(self) -> &'static [$crate::ErrorKind] {
                match self { $(Self::$name => &[$($crate::ErrorKind::$error),*],)* }
            }

            /// How the operation pages, if it does.
            pub const fn paginator(self) -> Option<&'static $crate::Paginator> {
                match self { $(Self::$name => operations!(@page $($paginator)?),)* }
            }
        }

        impl $crate::ServiceOperation for Operation {
            const ALL: &'static [Self] = Self::ALL;

            fn name(self) -> &'static str {
                self.name()
            }

            fn method(self) -> &'static str {
                self.method()
            }

            fn uri(self) -> &'static str {
                self.uri()
            }

            fn errors(self) -> &'static [$crate::ErrorKind] {
                self.errors()
            }

            fn paginator(self) -> Option<&'static $crate::Paginator> {
                self.paginator()
            }
        }

        #[cfg(test)]
        impl $crate::operation::Reread for Operation {
            fn reread(
                self,
                params: &$crate::UriParams<'_>,
                query: Option<&str>,
                body: &[u8],
            ) -> Result<$crate::RequestParts, $crate::RequestError> {
                use $crate::Input;
                match self {
                    $(Self::$name => <super::inputs::$input>::from_request(params, query, body).map(|i| i.to_request()),)*
                }
            }

            fn reanswer(self, body: &[u8]) -> Result<Vec<u8>, $crate::ResponseError> {
                use $crate::{Input, Output};
                match self {
                    $(Self::$name => {
                        <<super::inputs::$input as Input>::Output>::from_body(body).map(|output| output.to_body())
                    })*
                }
            }
        }

        $(impl $crate::Input for super::inputs::$input {
            type Operation = Operation;
            const OPERATION: Operation = Operation::$name;
            type Output = $output;
        })*
    };
    (@page) => { None };
    (@page ($input:literal, $limit:literal, $output:literal, $result:literal)) => {
        Some(&$crate::Paginator { input_token: $input, limit: $limit, output_token: $output, result: $result })
    };
}

/// Inputs that name an instance.
macro_rules! of_an_instance {
    ($($input:ident)*) => {$(
        impl $crate::HasInstanceId for $crate::shapes::$input {
            fn instance_id(&self) -> &str {
                &self.instance_id
            }
        }
    )*};
}

/// The kinds of errors.
macro_rules! error_kinds {
    ($($name:ident = $status:literal,)*) => {
        /// A kind of error that a response can carry.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum ErrorKind {
            $(#[doc = concat!("`", stringify!($name), "`, status ", $status)] $name,)*
        }

        impl ErrorKind {
            /// Every kind.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The name, as `x-amzn-ErrorType` carries it.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$name => stringify!($name),)* }
            }

            /// The HTTP status.
            pub const fn status(self) -> u16 {
                match self { $(Self::$name => $status,)* }
            }
        }
    };
}

/// Every route of the service: an identifier is an operation with shapes, a string is one without.
macro_rules! routes {
    ($($method:literal ($($segment:tt)*) $target:tt;)*) => {
        /// Ordered by number of segments, first segment, method; then a literal segment stands before a label.
        pub(crate) static ROUTES: &[$crate::route::Template<super::operations::Operation>] = &[$($crate::route::Template {
            method: $method,
            segments: &[$(routes!(@segment $segment)),*],
            target: routes!(@target $target),
        }),*];
    };
    (@segment [$label:literal]) => { $crate::route::Segment::Label($label) };
    (@segment $literal:literal) => { $crate::route::Segment::Literal($literal) };
    (@target $name:literal) => { $crate::route::Target::Unserved($name) };
    (@target $operation:ident) => { $crate::route::Target::Served(super::operations::Operation::$operation) };
}
