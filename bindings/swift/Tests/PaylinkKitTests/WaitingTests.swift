import Foundation
import Testing

@testable import PaylinkKit

extension Contract {
    @Suite struct WaitingTests {
        /// The calls that wait for the network; the first needs no credentials that were kept before.
        private static let calls: [@Sendable (Paylink) async throws -> Void] = [
            { try await signIn($0) },
            { try await $0.sync(budget: .seconds(60)) },
            { try await $0.workDue() },
        ]

        @Test(
            "a cancelled task stops waiting, and what it began goes on",
            arguments: calls.indices)
        func cancelled(_ call: Int) async throws {
            let (relay, folder, keychain) = (Relay(), Folder(), Keychain())
            let paylink = try await selling(call, by: relay, folder, keychain)
            let asked = Task { try await Self.calls[call](paylink) }
            try await soon("it has asked") { !relay.asked.value.isEmpty }
            asked.cancel()
            await #expect(throws: CancellationError.self) { try await asked.value }
            _ = try await paylink.create(honey)
            #expect(try await paylink.links().map(\.status) == [.queued, .queued])
            relay.letGo()
            try await soon("it goes on") {
                try await call == 0 ? keychain.count == 1 : paylink.links().contains { $0.status == .open }
            }
            await paylink.close()
            withExtendedLifetime((relay, folder)) {}
        }

        @Test("a task that was cancelled before starts nothing", arguments: calls.indices)
        func cancelledBefore(_ call: Int) async throws {
            try await offline { paylink in
                let asked = Task {
                    while !Task.isCancelled { await Task.yield() }
                    try await Self.calls[call](paylink)
                }
                asked.cancel()
                await #expect(throws: CancellationError.self) { try await asked.value }
            }
            let started = Shared(false)
            let asked = Task {
                while !Task.isCancelled { await Task.yield() }
                try await waiting { started.change { $0 = true } }
            }
            asked.cancel()
            _ = await asked.result
            // What was started would have its turn by now.
            for _ in 0..<1000 { await Task.yield() }
            #expect(!started.value)
        }

        @Test("closing frees the directory while a call still waits", arguments: calls.indices)
        func closed(_ call: Int) async throws {
            let (relay, folder) = (Relay(), Folder())
            let paylink = try await selling(call, by: relay, folder, Keychain())
            let asked = Task { try await Self.calls[call](paylink) }
            try await soon("it has asked") { !relay.asked.value.isEmpty }
            await paylink.close()
            let again = try await Paylink.open(config(folder, offline: true), secureStore: Keychain())
            #expect(try await again.links().count == 1)
            await again.close()
            relay.cut()
            await #expect(throws: PaylinkError.self) { try await asked.value }
            withExtendedLifetime((relay, folder)) {}
        }

        @Test("a sign-in whose task was cancelled goes on")
        func goesOn() async throws {
            let (folder, keychain, begun, gate) = (Folder(), Keychain(), Shared(false), DispatchSemaphore(value: 0))
            let slow = Secrets(
                read: { try keychain.get(key: $0) },
                write: { key, value in
                    if !begun.change({
                        let before = $0
                        $0 = true
                        return before
                    }) {
                        gate.wait()
                    }
                    if let value { try keychain.put(key: key, value: value) } else { try keychain.remove(key: key) }
                })
            let paylink = try await Paylink.open(config(folder), secureStore: slow)
            let asked = Task { try await signIn(paylink) }
            try await soon("the credentials are being kept") { begun.value }
            asked.cancel()
            await #expect(throws: CancellationError.self) { try await asked.value }
            #expect(try paylink.account().profileId == nil)
            _ = try await paylink.create(honey)
            gate.signal()
            try await soon("it is signed in") { try paylink.account().profileId != nil }
            #expect(keychain.count == 1)
            await paylink.close()
            withExtendedLifetime(folder) {}
        }

        @Test("a sale is saved and told of, cancelled or not")
        func saved() async throws {
            try await offline { paylink in
                let sale = Task {
                    while !Task.isCancelled { await Task.yield() }
                    return try await paylink.create(honey)
                }
                sale.cancel()
                let saved = try await sale.value
                #expect(try await paylink.link(saved.id) == saved)
            }
        }

        @Test("closing while sales are made saves or refuses each")
        func closingWhileSelling() async throws {
            let folder = Folder()
            let paylink = try await Paylink.open(config(folder, offline: true), secureStore: Keychain())
            _ = try await paylink.create(honey)
            let saved = try await withThrowingTaskGroup(of: PaymentLink?.self) { group in
                for _ in 0..<100 {
                    group.addTask {
                        do { return try await paylink.create(honey) } catch PaylinkError.Closed { return nil }
                    }
                }
                group.addTask {
                    await paylink.close()
                    return nil
                }
                return try await group.reduce(into: 0) { $0 += $1 == nil ? 0 : 1 }
            }
            let reader = try await Paylink.openReadOnly(config(folder))
            #expect(try await reader.links(page: Page(limit: 200)).count == saved + 1)
            await reader.close()
            withExtendedLifetime(folder) {}
        }

        /// A core with a sale, and nothing between it and the sandbox but a relay.
        private func selling(
            _ call: Int, by relay: Relay, _ folder: Folder, _ keychain: Keychain
        ) async throws -> Paylink {
            if call > 0 {
                let before = try await Paylink.open(config(folder), secureStore: keychain)
                try await signIn(before)
                await before.close()
            }
            let paylink = try await Paylink.openUnscheduled(
                config(folder, origin: relay.origin), secureStore: keychain)
            _ = try await paylink.create(honey)
            return paylink
        }
    }
}
