import Foundation
import PaylinkKit
import Testing

/// Where calls are made: a core that is signed in and has a link, and one without a network.
private struct Till: Sendable {
    let paylink: Paylink
    let open: PaymentLink
    let offline: Paylink
    let folder: Folder
}

private typealias Call = (name: String, make: @Sendable (Till) async throws -> Void)

/// Every call of the façade by its generated name, in the order in which they are made.
private let calls: [Call] = [
    ("account", { holds(try $0.paylink.account().profileId != nil) }),
    ("check", { holds(try $0.paylink.check(honey).totals?.total.minor == 29_800) }),
    ("create", { holds(try await $0.offline.create(honey).status == .queued) }),
    ("cancel", { holds(try await $0.offline.cancel($0.offline.create(honey).id).status == .cancelled) }),
    ("discard", { till in await refuses("not_allowed") { try await till.paylink.discard(till.open.id) } }),
    ("retry", { till in await refuses("not_allowed") { try await till.paylink.retry(till.open.id) } }),
    (
        "resolveUnknown",
        { till in
            for answer in UnknownAnswer.allCases {
                await refuses("not_allowed") { try await till.paylink.resolveUnknown(till.open.id, answer) }
            }
        }
    ),
    ("replace", { till in await refuses("not_allowed") { try await till.paylink.replace(till.open.id) } }),
    (
        "markShared",
        { till in
            let shared = try await till.paylink.markShared(till.open.id, channel: .sms, outcome: .sent)
            #expect(shared.delivery.sharedBy?.outcome == .sent)
        }
    ),
    (
        "message",
        { till in
            for channel in Channel.allCases {
                let text = try await till.paylink.message(till.open.id, for: channel, in: .en)
                #expect(text.body.contains(till.open.url ?? "no link"))
            }
        }
    ),
    (
        "markReminded",
        { till in
            let shared = try await till.paylink.markShared(till.open.id, channel: .sms, outcome: .sent)
            #expect(shared.actions.first == .remind)
            let reminded = try await till.paylink.markReminded(till.open.id, channel: .sms, outcome: .sent)
            #expect(reminded.delivery.sharedBy?.outcome == .sent)
        }
    ),
    (
        "remind",
        { till in
            _ = try await till.paylink.markShared(till.open.id, channel: .sms, outcome: .sent)
            let reminder = try await till.paylink.remind(till.open.id, for: .mail, in: .en)
            #expect(reminder.message.body.contains(till.open.url ?? "no link"))
        }
    ),
    ("requestAgain", { till in await refuses("not_allowed") { try await till.paylink.requestAgain(till.open.id) } }),
    ("qr", { holds(try await $0.paylink.qr($0.open.id).size >= 21) }),
    ("link", { holds(try await $0.paylink.link($0.open.id).reference == $0.open.reference) }),
    ("linkByReference", { holds(try await $0.paylink.link(reference: $0.open.reference).id == $0.open.id) }),
    ("detail", { holds(try await $0.paylink.detail($0.open.id).items.count == 1) }),
    ("draftOf", { holds(try await $0.paylink.draft(of: $0.open.id).items.count == 1) }),
    ("lastSale", { holds(try await $0.paylink.lastSale() == $0.paylink.draft(of: $0.open.id)) }),
    ("links", { holds(try await $0.paylink.links().map(\.id) == [$0.open.id]) }),
    ("search", { holds(try await $0.paylink.search("honning").map(\.id) == [$0.open.id]) }),
    ("pending", { holds(try await $0.offline.pending().queued == 1) }),
    ("day", { till in await refuses("not_found") { try await till.paylink.day("2026-02-30") } }),
    ("timeline", { holds(try await $0.paylink.timeline($0.open.id).first?.kind == .saved) }),
    (
        "eventsSince",
        { till in
            let events = try await till.paylink.events()
            let rest = try await till.paylink.events(since: events[0].cursor)
            #expect(Array(events.dropFirst()) == rest)
        }
    ),
    (
        "acknowledge",
        { till in
            try await till.paylink.acknowledge(till.paylink.events().last!.cursor)
            holds(try await till.paylink.events().isEmpty)
        }
    ),
    ("items, saveItem, checkItem, moveItem, removeItem", { try await keepsGoods($0.offline) }),
    (
        "readItems, importItems, exportItems",
        { till in
            let read = try await till.offline.readItems(Data("Navn;Pris\nLys;0\nHonning;149,00".utf8))
            #expect(read.problems.map(\.code) == [.zero] && read.problems[0].line == 2)
            #expect(try await till.offline.importItems(read.items).added == 1)
            holds(try await till.offline.exportItems().contains("Honning;149,00"))
        }
    ),
    ("recentCustomers, searchCustomers, forgetCustomer", { try await forgets($0.offline) }),
    ("deleteSetAside", { holds(try await $0.offline.deleteSetAside().isEmpty) }),
    ("recovered", { holds(try await $0.paylink.recovered() == nil) }),
    ("acknowledgeRecovered", { try await $0.paylink.acknowledgeRecovered() }),
    ("refresh", { try await $0.paylink.refresh($0.open.id) }),
    ("setForeground", { try await $0.paylink.setForeground(true) }),
    ("practiceSkip", { till in await refuses("config") { try await till.paylink.practiceSkip(.seconds(1)) } }),
    ("networkChanged", { try await $0.paylink.networkChanged(online: true) }),
    ("sync", { holds(try await $0.paylink.sync(budget: .seconds(10)).waiting == 0) }),
    (
        "signIn",
        { till in
            await refuses("sign_in_needed") { try await till.paylink.signIn(clientId: "none", clientSecret: "wrong") }
        }
    ),
    (
        "signOut",
        { till in
            try await till.paylink.signOut()
            holds(try till.paylink.account().paused == .signedOut)
        }
    ),
    (
        "openReadOnly",
        { till in
            let reader = try await Paylink.openReadOnly(config(till.folder))
            holds(try await reader.links().map(\.id) == [till.open.id])
            await refuses("in_use") { try await reader.create(honey) }
            await reader.close()
        }
    ),
    (
        "openUnscheduled, nextDue, workDue",
        { till in
            let folder = Folder()
            let paylink = try await Paylink.openUnscheduled(config(folder), secureStore: Keychain())
            try await paylink.signIn(clientId: Sandbox.shared.clientId, clientSecret: Sandbox.shared.clientSecret)
            let saved = try await paylink.create(honey)
            holds(try await paylink.nextDue() != nil)
            try await soon("the work makes the link") {
                try await paylink.workDue()
                return try await paylink.link(saved.id).status == .open
            }
            await paylink.close()
            withExtendedLifetime(folder) {}
        }
    ),
    (
        "subscribe",
        { till in
            let heard = Shared(0)
            let folder = Folder()
            let core = try PaylinkCore.Paylink.open(config: config(folder, offline: true), secureStore: Keychain())
            let subscription = try core.subscribe(listener: Ear { _, _ in heard.change { $0 += 1 } })
            _ = try core.create(draft: honey)
            try await soon("it is heard") { heard.value == 1 }
            subscription.cancel()
            try core.close()
            withExtendedLifetime(folder) {}
        }
    ),
    (
        "suspend",
        { till in
            try await till.paylink.suspend()
            await refuses("suspended") { try await till.paylink.links() }
        }
    ),
    (
        "resume",
        { till in
            try await till.paylink.resume()
            holds(try await till.paylink.links().count == 1)
        }
    ),
    (
        "close",
        { till in
            await till.paylink.close()
            await refuses("closed") { try await till.paylink.links() }
        }
    ),
    (
        "open",
        { till in
            let again = try await Paylink.open(config(till.folder), secureStore: Keychain())
            holds(try await again.links().count == 1)
            await again.close()
        }
    ),
]

/// Every function of the module by its name.
private let functions: [Call] = [
    (
        "currencyDecimals",
        { _ in
            #expect(["NOK", "JPY", "?"].map(currencyDecimals) == [2, 0, nil])
            #expect(Money(minor: -5, currency: "NOK").decimal == Decimal(string: "-0.05"))
            #expect(Money(minor: .min, currency: "JPY").decimal == Decimal(string: "-9223372036854775808"))
        }
    ),
    ("methodFamily", { _ in #expect(methodFamily(code: "bambora.vipps") == "vipps") }),
    ("checkSetup", { _ in try #expect(checkSetup(text: "hello").problems.map(\.code) == [.notASetup]) }),
    (
        "openInvitation",
        { _ in try #expect(openInvitation(text: "hello", code: "").problems.map(\.code) == [.notASetup]) }
    ),
    (
        "setLogSink",
        { _ in
            let records = Shared<[LogRecord]>([])
            try Paylink.log(from: .warn) { record in records.change { $0.append(record) } }
            let (folder, keychain) = (Folder(), Keychain())
            keychain.lock()
            let paylink = try await Paylink.open(config(folder, offline: true), secureStore: keychain)
            await refuses("sign_in_needed") { try await paylink.signOut() }
            try await soon("the core says that the secure store failed") {
                records.value.contains { $0.level == .warn }
            }
            try Paylink.log(from: .error, to: nil)
            #expect(records.value.allSatisfy { $0.target.hasPrefix("paylink") })
            await paylink.close()
            withExtendedLifetime(folder) {}
        }
    ),
    ("code", { _ in #expect(PaylinkError.InUse.code() == .inUse) }),
]

/// An item as typed.
let candle = ItemDraft(description: "Bivokslys", unitPrice: "89,50")

private func keepsGoods(_ paylink: Paylink) async throws {
    #expect(try paylink.check(ItemDraft()).map(\.field) == ["description", "unit_price"])
    let first = try await paylink.save(candle)
    let second = try await paylink.save(ItemDraft(description: "Honning", unitPrice: "149", favourite: true))
    try await paylink.moveItem(second.id, before: first.id)
    #expect(try await paylink.items().map(\.id) == [second.id, first.id])
    #expect(try await paylink.observeItems().first { _ in true }?.first?.favourite == true)
    _ = try await paylink.create(Draft(items: [first.line]))
    #expect(try await paylink.items().map(\.sold) == [0, 1])
    for item in [first, second] { try await paylink.removeItem(item.id) }
    await refuses("not_found") { try await paylink.removeItem(first.id) }
}

private func forgets(_ paylink: Paylink) async throws {
    let id = try await paylink.create(Draft(amount: "149", name: "Kari Nordmann", phone: "47465724")).id
    let kari = try #require(await paylink.searchCustomers("kari").first)
    #expect(try await paylink.recentCustomers() == [kari])
    #expect(try await paylink.observeRecentCustomers().first { _ in true } == [kari])
    #expect(!"\(kari)".contains("Kari"))
    await refuses("still_needed") { try await paylink.forgetCustomer(kari.id) }
    try await paylink.cancel(id)
    #expect(try await paylink.forgetCustomer(kari.id).references.count == 1)
    #expect(try await paylink.link(id).customer.name == nil)
}

/// As `#expect`, in closures whose throwing must be seen without expanding a macro.
private func holds(_ condition: Bool, at place: SourceLocation = #_sourceLocation) {
    #expect(condition, sourceLocation: place)
}

/// The call throws the error of this code.
func refuses<Answer>(_ code: String, _ call: () async throws -> Answer) async {
    do {
        _ = try await call()
        Issue.record("not refused with \(code)")
    } catch let error as PaylinkError {
        #expect(error.code().code == code)
    } catch {
        Issue.record("refused with \(error) and not \(code)")
    }
}

extension Contract {
    @Suite struct EveryCallTests {
        @Test("every call does what its name says")
        func every() async throws {
            let (folder, other) = (Folder(), Folder())
            let offline = try await Paylink.open(config(other, offline: true), secureStore: Keychain())
            let paylink = try await Paylink.open(config(folder), secureStore: Keychain())
            try await paylink.signIn(clientId: Sandbox.shared.clientId, clientSecret: Sandbox.shared.clientSecret)
            let saved = try await paylink.create(honey)
            let open = try #require(await paylink.observe(saved.id).first { $0.status == .open })
            let till = Till(paylink: paylink, open: open, offline: offline, folder: folder)
            for (name, make) in calls + functions {
                do { try await make(till) } catch { Issue.record(error, "\(name)") }
            }
            await offline.close()
            withExtendedLifetime(other) {}
        }

        @Test("no call is forgotten")
        func none() throws {
            let generated = try String(contentsOfFile: environment("PAYLINK_GENERATED"), encoding: .utf8)
            let facade = try #require(generated.firstMatch(of: /(?s)public protocol PaylinkProtocol.*?\n}/)).output
            let methods = facade.matches(of: /func `?(\w+)`?\(/).map { String($0.1) }
            let constructors = generated.matches(of: /\npublic static func `?(\w+)`?\(/).map { String($0.1) }
            #expect(methods.count > 25 && constructors.count == 3)
            let made = calls.flatMap { $0.name.components(separatedBy: ", ") }
            #expect(Set(methods + constructors) == Set(made))

            let free = generated.matches(of: /\npublic func (\w+)\(/).map { String($0.1) }
            let ours = free.filter { !$0.hasPrefix("FfiConverter") && !$0.hasPrefix("uniffi") }
            #expect(Set(ours) == Set(functions.map(\.name)))
        }
    }
}
