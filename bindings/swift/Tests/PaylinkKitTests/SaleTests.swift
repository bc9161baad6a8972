import Foundation
import PaylinkKit
import Testing

extension Contract {
    @Suite struct SaleTests {
        @Test("a sale becomes a link that is seen without asking")
        func sale() async throws {
            try await signedIn { paylink in
                let saved = try await paylink.create(honey)
                #expect(saved.amount.decimal == Decimal(298))

                let open = try await paylink.observe(saved.id).first { $0.status == .open }
                let url = try #require(open?.url)
                #expect(url.hasPrefix(Sandbox.shared.origin))
                #expect(try await paylink.link(reference: saved.reference) == open)

                let detail = try await paylink.detail(saved.id)
                #expect(detail.items.first?.vat == "25")
                #expect(detail.timeline.first?.kind == .saved)
                #expect(try await paylink.message(saved.id, for: .sms).body.hasSuffix(url))
                let qr = try await paylink.qr(saved.id)
                #expect(qr.modules.count == Int(qr.size * qr.size))

                await paylink.close()
                await #expect(throws: PaylinkError.Closed) { try await paylink.link(saved.id) }
            }
        }

        @Test("the program of the README is this one, and sells")
        func readme() throws {
            let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            let program = try String(
                contentsOf: package.appendingPathComponent("FirstSale/main.swift"), encoding: .utf8)
            let readme = package.deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent(
                "README.md")
            #expect(try String(contentsOf: readme, encoding: .utf8).contains("```swift\n\(program)```\n"))

            let (folder, process, said, sandbox) = (Folder(), Process(), Pipe(), Sandbox.shared)
            process.executableURL = URL(fileURLWithPath: environment("PAYLINK_PROGRAMS") + "/FirstSale")
            process.arguments = [
                folder.path, sandbox.account, sandbox.origin, sandbox.clientId, sandbox.clientSecret,
            ]
            process.standardOutput = said
            try process.run()
            let told = String(decoding: try said.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
            process.waitUntilExit()
            #expect(process.terminationStatus == 0)
            #expect(told.contains("-1 \(sandbox.origin)"))
            withExtendedLifetime(folder) {}
        }
    }
}
