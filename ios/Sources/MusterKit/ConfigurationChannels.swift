/// All channels through which a configuration may come, for the agent, which wants them whole.
///
/// A phone is managed through one of them: handing over the other alone, which is empty then, would
/// look as if the company had withdrawn its configuration.
actor ConfigurationChannels {
    private let reader: ManagedConfigurationReader
    private var managedApp: ConfigurationSource?
    private let hasManagedApp: Bool

    /// `hasManagedApp`: the system has the newer channel and will say what is in it.
    init(reader: ManagedConfigurationReader, hasManagedApp: Bool) {
        self.reader = reader
        self.hasManagedApp = hasManagedApp
    }

    /// The newer channel says what is in it.
    func received(_ source: ConfigurationSource) {
        managedApp = source
    }

    /// What there is now; `nil` until every channel has spoken.
    func sources() -> [ConfigurationSource]? {
        guard hasManagedApp else { return [reader.read()] }
        return managedApp.map { [reader.read(), $0] }
    }
}
