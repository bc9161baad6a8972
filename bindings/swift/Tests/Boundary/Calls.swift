import Foundation
import PaylinkKit

/// What came of a measurement.
struct Measured {
    let nanoseconds: UInt64
    /// What the last call answered, as a number; of events, how many came in order.
    let answer: Int64
}

/// Says it to whoever has started this process, at once.
func tell(_ measured: Measured) {
    FileHandle.standardOutput.write(Data("\(measured.nanoseconds) \(measured.answer)\n".utf8))
}

/// Each measurement on the façade, over the sales in `books`. `calls.rs` does the same in Rust. The actor that asks is
/// the main one, as an app's is: what is `async` goes to another thread and comes back.
@MainActor final class Calls {
    private let folder: String
    private let paylink: Paylink

    init(folder: String) async throws {
        self.folder = folder
        paylink = try await Paylink.open(config("\(folder)/books"), secureStore: Secrets.inMemory())
    }

    func close() async { await paylink.close() }

    func measure(_ name: String, times: Int) async throws -> Measured {
        switch name {
        case "decimals": return repeated(times) { Int64(currencyDecimals(currency: "NOK") ?? 0) }
        case "check": return try repeated(times) { try paylink.check(draft).totals?.total.minor ?? 0 }
        case "link":
            let newest = try await paylink.links(page: Page(limit: 1))[0].id
            return try await repeated(times) { try await paylink.link(newest).amount.minor }
        case "links":
            return try await repeated(times) { Int64(try await paylink.links(page: Page(limit: 1_000)).count) }
        case "events":
            let begun = now()
            var cursors: [Int64] = []
            for try await event in paylink.observeEvents(since: 0).prefix(times) { cursors.append(event.cursor) }
            return measured(since: begun, cursors)
        case "heard": return try listening(times, held: true)
        case "changes": return try listening(times, held: false)
        default: fatalError("there is no measurement \(name)")
        }
    }

    /// A sale and its changes, so many in all, told to a listener: from the first call on or, when they are held, from
    /// the moment on when all of them wait for it. The façade has sequences instead, so this is on what is generated.
    private func listening(_ times: Int, held: Bool) throws -> Measured {
        let fresh = "\(folder)/\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: fresh, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: fresh) }
        let core = try PaylinkCore.Paylink.open(config: config(fresh), secureStore: Secrets.inMemory())
        let ear = Ear(times)
        let subscription = try core.subscribe(listener: ear)
        if !held { ear.gate.signal() }
        var begun = now()
        let id = try core.create(draft: draft).id
        for number in 1..<times {
            let (channels, outcomes) = (ShareChannel.allCases, ShareOutcome.allCases)
            _ = try core.markShared(
                id: id, channel: channels[Int(number) % 5], outcome: outcomes[Int(number) / 5 % 4])
        }
        if held {
            begun = now()
            ear.gate.signal()
        }
        ear.heardAll.wait()
        let measured = measured(since: begun, ear.cursors)
        subscription.cancel()
        try core.close()
        return measured
    }
}

/// Waits at a gate once, remembers what it hears, and says when that was all.
private final class Ear: LinkListener, @unchecked Sendable {  // one thread calls it, and it is read after `heardAll`
    let gate = DispatchSemaphore(value: 0)
    let heardAll = DispatchSemaphore(value: 0)
    private(set) var cursors: [Int64] = []
    private let times: Int

    init(_ times: Int) { self.times = times }

    func onChange(link: OrderId, cursor: Int64) {
        if cursors.isEmpty { gate.wait() }
        cursors.append(cursor)
        if cursors.count == times { heardAll.signal() }
    }

    func onAccountChange() {}
    func onCatalogueChange() {}
}

private func now() -> UInt64 { DispatchTime.now().uptimeNanoseconds }

@MainActor private func repeated(_ times: Int, _ call: () throws -> Int64) rethrows -> Measured {
    let begun = now()
    var answer: Int64 = 0
    for _ in 0..<times { answer = try call() }
    return Measured(nanoseconds: now() - begun, answer: answer)
}

@MainActor private func repeated(_ times: Int, _ call: () async throws -> Int64) async rethrows -> Measured {
    let begun = now()
    var answer: Int64 = 0
    for _ in 0..<times { answer = try await call() }
    return Measured(nanoseconds: now() - begun, answer: answer)
}

private func measured(since begun: UInt64, _ cursors: [Int64]) -> Measured {
    let taken = now() - begun
    let inOrder = cursors.prefix(1).count + zip(cursors, cursors.dropFirst()).filter { $0 < $1 }.count
    return Measured(nanoseconds: taken, answer: Int64(inOrder))
}

/// The account of the sales that are read.
private func config(_ folder: String) -> Config {
    Config(
        dataDir: folder, account: "P12345678", sellerName: "Skogens Honning AS",
        returnUrl: "https://example.com/thanks", referencePrefix: "HON", offline: true)
}

/// Three lines and a customer, 563 kroner.
private let draft = Draft(
    items: [
        DraftItem(description: "Honning 500 g", quantity: "2", unitPrice: "149,00", vat: "15"),
        DraftItem(description: "Bivokslys", quantity: "1", unitPrice: "89,50", vat: "25"),
        DraftItem(
            description: "Tyttebærsyltetøy", quantity: "3", unitPrice: "65,00", vat: "15", discount: "10 %"),
    ],
    delivery: "copy", name: "Kari Nordmann", phone: "474 65 724", email: "kari@example.com")
