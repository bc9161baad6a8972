// swift-tools-version: 6.0
// `./build` puts the generated sources in place and says where the library is; by itself this package does not build.
import PackageDescription

let package = Package(
    name: "PaylinkKit",
    platforms: [.iOS(.v17), .macOS(.v14)],
    products: [.library(name: "PaylinkKit", targets: ["PaylinkKit"])],
    targets: [
        // Generated: the C side, as a header and a module map.
        .systemLibrary(name: "PaylinkCoreFFI"),
        // Generated: one Swift file.
        .target(
            name: "PaylinkCore",
            dependencies: ["PaylinkCoreFFI"],
            linkerSettings: [.linkedLibrary("paylink_ffi")]
        ),
        .target(name: "PaylinkKit", dependencies: ["PaylinkCore"]),
        .testTarget(name: "PaylinkKitTests", dependencies: ["PaylinkKit"]),
        // Programs that the tests run: the one of ../README.md, one that is killed while it sells, and one that measures.
        .executableTarget(name: "FirstSale", dependencies: ["PaylinkKit"], path: "Tests/FirstSale"),
        .executableTarget(name: "SellUntilKilled", dependencies: ["PaylinkKit"], path: "Tests/SellUntilKilled"),
        .executableTarget(name: "Border", dependencies: ["PaylinkKit"], path: "Tests/Border"),
    ],
    swiftLanguageModes: [.v6]
)
