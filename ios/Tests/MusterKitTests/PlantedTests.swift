import Foundation
import Testing

/// Fails if it is told to, so that `cargo xtask test --self-test` can see failures being noticed.
@Suite struct PlantedTests {
    @Test func noticesAPlantedFailure() {
        #expect(ProcessInfo.processInfo.environment["MUSTER_BREAK"] != "swift")
    }
}
