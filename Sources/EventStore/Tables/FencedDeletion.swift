import AWS
import EventSourcing

extension ItemStore {
    /// A transaction has at most 100 actions, and the fence is one of them.
    private static var deletesPerTransaction: Int { 99 }

    /// Carries out some deletions, with `fence` in each of their transactions. Throws ``LockLost`` where it doesn't hold: a command that
    /// slept through its lease deletes nothing of what others made meanwhile.
    package func delete(_ deletions: [Write], fence: Write) async throws {
        // One after the other: all of them check the same lock item.
        for some in deletions.chunks(of: Self.deletesPerTransaction) {
            do {
                try await transact([fence] + some, tries: 10)
            } catch DynamoDBError.transactionCancelled(let reasons) where reasons.first?.code == "ConditionalCheckFailed" {
                throw LockLost()
            }
        }
    }
}
