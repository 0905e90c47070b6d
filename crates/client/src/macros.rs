//! The macro that the generated file is written in: the file then holds only the model's content.

/// A method for each operation, and how those that page do it.
macro_rules! calls {
    ($($method:ident: $operation:ident $input:ident
        $(, pages $token:ident $next:ident $result:ident of $item:ty)?;)*) => {
        impl $crate::Client {
            $(
                #[doc = concat!("Calls `", stringify!($operation), "`.")]
                ///
                /// # Errors
                /// See [`Client::call`](crate::Client::call).
                pub async fn $method(
                    &self,
                    input: &$input,
                ) -> Result<<$input as lanyard_wire::Input>::Output, $crate::Error> {
                    self.call(input).await
                }
            )*
        }

        $($(
            impl $crate::Paged for $input {
                type Item = $item;

                fn start_at(&mut self, token: Option<String>) {
                    self.$token = token;
                }

                fn take_page(output: Self::Output) -> (Vec<Self::Item>, Option<String>) {
                    (output.$result.unwrap_or_default(), output.$next.filter(|token| !token.is_empty()))
                }
            }
        )?)*
    };
}
