import Foundation

extension CloudLife {
    /// Stops everything.
    func end() async {
        await clients.stop()
        setup.tally.functions(cloud.functionRun)
        await cloud.stop()
    }

    /// Stops everything, after a finding with all that may explain it kept beside the logs. Throws what isn't a finding.
    func end(after error: any Error, _ place: String) async throws {
        if let finding = error as? Finding {
            setup.tally.found("\(finding)", in: place)
            setup.story.say("FOUND in \(place): \(finding)")
            await clients.stop()
            try? await audit.dump()
        }
        // Where there is no log the cloud never started.
        try? FileManager.default.copyItem(atPath: cloud.instance.logFile, toPath: setup.logs.path + "/local-cloud.log")
        await end()
        if !(error is Finding) { throw error }
    }
}
