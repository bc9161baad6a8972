import Foundation
import Testing

@testable import PaylinkKit

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A provider that takes every connection and never answers.
private final class Silence: Sendable {
    let origin: String
    private let socket: Int32

    init() {
        #if canImport(Glibc)
            let taken = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        #else
            let taken = Darwin.socket(AF_INET, SOCK_STREAM, 0)
        #endif
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let bound = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(taken, $0, size) == 0 && listen(taken, 64) == 0 && getsockname(taken, $0, &size) == 0
            }
        }
        precondition(bound, "no port")
        socket = taken
        origin = "http://127.0.0.1:\(UInt16(bigEndian: address.sin_port))"
    }

    deinit { close(socket) }
}

extension Contract {
    @Suite struct WaitingTests {
        /// The calls that wait for the network.
        private static let calls: [@Sendable (Paylink) async throws -> Void] = [
            { try await $0.signIn(clientId: "some", clientSecret: "thing") },
            { try await $0.sync(budget: .seconds(60)) },
            { try await $0.workDue() },
        ]

        @Test("a task that is cancelled stops waiting for the network at once", arguments: calls.indices)
        func cancelled(_ call: Int) async throws {
            let (silence, folder) = (Silence(), Folder())
            let paylink = try await waitingForever(silence, folder)
            let asked = Task { try await Self.calls[call](paylink) }
            try await Task.sleep(nanoseconds: 50_000_000)
            asked.cancel()
            await #expect(throws: CancellationError.self) { try await asked.value }
            #expect(try await paylink.links().count == 1)
            await paylink.close()
            withExtendedLifetime((silence, folder)) {}
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

        @Test("closing waits for no answer: the directory is free while a call still waits", arguments: calls.indices)
        func closed(_ call: Int) async throws {
            let (silence, folder) = (Silence(), Folder())
            let paylink = try await waitingForever(silence, folder)
            let asked = Task { try await Self.calls[call](paylink) }
            try await Task.sleep(nanoseconds: 50_000_000)
            await paylink.close()
            let again = try await Paylink.open(config(folder, offline: true), secureStore: Keychain())
            #expect(try await again.links().count == 1)
            await again.close()
            asked.cancel()
            await #expect(throws: (any Error).self) { try await asked.value }
            withExtendedLifetime((silence, folder)) {}
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
                    try keychain.put(key: key, value: value ?? "")
                })
            let paylink = try await Paylink.open(config(folder), secureStore: slow)
            let asked = Task { try await signIn(paylink) }
            try await soon("the credentials are being kept") { begun.value }
            asked.cancel()
            await #expect(throws: CancellationError.self) { try await asked.value }
            #expect(try paylink.account().profileId == nil)
            gate.signal()
            try await soon("it is signed in") { try paylink.account().profileId != nil }
            #expect(keychain.count == 2)
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

        @Test("closing while sales are made: each is saved or refused as closed, and what was said holds")
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

        /// A core with a sale that it tries to send to nobody who answers.
        private func waitingForever(_ silence: Silence, _ folder: Folder) async throws -> Paylink {
            let tokens = Tokens()
            let paylink = try await Paylink.openUnscheduled(
                config(folder, origin: silence.origin), secureStore: Keychain(), tokenSource: tokens)
            _ = try await paylink.create(honey)
            return paylink
        }
    }
}

private final class Tokens: TokenSource {
    func token(forceRefresh: Bool) throws -> String { "made-up" }
}
