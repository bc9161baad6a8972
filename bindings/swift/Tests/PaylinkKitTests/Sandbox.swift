import Foundation
import PaylinkKit

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// The stand-in for the provider: `paylink sandbox`, a process of its own on a free port. One for all tests but those
/// that have it forget everything.
struct Sandbox: Sendable {
    static let shared = Sandbox()

    let origin: String
    let account: String
    let clientId: String
    let clientSecret: String

    init() {
        let (process, said, held) = (Process(), Pipe(), Pipe())
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        // It ends with this process, however that ends: then nobody holds the other end of the shell's standard input.
        // Killed, since Swift's threads hand on a mask that keeps other signals away; and with no hold on the standard
        // error, which would let a reader of this process's output wait for it.
        process.arguments = [
            "-c", "\"$0\" --json sandbox --port 0 2>/dev/null & exec >/dev/null; cat; kill -KILL $!",
            environment("PAYLINK_PROGRAM"),
        ]
        process.standardInput = held
        process.standardOutput = said
        // Never closed: see above.
        _ = Unmanaged.passRetained(held)
        var line = Data()
        do {
            try process.run()
            while line.last != UInt8(ascii: "\n"), let byte = try said.fileHandleForReading.read(upToCount: 1),
                !byte.isEmpty
            {
                line.append(byte)
            }
        } catch {
            fatalError("no sandbox: \(error)")
        }
        guard let told = try? JSONDecoder().decode([String: String].self, from: line) else {
            fatalError("the sandbox said: \(String(decoding: line, as: UTF8.self))")
        }
        func field(_ name: String) -> String { told[name] ?? "" }
        origin = field("origin")
        account = field("account")
        clientId = field("client_id")
        clientSecret = field("client_secret")
    }

    /// The answer to a JSON request.
    func post(_ path: String, _ body: String) async throws -> Data {
        var request = URLRequest(url: URL(string: origin + path)!)
        request.httpMethod = "POST"
        request.setValue("application/json", forHTTPHeaderField: "Content-Type")
        request.httpBody = Data(body.utf8)
        return try await URLSession.shared.data(for: request).0
    }

    /// What a customer does in a browser: opens an address.
    func visit(_ address: String) async throws {
        let (_, answer) = try await URLSession.shared.data(from: URL(string: address)!)
        precondition((answer as! HTTPURLResponse).statusCode == 200, "\(address): \(answer)")
    }
}

/// What `./build` says.
func environment(_ name: String) -> String {
    guard let value = ProcessInfo.processInfo.environment[name] else { fatalError("\(name) is not set; run ./build") }
    return value
}
