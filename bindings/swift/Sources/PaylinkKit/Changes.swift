import Foundation
import PaylinkCore

/// Tells readers that something changed, and nothing else: each reads what it shows. So a slow reader reads once for
/// many changes, and nobody sees an old state after a newer one.
///
/// The core holds it, and it holds neither the core nor a ``Paylink``.
final class Changes: LinkListener, @unchecked Sendable {  // `readers` and `ended` are used under the lock only
    typealias Looks = AsyncStream<Void>

    private let lock = NSLock()
    private var readers: [UUID: Looks.Continuation] = [:]
    private var ended = false

    func onChange(link: OrderId, cursor: Int64) { tell() }
    func onAccountChange() { tell() }
    func onCatalogueChange() { tell() }

    /// Something may have changed.
    func tell() {
        for reader in lock.withLock({ Array(readers.values) }) { reader.yield() }
    }

    /// One element for each time to look again; those that nobody waited for are one. Ends with the core.
    func looks() -> Looks {
        let (looks, reader) = Looks.makeStream(bufferingPolicy: .bufferingNewest(1))
        let key = UUID()
        reader.onTermination = { [weak self] _ in self?.forget(key) }
        let late = lock.withLock {
            if !ended { readers[key] = reader }
            return ended
        }
        if late { reader.finish() }
        return looks
    }

    /// Ends every reader, now and later.
    func end() {
        let last = lock.withLock {
            ended = true
            defer { readers = [:] }
            return Array(readers.values)
        }
        // Without the lock: it calls `forget`.
        for reader in last { reader.finish() }
    }

    /// How many are reading.
    var count: Int { lock.withLock { readers.count } }

    private func forget(_ key: UUID) {
        lock.withLock { _ = readers.removeValue(forKey: key) }
    }
}

/// What is there now, and then what becomes of it: a sequence for `for try await`.
///
/// Each loop starts again with the present state and reads at its own pace. It ends when the core is closed, when its
/// task is cancelled, or by leaving the loop; nothing is left behind then. While the core is suspended it stands still.
/// It does not keep the core open. An error of the storage is thrown, and ends it.
public struct Observed<Element: Sendable>: AsyncSequence, Sendable {
    let core: Core
    let changes: Changes
    /// What is new since the element that was given last; nothing: wait for the next change.
    let read: @Sendable (Core, _ last: Element?) throws -> [Element]

    public func makeAsyncIterator() -> Iterator {
        // First the ear, then the look: no change falls between.
        Iterator(looks: changes.looks().makeAsyncIterator(), core: core, read: read)
    }

    /// One loop.
    public struct Iterator: AsyncIteratorProtocol {
        private var looks: Changes.Looks.Iterator
        private let core: Core
        private let read: @Sendable (Core, Element?) throws -> [Element]
        private var last: Element?
        private var unread: ArraySlice<Element> = []
        private var isCurrent = false
        private var ended = false

        init(
            looks: Changes.Looks.Iterator, core: Core,
            read: @escaping @Sendable (Core, Element?) throws -> [Element]
        ) {
            self.looks = looks
            self.core = core
            self.read = read
        }

        public mutating func next() async throws -> Element? {
            while !ended && !Task.isCancelled {
                if let element = unread.popFirst() {
                    last = element
                    return element
                }
                if isCurrent, await looks.next() == nil { break }
                do {
                    unread = try await news()[...]
                    isCurrent = unread.isEmpty
                } catch PaylinkError.Suspended {
                    isCurrent = true
                } catch PaylinkError.Closed {
                    break
                } catch {
                    ended = true
                    throw error
                }
            }
            ended = true
            return nil
        }

        private func news() async throws -> [Element] {
            let (core, read, last) = (core, read, last)
            return try await run(on: .global()) { try read(core, last) }
        }
    }
}
