// swift-tools-version: 6.1
import PackageDescription

let strict: [SwiftSetting] = [.swiftLanguageMode(.v6), .enableUpcomingFeature("ExistentialAny")]

let asyncHTTPClient: Target.Dependency = .product(name: "AsyncHTTPClient", package: "async-http-client")
let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let argumentParser: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")

/// The functions of an example stack: one executable that is every Lambda of a release.
func functions(_ name: String, of stack: String) -> Target {
    .executableTarget(name: name, dependencies: ["StackRuntime"], path: "stacks/\(stack)/Functions", swiftSettings: strict)
}

func tests(_ name: String, _ dependencies: Target.Dependency...) -> Target {
    .testTarget(name: name, dependencies: dependencies, swiftSettings: strict)
}

let package = Package(
    name: "immutable-stack",
    platforms: [.macOS(.v15)],
    products: [
        .library(name: "StackDescription", type: .dynamic, targets: ["StackDescription"]),
        .library(name: "EventSourcing", targets: ["EventSourcing"]),
        .library(name: "StackRuntime", targets: ["StackRuntime"]),
        // What Benchmarks/ needs of the engine.
        .library(name: "AWS", targets: ["AWS"]),
        .library(name: "EventStore", targets: ["EventStore"]),
        .library(name: "LocalCloud", targets: ["LocalCloud"]),
        .executable(name: "immutable", targets: ["immutable"]),
        .executable(name: "fire-drill", targets: ["FireDrill"]),
        .executable(name: "projection-benchmark", targets: ["ProjectionBenchmark"]),
    ],
    dependencies: [
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    ],
    targets: [
        .target(name: "StackDescription", swiftSettings: strict),
        .target(name: "ManifestLoading", dependencies: ["StackDescription", crypto], swiftSettings: strict),
        .target(name: "EventSourcing", dependencies: [crypto], swiftSettings: strict),
        .target(
            name: "AWS", dependencies: [asyncHTTPClient, .product(name: "NIOCore", package: "swift-nio"), crypto, logging],
            swiftSettings: strict),
        .target(name: "CredentialProcess", dependencies: ["AWS"], swiftSettings: strict),
        .target(name: "EventStore", dependencies: ["EventSourcing", "AWS"], swiftSettings: strict),
        .target(name: "StackRuntime", dependencies: ["EventSourcing", "EventStore", "AWS", crypto], swiftSettings: strict),
        .systemLibrary(name: "CZlib"),
        .target(
            name: "Orchestrator", dependencies: ["StackDescription", "EventSourcing", "EventStore", "AWS", "CZlib", crypto],
            swiftSettings: strict),
        .target(
            name: "Simulation", dependencies: ["StackRuntime", "Orchestrator", "StackDescription", "EventSourcing", "EventStore", "AWS"],
            swiftSettings: strict),
        .executableTarget(
            name: "ProjectionBenchmark",
            dependencies: ["StackRuntime", "Orchestrator", "EventSourcing", "EventStore", "AWS", "LocalCloud", argumentParser],
            swiftSettings: strict),
        .executableTarget(name: "simulate", dependencies: ["Simulation", argumentParser], swiftSettings: strict),
        .target(name: "LocalCloud", resources: [.copy("Resources/search.py"), .copy("Resources/server.py")], swiftSettings: strict),
        .target(name: "Traffic", dependencies: [asyncHTTPClient, crypto], swiftSettings: strict),
        .executableTarget(
            name: "immutable",
            dependencies: [
                "ManifestLoading", "StackDescription", "Orchestrator", "EventSourcing", "EventStore", "AWS", "CredentialProcess",
                "LocalCloud",
                "Traffic", argumentParser,
            ],
            resources: [.copy("Resources/audit.py")], swiftSettings: strict),
        .executableTarget(
            name: "FireDrill",
            dependencies: [
                "LocalCloud", "Traffic", "AWS", asyncHTTPClient, argumentParser, .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"), .product(name: "NIOHTTP1", package: "swift-nio"),
            ],
            resources: [.copy("Resources/outside.py")], swiftSettings: strict),

        functions("OrdersFunctions", of: "orders"),
        functions("OrdersV2Functions", of: "orders-v2"),
        functions("PermitsFunctions", of: "permits"),
        functions("PermitsV2Functions", of: "permits-v2"),

        .executableTarget(
            name: "TrialFunctions", dependencies: ["StackRuntime"], path: "Tests/TrialFunctions", swiftSettings: strict),
        .target(
            name: "TestSupport", dependencies: ["LocalCloud", "EventStore", "EventSourcing", "AWS"], path: "Tests/TestSupport",
            swiftSettings: strict),
        tests("StackDescriptionTests", "StackDescription"),
        tests("ManifestLoadingTests", "ManifestLoading", "StackDescription"),
        tests("EventSourcingTests", "EventSourcing"),
        tests(
            "AWSTests", "AWS", "CredentialProcess", "TestSupport", "LocalCloud", .product(name: "NIOCore", package: "swift-nio"),
            .product(name: "NIOPosix", package: "swift-nio")),
        tests("EventStoreTests", "EventStore", "EventSourcing", "AWS", "TestSupport", "LocalCloud"),
        tests("StackRuntimeTests", "StackRuntime", "EventStore", "EventSourcing", "AWS", "TestSupport", "LocalCloud"),
        tests(
            "OrchestratorTests", "Orchestrator", "StackDescription", "EventSourcing", "EventStore", "AWS", "TestSupport", "LocalCloud",
            crypto),
        tests(
            "SimulationTests", "Simulation", "StackRuntime", "Orchestrator", "EventStore", "EventSourcing", "AWS", "TestSupport",
            "LocalCloud"),
        tests("LocalCloudTests", "LocalCloud", "TestSupport"),
        tests("TrafficTests", "Traffic"),
        tests(
            "FireDrillTests", "FireDrill", "Traffic", "AWS", .product(name: "NIOCore", package: "swift-nio"),
            .product(name: "NIOPosix", package: "swift-nio"), .product(name: "NIOHTTP1", package: "swift-nio")),
        tests("DemoTests", "immutable", "OrdersFunctions", "OrdersV2Functions", "PermitsFunctions"),
        tests(
            "immutableTests", "immutable", "ManifestLoading", "StackDescription", "Orchestrator", "EventSourcing", "EventStore", "AWS",
            "LocalCloud", argumentParser),
        tests("OrdersFunctionsTests", "OrdersFunctions", "EventSourcing"),
        tests("OrdersV2FunctionsTests", "OrdersV2Functions", "EventSourcing"),
        tests("PermitsFunctionsTests", "PermitsFunctions", "EventSourcing"),
        tests("PermitsV2FunctionsTests", "PermitsV2Functions", "EventSourcing"),
        .testTarget(
            name: "Scenarios",
            dependencies: [
                "immutable", "OrdersFunctions", "OrdersV2Functions", "PermitsFunctions", "PermitsV2Functions",
                "TrialFunctions", "FireDrill", "Traffic",
                "EventStore", "EventSourcing", "AWS",
                "LocalCloud", "TestSupport",
            ],
            exclude: ["figures.py"], swiftSettings: strict),
    ]
)
