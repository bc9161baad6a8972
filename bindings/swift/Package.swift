// swift-tools-version: 6.0
// `./build` puts the generated sources in place and says where the library is; `./pack` makes of this folder the package
// that an app adds. By itself it does not build.
import Foundation
import PackageDescription

let framework = "PaylinkCore.xcframework"
let packed = FileManager.default.fileExists(atPath: "\(Context.packageDirectory)/\(framework)")

let package = Package(
    name: "PaylinkKit",
    platforms: [.iOS(.v17), .macOS(.v14)],
    products: [.library(name: "PaylinkKit", targets: ["PaylinkKit"])],
    targets: [
        // Generated: the C side, as a header and a module map. In the framework, with the libraries.
        packed ? .binaryTarget(name: "PaylinkCoreFFI", path: framework) : .systemLibrary(name: "PaylinkCoreFFI"),
        // Generated: one Swift file.
        .target(
            name: "PaylinkCore",
            dependencies: ["PaylinkCoreFFI"],
            linkerSettings: packed ? [] : [.linkedLibrary("paylink_ffi")]
        ),
        .target(name: "PaylinkKit", dependencies: ["PaylinkCore"]),
    ],
    swiftLanguageModes: [.v6]
)

if !packed {
    package.targets += [
        .testTarget(name: "PaylinkKitTests", dependencies: ["PaylinkKit"]),
        // Programs that the tests run: the one of ../README.md, one that is killed while it sells, and one that measures.
        .executableTarget(name: "FirstSale", dependencies: ["PaylinkKit"], path: "Tests/FirstSale"),
        .executableTarget(name: "Boundary", dependencies: ["PaylinkKit"], path: "Tests/Boundary"),
        .executableTarget(name: "SellUntilKilled", dependencies: ["PaylinkKit"], path: "Tests/SellUntilKilled"),
    ]
}
