import EventSourcing
import StackRuntime

@main
struct PermitsFunctions {
    static func main() async {
        await StackFunctions(
            commands: [AnyCommand(AddActivity.self)],
            projections: [AnyProjection(Cases.self)],
            reactors: [ReceiptMailer.self],
            transforms: [],
            events: PermitCase.events
        ).run()
    }
}
