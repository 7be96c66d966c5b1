// immutable-stack-version: 1
import StackDescription

let stack = Stack(
    "permits",
    functions: .swiftProduct("PermitsV2Functions", memory: .mebibytes(512), timeout: .seconds(25)),
    eventStore: .dynamoDB(pointInTimeRecovery: true, ledgerShards: 64),
    eventBus: .kinesis(shards: 1, retention: .hours(24)),
    api: .http(domain: "api.permits.example", stage: "live"),
    commands: [
        .command("AddActivity", on: .post("/cases/{caseId}/activities"))
    ],
    readModels: [
        .table("cases", projectedBy: "Cases", serves: [.get("/cases/{caseId}")])
    ],
    reactors: [.reactor("ReceiptMailer", after: .crash(.park))],
    transform: .copy("ByDepartment", reversible: true),
    parity: [.readModel("cases", .mapped(by: "CasesBefore"))],
    mail: .ses(sender: "permits@permits.example")
)
