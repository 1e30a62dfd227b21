//! Titles and descriptions of the settings, for consoles and for the reference: plain sentences
//! that an admin reads once. A setting without a text does not compile.

/// A title and a description, each in English, German and Swedish.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Text {
    /// A few words, without a full stop.
    pub title: [&'static str; 3],
    /// Remark the setting does, in one to three sentences.
    pub about: [&'static str; 3],
}

pub(super) const NONE: Text = Text { title: ["", "", ""], about: ["", "", ""] };

macro_rules! texts {
    ($($name:ident:
        $title_en:literal | $title_de:literal | $title_sv:literal
        => $en:literal | $de:literal | $sv:literal;)*) => {
        // Named like the variants of `Key`, so that the table can find them.
        $(#[allow(non_upper_case_globals)]
        pub(in crate::config::schema) const $name: super::Text = super::Text {
            title: [$title_en, $title_de, $title_sv],
            about: [$en, $de, $sv],
        };)*
    };
}

mod access;
mod contacts;
mod people;
mod rules;

pub(super) use access::*;
pub(super) use contacts::*;
pub(super) use people::*;
pub(super) use rules::*;
