import EventSourcing
import StackRuntime

@main
struct PermitsV2Functions {
    static func main() async {
        await StackFunctions(
            commands: [AnyCommand(AddActivity.self)],
            projections: [AnyProjection(Cases.self)],
            reactors: [ReceiptMailer.self],
            transforms: [AnyTransform(ByDepartment.self)],
            mappings: [AnyMapping(CasesBefore.self)],
            events: DepartmentFile.events
        ).run()
    }
}
