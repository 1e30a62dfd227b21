//! Reads the file that stands for what the OS hands over as managed configuration.

use muster_core::config::{InputError, ManagedInput, Source, SourcedTree};
use muster_core::ids::Platform;

use crate::intune;

/// Reads `bytes` as `platform` would have delivered them: a property list on iOS, a JSON tree on
/// Android. Intune's exported JSON is unfolded first; only this program knows it.
///
/// # Errors
/// What is wrong with the file.
pub fn read(bytes: &[u8], platform: Platform) -> Result<ManagedInput, InputError> {
    match platform {
        Platform::Ios => ManagedInput::from_property_list(bytes),
        Platform::Android => match intune::unfold(bytes) {
            Some(tree) => ManagedInput::from_tree(tree?),
            None => ManagedInput::from_android_json(bytes),
        },
    }
}

/// What an MDM that took its configuration away leaves: nothing.
pub fn absent() -> ManagedInput {
    let trees = vec![SourcedTree { source: Source::Os, tree: None }];
    ManagedInput { trees, ..ManagedInput::default() }
}
