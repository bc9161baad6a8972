import Dispatch
@_exported import PaylinkCore

/// What is generated: calls that block.
typealias Core = PaylinkCore.Paylink

/// Payment links that are safe on the phone before they are sent. One per data directory; keep it for as long as the
/// app runs.
///
/// Calls may come from any actor, the main one included: what waits for the disk or the network is `async`, and nothing
/// blocks. They throw ``PaylinkError``, whose `code()` is the key of the app's own words.
///
/// **Cancelling** a task never undoes anything. Calls that wait for the disk take no notice of it: a few milliseconds
/// later they say what was done. ``signIn(clientId:clientSecret:)``, ``sync(budget:)`` and ``workDue()`` wait for the
/// network: they stop waiting with `CancellationError`, and what they have started goes on in the core.
///
/// **Closing**: ``close()``, or letting go of the last reference, which closes in the background. What is being
/// observed does not keep the core open.
public final class Paylink: Sendable {
    let core: Core
    let changes: Changes
    /// One call after the other, in the order of asking, as the database takes them anyway.
    private let disk = DispatchQueue(label: "paylink.disk", qos: .userInitiated)
    private let subscription: Subscription

    private init(_ core: Core) throws {
        self.core = core
        changes = Changes()
        subscription = try core.subscribe(listener: changes)
    }

    deinit {
        let (core, changes, subscription) = (core, changes, subscription)
        // Closing takes up to 3 s, and the last reference may be let go of on the main thread.
        DispatchQueue.global().async { Self.close(core, changes, subscription) }
    }

    // MARK: - Opening

    /// Opens the core on its data directory and takes the directory's exclusive lock. What waits goes out by itself
    /// from now on. A damaged database is recovered: ask ``recovered()`` afterwards.
    ///
    /// - Throws: ``PaylinkError``: `config` with the field that is wrong, `in_use`, `storage`.
    public static func open(
        _ config: Config, secureStore: any SecureStore, tokenSource: (any TokenSource)? = nil
    ) async throws -> Paylink {
        try await opened { try Core.open(config: config, secureStore: secureStore, tokenSource: tokenSource) }
    }

    /// As ``open(_:secureStore:tokenSource:)``, but nothing happens by itself: ask ``nextDue()`` and call ``workDue()``.
    ///
    /// - Throws: ``PaylinkError``: as `open`.
    public static func openUnscheduled(
        _ config: Config, secureStore: any SecureStore, tokenSource: (any TokenSource)? = nil
    ) async throws -> Paylink {
        try await opened {
            try Core.openUnscheduled(config: config, secureStore: secureStore, tokenSource: tokenSource)
        }
    }

    /// Opens a data directory for reading beside its owner, as a widget does. Nothing is sent or written; calls that
    /// would throw `in_use`.
    ///
    /// - Throws: ``PaylinkError``: `config`; `storage`, also when there is no database yet.
    public static func openReadOnly(_ config: Config) async throws -> Paylink {
        try await opened { try Core.openReadOnly(config: config) }
    }

    private static func opened(_ open: @escaping @Sendable () throws -> Core) async throws -> Paylink {
        try await run(on: .global()) { try Paylink(open()) }
    }

    // MARK: - Set-up

    /// Reads a set-up link or an invitation that was pasted or scanned. Stores nothing and waits for nothing: show the
    /// summary, ask, and take the set-up's ``PaylinkCore/Setup/config(dataDir:current:)``.
    ///
    /// - Parameter current: the account's configuration, if the phone has that account.
    public static func checkSetup(_ text: String, current: Config? = nil) throws -> SetupCheck {
        try PaylinkCore.checkSetup(text: text, current: current)
    }

    /// Opens an invitation with its code, which is up to a second of work. Stores nothing.
    public static func openInvitation(
        _ text: String, code: String, current: Config? = nil
    ) async throws -> SetupCheck {
        try await run(on: .global(qos: .userInitiated)) {
            try PaylinkCore.openInvitation(text: text, code: code, current: current)
        }
    }

    // MARK: - The phone's life

    /// Stops all work, closes the database and releases the lock, within 3 s. Calls throw `suspended` and what is
    /// observed stands still until ``resume()``. Call it before iOS suspends the app, which ends apps that then still
    /// hold a lock.
    public func suspend() async throws {
        // Not after the calls that wait for their turn: those are answered with `suspended`.
        let core = core
        try await run(on: .global()) { try core.suspend() }
    }

    /// Opens the database again after ``suspend()``; nothing when it is open. What is observed is read again.
    ///
    /// - Throws: ``PaylinkError``: as `open`; `closed` after ``close()``.
    public func resume() async throws {
        try await stored { try $0.resume() }
        changes.tell()
    }

    /// As ``suspend()``, for good: what is observed ends, and calls throw `closed` from now on. Those that wait for an
    /// answer of the network end in an error, at their own time limit at the latest. Once more: nothing.
    public func close() async {
        let (core, changes, subscription) = (core, changes, subscription)
        await run(on: .global()) { Self.close(core, changes, subscription) }
    }

    private static func close(_ core: Core, _ changes: Changes, _ subscription: Subscription) {
        // Throws only where the core has a defect, and then it is of no use any more.
        try? core.close()
        subscription.cancel()
        changes.end()
    }

    /// A call that waits for the disk.
    func stored<Answer: Sendable>(_ call: @escaping @Sendable (Core) throws -> Answer) async throws -> Answer {
        let core = core
        return try await run(on: disk) { try call(core) }
    }
}
