import Foundation
import PaylinkKit
import Testing

/// A call by its generated name, and how it is made on a sale.
private typealias Call = (name: String, make: @Sendable (Paylink, OrderId) async throws -> Void)

/// Those that wait for the database and for nothing else.
private let stored: [Call] = [
    ("create", { paylink, _ in _ = try await paylink.create(honey) }),
    ("cancel", { paylink, id in try await paylink.cancel(id) }),
    ("retry", { paylink, id in try await paylink.retry(id) }),
    ("discard", { paylink, id in try await paylink.discard(id) }),
    ("resolveUnknown", { paylink, id in try await paylink.resolveUnknown(id, .wait) }),
    ("replace", { paylink, id in try await paylink.replace(id) }),
    ("markShared", { paylink, id in try await paylink.markShared(id, channel: .share, outcome: .handedOver) }),
    ("message", { paylink, id in _ = try await paylink.message(id, for: .sms) }),
    ("qr", { paylink, id in _ = try await paylink.qr(id) }),
    ("markReminded", { paylink, id in try await paylink.markReminded(id, channel: .share, outcome: .handedOver) }),
    ("remind", { paylink, id in _ = try await paylink.remind(id, for: .share) }),
    ("requestAgain", { paylink, id in _ = try await paylink.requestAgain(id) }),
    ("link", { paylink, id in _ = try await paylink.link(id) }),
    ("linkByReference", { paylink, _ in _ = try await paylink.link(reference: "HON-NONE-1") }),
    ("detail", { paylink, id in _ = try await paylink.detail(id) }),
    ("draftOf", { paylink, id in _ = try await paylink.draft(of: id) }),
    ("lastSale", { paylink, _ in _ = try await paylink.lastSale() }),
    ("links", { paylink, _ in _ = try await paylink.links() }),
    ("search", { paylink, _ in _ = try await paylink.search("Honning") }),
    ("pending", { paylink, _ in _ = try await paylink.pending() }),
    ("day", { paylink, _ in _ = try await paylink.day("2026-11-24") }),
    ("timeline", { paylink, id in _ = try await paylink.timeline(id) }),
    ("eventsSince", { paylink, _ in _ = try await paylink.events() }),
    ("acknowledge", { paylink, _ in try await paylink.acknowledge(1) }),
    ("recovered", { paylink, _ in _ = try await paylink.recovered() }),
    ("acknowledgeRecovered", { paylink, _ in try await paylink.acknowledgeRecovered() }),
    ("refresh", { paylink, id in try await paylink.refresh(id) }),
    ("setForeground", { paylink, _ in try await paylink.setForeground(true) }),
    ("networkChanged", { paylink, _ in try await paylink.networkChanged(online: true) }),
    ("nextDue", { paylink, _ in _ = try await paylink.nextDue() }),
    ("signOut", { paylink, _ in try await paylink.signOut() }),
    ("items", { paylink, _ in _ = try await paylink.items() }),
    ("saveItem", { paylink, _ in try await paylink.save(candle) }),
    ("removeItem", { paylink, id in try await paylink.removeItem(id) }),
    ("moveItem", { paylink, id in try await paylink.moveItem(id) }),
    ("importItems", { paylink, _ in try await paylink.importItems([candle]) }),
    ("exportItems", { paylink, _ in _ = try await paylink.exportItems() }),
    ("recentCustomers", { paylink, _ in _ = try await paylink.recentCustomers() }),
    ("searchCustomers", { paylink, _ in _ = try await paylink.searchCustomers("kari") }),
    ("forgetCustomer", { paylink, id in try await paylink.forgetCustomer(id) }),
]

/// Those that wait for the network, or for nothing.
private let others: [Call] = [
    ("signIn", { paylink, _ in try await paylink.signIn(clientId: "some", clientSecret: "thing") }),
    ("sync", { paylink, _ in try await paylink.sync(budget: .seconds(1)) }),
    ("workDue", { paylink, _ in try await paylink.workDue() }),
    // Of any other account it is refused at once.
    ("practiceSkip", { paylink, _ in try await paylink.practiceSkip(.seconds(1)) }),
    ("check", { paylink, _ in _ = try paylink.check(honey) }),
    ("account", { paylink, _ in _ = try paylink.account() }),
    ("checkItem", { paylink, _ in _ = try paylink.check(candle) }),
    ("readItems", { paylink, _ in _ = try await paylink.readItems(Data("Lys;89".utf8)) }),
    ("deleteSetAside", { paylink, _ in try await paylink.deleteSetAside() }),
]

extension Contract {
    /// Every call while it is provably at work and cannot come back, and in every state of the core.
    @Suite struct HeldTests {
        @Test("no call is forgotten")
        func none() throws {
            let generated = try String(contentsOfFile: environment("PAYLINK_GENERATED"), encoding: .utf8)
            let facade = try #require(generated.firstMatch(of: /(?s)public protocol PaylinkProtocol.*?\n}/)).output
            let methods = Set(facade.matches(of: /func `?(\w+)`?\(/).map { String($0.1) })
            let ofTheCore: Set = ["subscribe", "suspend", "resume", "close"]
            #expect(methods.subtracting(ofTheCore) == Set((stored + others).map(\.name)))
        }

        @Test(
            "a call that waits for the database ignores cancelling",
            arguments: stored.indices)
        func cancelled(_ index: Int) async throws {
            let call = stored[index]
            let whole = try await left { paylink, id, _ in await code { try await call.make(paylink, id) } }
            let ofCancelled = try await left { paylink, id, folder in
                let (busy, ended) = (BusyDatabase(folder), Shared(false))
                let made = Task {
                    defer { ended.change { $0 = true } }
                    return await code { try await call.make(paylink, id) }
                }
                try await soon("it is at work") { storeWaits() }
                made.cancel()
                #expect(!ended.value)
                busy.letGo()
                return await made.value
            }
            #expect(whole == ofCancelled)
        }

        @Test(
            "closing ends a call that waits with its result or as closed",
            arguments: stored.indices)
        func closed(_ index: Int) async throws {
            let (call, folder) = (stored[index], Folder())
            let paylink = try await Paylink.openUnscheduled(config(folder, offline: true), secureStore: Keychain())
            let id = try await paylink.create(honey).id
            let busy = BusyDatabase(folder)
            let made = Task { await code { try await call.make(paylink, id) } }
            try await soon("it is at work") { storeWaits() }
            let closing = Task { await paylink.close() }
            try await soon("it closes") { await code { _ = try paylink.account() } == "closed" }
            busy.letGo()
            await closing.value
            let refusals: Set = ["", "closed", "suspended", "unsent", "not_allowed", "not_found"]
            #expect(refusals.contains(await made.value))
            let reader = try await Paylink.openReadOnly(config(folder))
            #expect((1...2).contains(try await reader.links().count))
            await reader.close()
            withExtendedLifetime(folder) {}
        }

        @Test("every call of a suspended core says so, and of a closed one", arguments: (stored + others).indices)
        func suspended(_ index: Int) async throws {
            let call = (stored + others)[index]
            try await offline { paylink in
                let id = try await paylink.create(honey).id
                try await paylink.suspend()
                #expect(await code { try await call.make(paylink, id) } == "suspended")
                try await paylink.resume()
                #expect(try await paylink.links().map(\.id) == [id])
                await paylink.close()
                #expect(await code { try await call.make(paylink, id) } == "closed")
            }
        }

        @Test("a cancelled loop ends, a cancelled opening opens")
        func loopAndOpening() async throws {
            let folder = Folder()
            let opening = Task {
                while !Task.isCancelled { await Task.yield() }
                return try await Paylink.open(config(folder, offline: true), secureStore: Keychain())
            }
            opening.cancel()
            try await PaylinkKitTests.closing(try await opening.value) { paylink in
                _ = try await paylink.create(honey)
                let busy = BusyDatabase(folder)
                let reader = Task { try await paylink.observeLinks().first { _ in true } }
                try await soon("it reads") { storeWaits() }
                reader.cancel()
                busy.letGo()
                #expect(try await reader.value == nil)
            }
            withExtendedLifetime(folder) {}
        }

        /// How a call ended and what is in a core after it, and after the next sale.
        private func left(_ made: (Paylink, OrderId, Folder) async throws -> String) async throws -> [String] {
            let folder = Folder()
            // Nothing happens by itself.
            let paylink = try await Paylink.openUnscheduled(config(folder, offline: true), secureStore: Keychain())
            let id = try await paylink.create(honey).id
            let code = try await made(paylink, id, folder)
            _ = try await paylink.create(honey)
            // Lists are sorted by the millisecond, and both sales can be of the same one.
            let links = try await paylink.links().map { "\($0.status) \($0.delivery)" }.sorted()
            let events = try await paylink.events().map { "\($0.kind)" }
            await paylink.close()
            withExtendedLifetime(folder) {}
            return [code] + links + events
        }
    }
}

/// The code of the error that a call throws; empty: it gave a result.
private func code(_ call: () async throws -> Void) async -> String {
    do {
        try await call()
        return ""
    } catch let error as PaylinkError {
        return error.code().code
    } catch {
        return "\(error)"
    }
}
