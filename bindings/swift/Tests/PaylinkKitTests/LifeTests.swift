import Foundation
import Testing

@testable import PaylinkKit

extension Contract {
    @Suite struct LifeTests {
        @Test("what a killed process called saved is there")
        func killed() async throws {
            let (folder, process, said) = (Folder(), Process(), Pipe())
            process.executableURL = URL(fileURLWithPath: environment("PAYLINK_PROGRAMS") + "/SellUntilKilled")
            process.arguments = [folder.path, Sandbox.shared.account]
            process.standardOutput = said
            try process.run()
            var told = ""
            while told.split(separator: "\n").count < 30 {
                let more = try said.fileHandleForReading.read(upToCount: 64) ?? Data()
                try #require(!more.isEmpty, "it ended by itself")
                told += String(decoding: more, as: UTF8.self)
            }
            await refuses("in_use") { try await Paylink.open(config(folder, offline: true), secureStore: Keychain()) }
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
            told += String(decoding: try said.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
            let references = told.split(separator: "\n").map(String.init)

            let paylink = try await Paylink.open(config(folder, offline: true), secureStore: Keychain())
            let links = try await paylink.links(page: Page(limit: 100_000))
            #expect(Set(references).isSubset(of: Set(links.map(\.reference))))
            #expect(links.count - references.count <= 1)
            #expect(try await paylink.recovered() == nil)
            let next = try await paylink.create(honey)
            #expect(next.reference.hasSuffix("-\(links.count + 1)"))
            await paylink.close()
            withExtendedLifetime(folder) {}
        }

        @Test("letting go of the last reference closes, also while somebody observes")
        func lettingGo() async throws {
            let folder = Folder()
            var paylink: Paylink? = try await Paylink.open(config(folder, offline: true), secureStore: Keychain())
            let links = try #require(paylink).observeLinks()
            let reader = Task { for try await _ in links {} }
            await refuses("in_use") { try await Paylink.open(config(folder, offline: true), secureStore: Keychain()) }
            paylink = nil
            try await reader.value
            try await soon("the directory is free") {
                do {
                    try await Paylink.open(config(folder, offline: true), secureStore: Keychain()).close()
                    return true
                } catch PaylinkError.InUse {
                    return false
                }
            }
            withExtendedLifetime(folder) {}
        }

        @Test("nothing is held after closing")
        func nothingHeld() async throws {
            final class Server: TokenSource {
                func token(forceRefresh: Bool) throws -> String { "made-up" }
            }
            let folder = Folder()
            weak var paylinkHeld: Paylink?
            weak var coreHeld: PaylinkCore.Paylink?
            weak var changesHeld: Changes?
            weak var keychainHeld: Keychain?
            weak var serverHeld: Server?
            weak var earHeld: Ear?
            do {
                let (keychain, server) = (Keychain(), Server())
                let paylink = try await Paylink.open(
                    config(folder, offline: true), secureStore: keychain, tokenSource: server)
                let ear = Ear { [core = paylink.core] id, _ in _ = try core.link(id: id) }
                let subscription = try paylink.core.subscribe(listener: ear)
                (paylinkHeld, coreHeld, changesHeld) = (paylink, paylink.core, paylink.changes)
                (keychainHeld, serverHeld, earHeld) = (keychain, server, ear)
                _ = try await paylink.create(honey)
                for try await _ in paylink.observeLinks() { break }
                await paylink.close()
                withExtendedLifetime(subscription) {}
            }
            try await soon("the app's side is let go of") {
                paylinkHeld == nil && coreHeld == nil && changesHeld == nil
            }
            try await soon("the ports are let go of") { keychainHeld == nil && serverHeld == nil && earHeld == nil }
            withExtendedLifetime(folder) {}
        }

        @Test("opening and closing a hundred times keeps neither threads nor files")
        func hundredTimes() async throws {
            func count(_ what: String) throws -> Int {
                try FileManager.default.contentsOfDirectory(atPath: "/proc/self/\(what)").count
            }
            func round() async throws { try await offline { _ = try await $0.pending() } }
            try await round()
            let (threads, files) = (try count("task"), try count("fd"))
            for _ in 0..<100 { try await round() }
            // Threads of Swift's own come and go.
            try await soon("all are gone") { try count("task") <= threads + 20 && count("fd") <= files + 20 }
        }

        @Test("10,000 calls leave no memory behind")
        func memory() async throws {
            try await offline { paylink in
                let saved = try await paylink.create(honey)
                func call(times: Int) async throws {
                    for _ in 0..<times {
                        _ = try await paylink.detail(saved.id)
                        await refuses("not_found") { try await paylink.link("none") }
                    }
                }
                try await call(times: 2_000)
                let before = try residentBytes()
                try await call(times: 5_000)
                let grown = try residentBytes() - before
                // 800 bytes lost in each call would be seen; what allocators keep for themselves is less.
                #expect(grown < 8_000_000)
            }
        }
    }
}

/// What this process has in memory.
private func residentBytes() throws -> Int {
    let pages = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8).split(separator: " ")[1]
    return try #require(Int(pages)) * Int(sysconf(Int32(_SC_PAGESIZE)))
}
