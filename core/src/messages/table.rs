//! The form of a text table: a name, its token, and two rows of three languages.

/// Makes an enum from a table of texts. The English text is the documentation of its variant.
macro_rules! text_table {
    (
        $(#[$meta:meta])*
        $name:ident
        $( $variant:ident $token:literal
            [$en:literal, $de:literal, $sv:literal]
            [$en2:literal, $de2:literal, $sv2:literal] )*
    ) => {
        $(#[$meta])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
        pub enum $name {
            $( #[doc = $en] $variant, )*
        }

        impl $name {
            /// Every one of them, in the order of the table.
            pub const ALL: &[$name] = &[$( $name::$variant ),*];

            /// The token for machines. Never changes.
            pub fn as_str(self) -> &'static str {
                match self { $( $name::$variant => $token, )* }
            }

            /// Finds one by its token.
            pub fn from_token(token: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|code| code.as_str() == token)
            }

            /// Both rows `[en, de, sv]`.
            pub(crate) fn rows(self) -> ([&'static str; 3], [&'static str; 3]) {
                match self {
                    $( $name::$variant => ([$en, $de, $sv], [$en2, $de2, $sv2]), )*
                }
            }
        }
    };
}

pub(crate) use text_table;
