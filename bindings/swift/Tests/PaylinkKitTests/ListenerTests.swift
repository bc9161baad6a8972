import Foundation
import PaylinkKit
import Testing

/// A listener that does what it is told.
final class Ear: LinkListener {
    private let heard: @Sendable (OrderId, Int64) throws -> Void

    init(_ heard: @escaping @Sendable (OrderId, Int64) throws -> Void) { self.heard = heard }

    func onChange(link: OrderId, cursor: Int64) throws { try heard(link, cursor) }
    func onAccountChange() {}
    func onCatalogueChange() {}
}

extension Contract {
    @Suite struct ListenerTests {
        private let folder = Folder()
        private let core: PaylinkCore.Paylink

        init() throws {
            core = try PaylinkCore.Paylink.open(config: config(folder, offline: true), secureStore: Keychain())
        }

        @Test("a listener that throws hears of the next change")
        func throwing() async throws {
            let heard = Shared(0)
            let subscription = try core.subscribe(
                listener: Ear { _, _ in
                    heard.change { $0 += 1 }
                    throw CocoaError(.fileNoSuchFile)
                })
            _ = try core.create(draft: honey)
            _ = try core.create(draft: honey)
            try await soon("it hears of both") { heard.value == 2 }
            subscription.cancel()
            try core.close()
        }

        @Test("a listener that blocks holds up only the listeners after it")
        func blocking() async throws {
            let (gate, heard) = (DispatchSemaphore(value: 0), Shared<[String]>([]))
            let first = try core.subscribe(
                listener: Ear { _, _ in
                    gate.wait()
                    heard.change { $0.append("first") }
                })
            let second = try core.subscribe(listener: Ear { _, _ in heard.change { $0.append("second") } })
            let sales = try (0..<3).map { _ in try core.create(draft: honey) }
            #expect(try core.links(filter: LinkFilter(), page: Page()).count == sales.count)
            #expect(heard.value.isEmpty)
            for _ in sales { gate.signal() }
            try await soon("both hear of all") { heard.value.count == 6 }
            #expect(heard.value == ["first", "second", "first", "second", "first", "second"])
            first.cancel()
            second.cancel()
            try core.close()
        }

        @Test("a listener may call back into the core")
        func callingBack() async throws {
            let (core, seen) = (core, Shared<[LinkStatus]>([]))
            let subscription = try core.subscribe(
                listener: Ear { [weak core] id, _ in
                    guard let core else { return }
                    let link = try core.link(id: id)
                    seen.change { $0.append(link.status) }
                    if link.status == .queued { _ = try core.cancel(id: id) }
                })
            _ = try core.create(draft: honey)
            try await soon("it sees what it did itself") { seen.value.last == .cancelled }
            subscription.cancel()
            try core.close()
        }

        @Test("a listener may close the core")
        func closing() async throws {
            let closed = Shared(false)
            let subscription = try core.subscribe(
                listener: Ear { [weak core] _, _ in
                    try core?.close()
                    closed.change { $0 = true }
                })
            _ = try core.create(draft: honey)
            try await soon("it is closed") { closed.value }
            #expect(throws: PaylinkError.Closed) { try core.pending() }
            try PaylinkCore.Paylink.open(config: config(folder, offline: true), secureStore: Keychain()).close()
            subscription.cancel()
        }

        @Test("a listener hears of its links in the order of their cursors")
        func order() async throws {
            let cursors = Shared<[Int64]>([])
            let subscription = try core.subscribe(listener: Ear { _, cursor in cursors.change { $0.append(cursor) } })
            for _ in 0..<200 { _ = try core.create(draft: honey) }
            try await soon("it hears of all") { cursors.value.count == 200 }
            #expect(cursors.value == cursors.value.sorted())
            subscription.cancel()
            try core.close()
        }
    }
}
