// swift-tools-version: 6.1
import PackageDescription

let strict: [SwiftSetting] = [.swiftLanguageMode(.v6), .enableUpcomingFeature("ExistentialAny")]

func ours(_ name: String) -> Target.Dependency { .product(name: name, package: "immutable-stack") }

let package = Package(
    name: "benchmarks",
    platforms: [.macOS(.v15)],
    products: [.executable(name: "replay-benchmark", targets: ["replay-benchmark"])],
    dependencies: [
        .package(name: "immutable-stack", path: ".."),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    ],
    targets: [
        .executableTarget(
            name: "replay-benchmark",
            dependencies: [
                ours("AWS"), ours("EventSourcing"), ours("EventStore"), ours("LocalCloud"),
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
            ],
            resources: [.copy("Resources/boto3_copier.py")], swiftSettings: strict)
    ]
)
