import Foundation
import Testing

@testable import PaylinkKit

extension Contract {
    @Suite struct ObservingTests {
        @Test("what is observed begins with the present state and ends with the core")
        func presentFirst() async throws {
            try await offline { paylink in
                let seen = Shared<[Int]>([])
                let reader = Task {
                    for try await links in paylink.observeLinks() { seen.change { $0.append(links.count) } }
                    return true
                }
                try await soon("the present state comes") { seen.value == [0] }
                _ = try await paylink.create(honey)
                try await soon("the sale is seen") { seen.value == [0, 1] }

                try await paylink.suspend()
                await refuses("suspended") { try await paylink.create(honey) }
                let late = Task { try await paylink.observeLinks().first { !$0.isEmpty } }
                try await soon("it waits as well") { paylink.changes.count == 2 }
                try await paylink.resume()
                #expect(try await late.value?.count == 1)
                _ = try await paylink.create(honey)
                try await soon("it goes on") { seen.value == [0, 1, 2] }

                await paylink.close()
                #expect(try await reader.value)
                for try await _ in paylink.observeLinks() { Issue.record("a closed core returns nothing") }
                #expect(paylink.changes.count == 0)
            }
        }

        @Test("a pause of the account and its end are seen without asking")
        func account() async throws {
            let folder = Folder()
            let paylink = try await Paylink.open(config(folder), secureStore: Keychain())
            try await closing(paylink) { paylink in
                let seen = Shared<[AccountState]>([])
                let reader = Task {
                    for try await account in paylink.observeAccount() { seen.change { $0.append(account) } }
                }
                try await soon("the present state comes") { seen.value == [try paylink.account()] }
                _ = try await paylink.create(honey)
                try await soon("it pauses") { seen.value.last?.paused == .signedOut }
                let signedIn = try await signIn(paylink)
                #expect(signedIn.paused == nil)
                try await soon("it goes on") { seen.value.last == signedIn }
                await paylink.close()
                try await reader.value
            }
            withExtendedLifetime(folder) {}
        }

        @Test("leaving the loop or cancelling its task leaves nothing behind")
        func leaving() async throws {
            try await offline { paylink in
                let links = paylink.observeLinks()
                for try await _ in links { break }
                try await soon("the loop is forgotten") { paylink.changes.count == 0 }

                let reader = Task { for try await _ in links {} }
                try await soon("it listens") { paylink.changes.count == 1 }
                reader.cancel()
                try await reader.value
                try await soon("the task is forgotten") { paylink.changes.count == 0 }
            }
        }

        @Test("what is not there is thrown, once")
        func notThere() async throws {
            try await offline { paylink in
                var link = paylink.observe("none").makeAsyncIterator()
                await #expect(throws: PaylinkError.NotFound(what: "link")) { try await link.next() }
                let after = try await link.next()
                #expect(after == nil)
            }
        }

        @Test("an equal state is not repeated, and two readers see every state")
        func twoReaders() async throws {
            try await offline { paylink in
                var one = paylink.observePending().makeAsyncIterator()
                var two = paylink.observePending().makeAsyncIterator()
                #expect(try await one.next()?.queued == 0)
                #expect(try await two.next()?.queued == 0)
                paylink.changes.tell()
                _ = try await paylink.create(honey)
                #expect(try await one.next()?.queued == 1)
                #expect(try await two.next()?.queued == 1)
            }
        }

        @Test("10,000 events arrive once and in order")
        func tenThousand() async throws {
            try await offline { paylink in
                let (sales, heard) = (5_000, Shared<[Int64]>([]))
                let subscription = try paylink.core.subscribe(
                    listener: Ear { _, cursor in heard.change { $0.append(cursor) } })
                let seller = Task {
                    for _ in 0..<sales { try await paylink.cancel(paylink.create(honey).id) }
                }
                var (seen, last) = (0, Int64.min)
                for try await event in paylink.observeEvents() {
                    #expect(event.cursor > last)
                    #expect(event.kind == (seen % 2 == 0 ? .saved : .cancelled))
                    (seen, last) = (seen + 1, event.cursor)
                    if seen % 500 == 0 { try await paylink.acknowledge(last) }
                    if seen == 2 * sales { break }
                }
                try await seller.value
                #expect(seen == 10_000)
                #expect(try await paylink.events().isEmpty)
                try await soon("it is heard") { heard.value.count == seen }
                #expect(zip(heard.value, heard.value.dropFirst()).allSatisfy(<))
                subscription.cancel()
            }
        }

        @Test("200 sales at once become 200 links, numbered without a hole")
        func twoHundred() async throws {
            try await signedIn { paylink in
                let saved = try await withThrowingTaskGroup(of: PaymentLink.self) { group in
                    for _ in 0..<200 { group.addTask { try await paylink.create(honey) } }
                    return try await group.reduce(into: []) { $0.append($1) }
                }
                let numbers = saved.compactMap { Int($0.reference.split(separator: "-").last ?? "") }
                #expect(numbers.sorted() == Array(1...200))
                #expect(Set(saved.map(\.id)).count == 200)
                let links = try await paylink.observeLinks(page: Page(limit: 1_000)).first {
                    $0.allSatisfy { $0.status == .open }
                }
                #expect(Set(links?.map(\.id) ?? []) == Set(saved.map(\.id)))
                #expect(Set(links?.compactMap(\.url) ?? []).count == 200)
            }
        }
    }
}
