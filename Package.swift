// swift-tools-version: 6.1
import PackageDescription

let strict: [SwiftSetting] = [.swiftLanguageMode(.v6), .enableUpcomingFeature("ExistentialAny")]

let package = Package(
    name: "immutable-stack",
    platforms: [.macOS(.v15)],
    products: [
        .library(name: "StackDescription", type: .dynamic, targets: ["StackDescription"]),
        .library(name: "EventSourcing", targets: ["EventSourcing"]),
        .library(name: "StackRuntime", targets: ["StackRuntime"]),
        .executable(name: "immutable", targets: ["immutable"]),
    ],
    dependencies: [
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    ],
    targets: [
        .target(name: "StackDescription", swiftSettings: strict),
        .target(
            name: "ManifestLoading",
            dependencies: ["StackDescription", .product(name: "Crypto", package: "swift-crypto")],
            swiftSettings: strict),
        .target(
            name: "EventSourcing",
            dependencies: [.product(name: "Crypto", package: "swift-crypto")],
            swiftSettings: strict),
        .target(
            name: "AWS",
            dependencies: [
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: strict),
        .target(name: "EventStore", dependencies: ["EventSourcing", "AWS"], swiftSettings: strict),
        .target(name: "StackRuntime", dependencies: ["EventSourcing", "EventStore", "AWS"], swiftSettings: strict),
        .systemLibrary(name: "CZlib"),
        .target(
            name: "Orchestrator",
            dependencies: [
                "StackDescription", "EventSourcing", "EventStore", "AWS", "CZlib", .product(name: "Crypto", package: "swift-crypto"),
            ],
            swiftSettings: strict),
        .target(name: "LocalCloud", swiftSettings: strict),
        .executableTarget(
            name: "immutable",
            dependencies: [
                "ManifestLoading", "Orchestrator", "LocalCloud", "AWS",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            resources: [.copy("Resources/audit.py")],
            swiftSettings: strict),
        .executableTarget(
            name: "OrdersFunctions", dependencies: ["StackRuntime"], path: "stacks/orders/Functions", swiftSettings: strict),
        .executableTarget(
            name: "OrdersV2Functions", dependencies: ["StackRuntime"], path: "stacks/orders-v2/Functions", swiftSettings: strict),
        .executableTarget(
            name: "PermitsFunctions", dependencies: ["StackRuntime"], path: "stacks/permits/Functions", swiftSettings: strict),
    ]
)
