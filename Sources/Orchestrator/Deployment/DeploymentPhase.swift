/// What a deployment is doing. The transition is stored before the phase's work is done, and each phase can be done again.
public enum DeploymentPhase: String, Sendable, Codable, CaseIterable {
    /// Creating the release's resources. Followed by `importing` or `activating` (a stack's first release), or `cutting`.
    case provisioning
    /// Bringing in a history file. Followed by `activating`.
    case importing
    /// Giving the writes and the domain to a stack's first release. Followed by `live`.
    case activating
    /// Closing an epoch on every shard. Followed by `replaying`.
    case cutting
    /// Copying every event up to the cut. Followed by `proving`.
    case replaying
    /// Measuring the copy against the cut's totals, and projecting it. Followed by `connecting`.
    case proving
    /// Attaching the bus and starting the replicator. Followed by `tailing`.
    case connecting
    /// Copying what was committed since the cut. Followed by `verifying`.
    case tailing
    /// Comparing the read models. Followed by `ready`.
    case verifying
    /// The candidate follows the live release and can be cut over to.
    case ready
    /// The release was given the writes.
    case live

    /// What a deployment starts from.
    public enum Kind: Sendable, Hashable {
        case first(history: Bool)
        case candidate
    }

    /// What happened in a phase.
    public enum Event: Sendable, Hashable {
        case finished
    }

    /// The phase after this one; `nil` where the deployment has ended.
    public func advance(on event: Event, _ kind: Kind) -> DeploymentPhase? {
        switch (self, kind) {
        case (.provisioning, .first(history: true)): .importing
        case (.provisioning, .first(history: false)), (.importing, _): .activating
        case (.activating, _): .live
        case (.provisioning, .candidate): .cutting
        case (.cutting, _): .replaying
        case (.replaying, _): .proving
        case (.proving, _): .connecting
        case (.connecting, _): .tailing
        case (.tailing, _): .verifying
        case (.verifying, _): .ready
        case (.ready, _), (.live, _): nil
        }
    }
}
