/// An application as a whole: what a manifest (`Stack.swift`) describes.
///
/// A manifest creates exactly one stack, at its top level. The release that a deployment makes of it is not named here.
public struct Stack: Codable, Sendable, Hashable {
    /// Lower-case letters, digits and hyphens, at most 20 characters. Resources are named `<stack>-<release>-<part>`.
    public var name: String
    /// Where the code of the Lambda functions comes from, and the limits they run under.
    public var functions: Functions
    public var eventStore: EventStore
    public var eventBus: EventBus
    public var api: API
    public var commands: [Command]
    public var readModels: [ReadModel]
    public var reactors: [Reactor]
    /// How events are converted on their way from the live release; absent means that they are copied unchanged.
    public var transform: Transform?
    /// What is expected of read models when the candidate is compared with the live release.
    /// A read model that isn't listed has to be exactly equal.
    public var parity: [ParityExpectation]
    /// Routes that the live release may have and this one has not.
    public var retiredRoutes: [RetiredRoute]
    public var mail: Mail?
    public var traffic: Traffic?
    /// Where search indexes are; needed where a read model is one.
    public var search: SearchDomain?

    public init(
        _ name: String,
        functions: Functions,
        eventStore: EventStore = .dynamoDB(),
        eventBus: EventBus = .kinesis(),
        api: API,
        commands: [Command],
        readModels: [ReadModel] = [],
        reactors: [Reactor] = [],
        transform: Transform? = nil,
        parity: [ParityExpectation] = [],
        retiredRoutes: [RetiredRoute] = [],
        mail: Mail? = nil,
        traffic: Traffic? = nil,
        search: SearchDomain? = nil
    ) {
        self.name = name
        self.functions = functions
        self.eventStore = eventStore
        self.eventBus = eventBus
        self.api = api
        self.commands = commands
        self.readModels = readModels
        self.reactors = reactors
        self.transform = transform
        self.parity = parity
        self.retiredRoutes = retiredRoutes
        self.mail = mail
        self.traffic = traffic
        self.search = search
        ManifestOutput.register(self)
    }
}
