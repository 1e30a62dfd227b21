//! Who sets a value.
use serde::Serialize;

/// Who sets a value, the weakest first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Layer {
    /// Compiled in.
    #[default]
    Default,
    /// The person, in the app.
    Person,
    /// The MDM, by managed configuration.
    Mdm,
    /// The management server, for everybody.
    Server,
    /// The management server, for this person.
    Individual,
}

impl Layer {
    /// The layers that hand values over.
    pub(super) const FED: [Layer; 4] =
        [Layer::Person, Layer::Mdm, Layer::Server, Layer::Individual];

    /// The token in files and answers.
    pub fn as_str(self) -> &'static str {
        match self {
            Layer::Default => "default",
            Layer::Person => "person",
            Layer::Mdm => "mdm",
            Layer::Server => "server",
            Layer::Individual => "individual",
        }
    }

    pub(super) fn is_server(self) -> bool {
        matches!(self, Layer::Server | Layer::Individual)
    }
}
