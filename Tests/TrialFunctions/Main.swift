import EventSourcing
import StackRuntime

/// The functions of a stack for tests of the replay: one kind of event, and transforms that go wrong in all the ways that a replay has to survive.
@main
struct TrialFunctions {
    static func main() async {
        await StackFunctions(
            commands: [AnyCommand(Note.self)], projections: [AnyProjection(Notes.self)],
            transforms: Trial.transforms.map { AnyTransform($0.key, $0.value) }.sorted { $0.name < $1.name }, events: NoteStream.events
        ).run()
    }
}
