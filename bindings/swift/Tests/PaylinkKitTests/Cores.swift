import Foundation
import PaylinkKit

/// Two glasses of honey, 298 kroner.
let honey = Draft(items: [DraftItem(description: "Honning 500 g", quantity: "2", unitPrice: "149")])

/// A folder that is gone with its last reference. In memory where the system has a place for that: no test here is about
/// the disk, and some save thousands of sales.
final class Folder: Sendable {
    let path: String

    init() {
        let memory = "/dev/shm"
        let place =
            FileManager.default.isWritableFile(atPath: memory) ? memory : FileManager.default.temporaryDirectory.path
        path = "\(place)/paylink-\(UUID().uuidString)"
        try! FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}

func config(
    _ folder: Folder, origin: String = Sandbox.shared.origin, sellerName: String = "Skogens Honning AS",
    offline: Bool = false
) -> Config {
    Config(
        dataDir: folder.path, account: Sandbox.shared.account, sellerName: sellerName,
        returnUrl: "https://example.com/thanks", origin: origin, referencePrefix: "HON", offline: offline)
}

/// A keychain in memory, that can be locked.
final class Keychain: SecureStore, @unchecked Sendable {  // all under the lock
    private let lock = NSLock()
    private var values: [String: String] = [:]
    private var locked = false

    var count: Int { lock.withLock { values.count } }

    func lock(_ locked: Bool = true) { lock.withLock { self.locked = locked } }

    func get(key: String) throws -> String? { try unlocked { $0[key] } }
    func put(key: String, value: String) throws { try unlocked { $0[key] = value } }
    func remove(key: String) throws { try unlocked { $0[key] = nil } }

    private func unlocked<T>(_ use: (inout [String: String]) -> T) throws -> T {
        try lock.withLock {
            if locked { throw CocoaError(.userCancelled) }
            return use(&values)
        }
    }
}

/// A core without a network, closed afterwards.
func offline(_ work: (Paylink) async throws -> Void) async throws {
    let folder = Folder()
    let paylink = try await Paylink.open(config(folder, offline: true), secureStore: Keychain())
    try await closing(paylink, work)
    withExtendedLifetime(folder) {}
}

/// A core that is signed in to the sandbox, closed afterwards.
func signedIn(_ work: (Paylink) async throws -> Void) async throws {
    let folder = Folder()
    let paylink = try await Paylink.open(config(folder), secureStore: Keychain())
    try await closing(paylink) {
        try await $0.signIn(clientId: Sandbox.shared.clientId, clientSecret: Sandbox.shared.clientSecret)
        try await work($0)
    }
    withExtendedLifetime(folder) {}
}

func closing(_ paylink: Paylink, _ work: (Paylink) async throws -> Void) async throws {
    do {
        try await work(paylink)
    } catch {
        await paylink.close()
        throw error
    }
    await paylink.close()
}
