//! Titles and descriptions of the settings, for consoles and for the reference: plain sentences
//! that an admin reads once.

/// A title and a description, each in English, German and Swedish.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Text {
    /// A few words, without a full stop.
    pub title: [&'static str; 3],
    /// What the setting does, in one to three sentences.
    pub about: [&'static str; 3],
}

pub(super) const NONE: Text = Text { title: ["", "", ""], about: ["", "", ""] };
