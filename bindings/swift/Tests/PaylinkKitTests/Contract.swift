import Foundation
import Testing

/// The contract from the other side: what an app sees of the core, over the real library and real HTTP. One test after
/// the other, since some count what the whole process holds. A test that a defect lets hang is ended.
@Suite(.serialized, .timeLimit(.minutes(5))) struct Contract {}

/// Waits for what must happen; the limit is for a defect only, so it is generous.
func soon(_ what: Comment, _ happened: () async throws -> Bool) async throws {
    for _ in 0..<4000 {
        if try await happened() { return }
        try await Task.sleep(nanoseconds: 5_000_000)
    }
    Issue.record(what)
}

/// A value that threads share.
final class Shared<Value>: @unchecked Sendable {  // all under the lock
    private let lock = NSLock()
    private var held: Value

    init(_ value: Value) { held = value }

    var value: Value { lock.withLock { held } }

    func change<Answer>(_ how: (inout Value) throws -> Answer) rethrows -> Answer {
        try lock.withLock { try how(&held) }
    }
}
