//! What the apps are called by the systems around them. The one place: what is generated takes it
//! from here, and a test compares Gradle's files, the Xcode project and the samples with it.

/// The id of both apps: Android's application id and the bundle id on iOS.
pub(crate) const APPLICATION_ID: &str = "dev.muster.agent";

/// What Intune's JSON for a managed Android app calls itself: the resource `ManagedConfiguration`
/// of Google's Play EMM API. The demo takes it from the generated sample.
pub(crate) const INTUNE_KIND: &str = "androidenterprise#managedConfiguration";
