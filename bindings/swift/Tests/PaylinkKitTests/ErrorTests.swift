import Foundation
import Testing

@testable import PaylinkKit

extension Contract {
    @Suite struct ErrorTests {
        @Test("errors have the codes of the contract")
        func codes() async throws {
            let folder = Folder()
            let paylink = try await Paylink.open(config(folder, offline: true), secureStore: Keychain())
            await refuses("refused") { try await paylink.create(Draft()) }
            await refuses("not_found") { try await paylink.link("none") }
            let saved = try await paylink.create(honey)
            await #expect(throws: PaylinkError.NotAllowed(action: .showQr, status: .queued)) {
                try await paylink.qr(saved.id)
            }
            await #expect(throws: PaylinkError.Unsent(count: 1)) { try await paylink.signOut() }
            await refuses("in_use") { try await Paylink.open(config(folder), secureStore: Keychain()) }
            await refuses("config") { try await Paylink.openReadOnly(config(folder, sellerName: "")) }
            try await paylink.suspend()
            await refuses("suspended") { try paylink.check(honey) }
            await paylink.close()
            await refuses("closed") { try await paylink.resume() }

            let nobody = Folder()
            await refuses("storage") { try await Paylink.openReadOnly(config(nobody)) }
            let deaf = try await Paylink.open(config(nobody, origin: "http://127.0.0.1:9"), secureStore: Keychain())
            await #expect(throws: PaylinkError.Network(reason: .noNetwork)) {
                try await deaf.signIn(clientId: "none", clientSecret: "none")
            }
            await deaf.close()
            withExtendedLifetime((folder, nobody)) {}
        }

        @Test("a link with an unusable address is built from the session")
        func provider() async throws {
            try await signedIn { paylink in
                let id = "T11112222.4XGmsggrbFpzT7FTm1FxTQ"
                let url = "https://checkout.dintero.com/v1/view/" + String(repeating: "x", count: 3_000)
                let session = #"{"id":"\#(id)","url":"\#(url)"}"#
                _ = try await Sandbox.shared.post(
                    "/sandbox/do", #"{"do":"fault","method":"POST","path":"/v1/sessions","json":\#(session)}"#)
                let saved = try await paylink.create(honey)
                let open = try await paylink.observe(saved.id).first { $0.status == .open }
                #expect(open?.url == "\(Sandbox.shared.origin)/v1/view/\(id)")
                #expect(open?.urlWarning == true)
                #expect(try await paylink.qr(saved.id).size >= 21)
            }
        }

        @Test("a panic of the core is an internal error, and the next call works")
        func panics() async throws {
            let (folder, keychain) = (Folder(), Keychain())
            let (core, caught) = (Shared<PaylinkCore.Paylink?>(nil), Shared<[any Error]>([]))
            let store = Secrets(
                read: { try keychain.get(key: $0) },
                write: { key, value in
                    guard let value else { return try keychain.remove(key: key) }
                    try keychain.put(key: key, value: value)
                    // On a thread of the core's runtime, where work that blocks it must not be asked for.
                    do { _ = try core.value?.workDue() } catch { caught.change { $0.append(error) } }
                })
            let paylink = try await Paylink.open(config(folder), secureStore: store)
            core.change { $0 = paylink.core }
            try await signIn(paylink)
            // Id and secret are one value.
            #expect(caught.value.count == 1)
            for error in caught.value {
                #expect(error as? PaylinkError == .Internal(reason: "panicked; the log says where"))
            }
            let saved = try await paylink.create(honey)
            try await paylink.workDue()
            #expect(try await paylink.observe(saved.id).first { $0.status == .open } != nil)
            core.change { $0 = nil }
            await paylink.close()
            withExtendedLifetime(folder) {}
        }

        @Test("a damaged database is recovered and reported until acknowledged")
        func damaged() async throws {
            let (folder, garbage) = (Folder(), Data((0..<64).map { UInt8($0) }))
            let before = try await Paylink.open(config(folder, offline: true), secureStore: Keychain())
            _ = try await before.create(honey)
            await before.close()
            try garbage.write(to: URL(fileURLWithPath: folder.path + "/paylink.db"))
            let paylink = try await Paylink.open(config(folder, offline: true), secureStore: Keychain())
            let kept = try #require(await paylink.recovered()).quarantinedFiles
            let files = kept.map { try? Data(contentsOf: URL(fileURLWithPath: "\(folder.path)/\($0)")) }
            #expect(files.contains(garbage))
            try await paylink.acknowledgeRecovered()
            #expect(try await paylink.recovered() == nil)
            _ = try await paylink.create(honey)
            await paylink.close()
            withExtendedLifetime(folder) {}
        }

        @Test("a refused draft names the line, the field and the code")
        func refused() async throws {
            try await offline { paylink in
                let draft = Draft(items: [
                    DraftItem(description: "Honning", unitPrice: "149"), DraftItem(description: "Voks", unitPrice: "0"),
                ])
                let problems = try paylink.check(draft).problems
                #expect(problems.map(\.field) == ["unit_price"])
                #expect(problems.map(\.line) == [2])
                #expect(problems.map(\.code) == [.zero])
                await #expect(throws: PaylinkError.Refused(problems: problems)) { try await paylink.create(draft) }
            }
        }

        @Test("a locked secure store is no sign-out")
        func locked() async throws {
            let (folder, keychain) = (Folder(), Keychain())
            let paylink = try await Paylink.open(config(folder), secureStore: keychain)
            try await closing(paylink) { paylink in
                let locked = PaylinkError.SignInNeeded(reason: .secureStoreLocked)
                keychain.lock()
                await #expect(throws: locked) { try await signIn(paylink) }
                await #expect(throws: locked) { try await paylink.signOut() }
                let saved = try await paylink.create(honey)
                keychain.lock(false)
                #expect(keychain.count == 0)
                try await signIn(paylink)
                #expect(keychain.count == 1)
                #expect(try await paylink.observe(saved.id).first { $0.status == .open } != nil)
            }
            withExtendedLifetime(folder) {}
        }

        @Test("what a store made of closures throws goes nowhere")
        func closures() async throws {
            struct Leak: Error { let secret = "hunter2" }
            let folder = Folder()
            let broken = Secrets(read: { _ in throw Leak() }, write: { _, _ in throw Leak() })
            #expect(throws: SecureStoreError.Unavailable(reason: "thrown by the app")) { try broken.get(key: "any") }
            let paylink = try await Paylink.open(config(folder), secureStore: broken)
            await refuses("sign_in_needed") { try await paylink.signOut() }
            await paylink.close()
            withExtendedLifetime(folder) {}
        }

        @Test("a token source that throws pauses nothing for good")
        func tokens() async throws {
            final class Server: TokenSource {
                func token(forceRefresh: Bool) throws -> String { throw CocoaError(.coderInvalidValue) }
            }
            let folder = Folder()
            let paylink = try await Paylink.open(config(folder), secureStore: Keychain(), tokenSource: Server())
            let saved = try await paylink.create(honey)
            let report = try await paylink.sync(budget: .seconds(5))
            #expect(report.paused == .secureStoreLocked)
            #expect(report.waiting == 1)
            #expect(try await paylink.link(saved.id).status == .queued)
            await paylink.close()
            withExtendedLifetime(folder) {}
        }

        @Test("what is printed names nobody")
        func printing() async throws {
            try await offline { paylink in
                let draft = Draft(amount: "298", name: "Kari Nordmann", phone: "47465724", email: "kari@example.com")
                let link = try await paylink.create(draft)
                for printed in ["\(draft)", "\(link)", "\(link.customer)", "\(try await paylink.detail(link.id))"] {
                    #expect(!printed.lowercased().contains("kari") && !printed.contains("47465724"))
                }
            }
        }
    }
}

@discardableResult
func signIn(_ paylink: Paylink) async throws -> AccountState {
    try await paylink.signIn(clientId: Sandbox.shared.clientId, clientSecret: Sandbox.shared.clientSecret)
}
