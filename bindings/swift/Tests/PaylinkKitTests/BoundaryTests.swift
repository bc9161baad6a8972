import Foundation
import PaylinkKit
import Testing

extension Contract {
    /// What `tests/bench/boundary` measures is the work that it says; how long it takes is no matter here.
    @Suite struct BoundaryTests {
        @Test("every measurement from Swift does its work")
        func boundary() async throws {
            let folder = Folder()
            let books = Config(
                dataDir: "\(folder.path)/books", account: "P12345678", sellerName: "Skogens Honning AS",
                returnUrl: "https://example.com/thanks", referencePrefix: "HON", offline: true)
            let paylink = try await Paylink.open(books, secureStore: Keychain())
            for _ in 0..<1_000 { _ = try await paylink.create(honey) }
            await paylink.close()

            let (process, asks, said) = (Process(), Pipe(), Pipe())
            process.executableURL = URL(fileURLWithPath: environment("PAYLINK_PROGRAMS") + "/Boundary")
            process.arguments = [folder.path]
            process.standardInput = asks
            process.standardOutput = said
            try process.run()
            let expected = [
                ("decimals 3", "2"), ("check 3", "56300"), ("link 3", "29800"), ("links 1", "1000"),
                ("events 1000", "1000"), ("heard 200", "200"), ("changes 200", "200"),
            ]
            asks.fileHandleForWriting.write(Data(expected.map { "\($0.0)\n" }.joined().utf8))
            try asks.fileHandleForWriting.close()
            let lines = String(decoding: try said.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
            process.waitUntilExit()
            let answers = lines.split(separator: "\n").map { $0.split(separator: " ").last.map(String.init) }
            #expect(answers == expected.map(\.1))
            #expect(process.terminationStatus == 0)
            withExtendedLifetime(folder) {}
        }
    }
}
