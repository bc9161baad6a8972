import Foundation
import PaylinkKit

/// Where one scenario is played: a fresh provider, a fresh core.
final class Stage {
    private let sandbox: Sandbox
    private let keychain = Keychain()
    private let folder = Folder()
    private let account: [String: Json]
    private let seen: Seen
    private var config: [String: Json]
    private var paylink: Paylink

    /// What a step came to.
    enum Came {
        case result(Json)
        case error(Json)

        var printed: String {
            switch self {
            case .result(let result): result.printed
            case .error(let error): "error \(error.printed)"
            }
        }
    }

    init(_ sandbox: Sandbox, _ scenario: [String: Json]) async throws {
        self.sandbox = sandbox
        let reset = try await sandbox.has("reset", ["options": scenario["sandbox"] ?? .object([:])])
        guard case .result(let told) = reset else { throw Unplayable("reset: \(reset.printed)") }
        account = try told.object()
        let dataDir = "\(folder.path)/data"
        seen = try Seen(origin: try account.text("origin"), dataDir: dataDir)
        let own = try scenario["config"].map(seen.resolved)?.object() ?? [:]
        config = [
            "data_dir": .text(dataDir), "account": .text(try account.text("account")),
            "origin": .text(try account.text("origin")), "return_url": .text("https://example.com/thanks"),
            "seller_name": .text("Skogens Honning AS"), "reference_prefix": .text("HON"),
        ].merging(own) { $1 }
        paylink = try await Self.opened(config, keychain)
    }

    private static func opened(_ config: [String: Json], _ keychain: Keychain) async throws -> Paylink {
        try await Paylink.openUnscheduled(Arguments.config(config), secureStore: keychain)
    }

    func signIn() async throws {
        try await paylink.signIn(clientId: account.text("client_id"), clientSecret: account.text("client_secret"))
    }

    func close() async { await paylink.close() }

    // MARK: - Steps

    /// Plays a step, and returns what came with placeholders.
    func play(_ step: [String: Json]) async throws -> Came {
        let arguments = try seen.resolved(step["arguments"] ?? .object([:])).object()
        switch try await came(step, arguments) {
        case .error(let error): return .error(seen.canonical(error))
        case .result(let came):
            let result = seen.canonical(came)
            guard let only = try step["only"]?.list().map({ try $0.text() }) else { return .result(result) }
            return .result(result.only(only))
        }
    }

    private func came(_ step: [String: Json], _ arguments: [String: Json]) async throws -> Came {
        do {
            if let name = try step["call"]?.text() {
                if let came = try setup(name, arguments) { return .result(came) }
                return .result(try await call(paylink, name, arguments))
            }
            if let name = try step["provider"]?.text() { return try await sandbox.has(name, arguments) }
            try await shell(step.text("shell"), arguments)
            return .result(.null)
        } catch let error as PaylinkError {
            return .error(try Json(error: error))
        }
    }

    /// The calls that need no core; `nil`: it is none of them. `current` is laid over the scenario's configuration.
    private func setup(_ name: String, _ given: [String: Json]) throws -> Json? {
        guard name == "check_setup" || name == "open_invitation" else { return nil }
        let a = Arguments(of: name, given)
        let current = try a.take("current").map { try Arguments.config(config.merging($0.object()) { $1 }) }
        let text = try a.text("text")
        let came: Any =
            if name == "check_setup" {
                try checkSetup(text: text, current: current)
            } else {
                try openInvitation(text: text, code: a.text("code"), current: current)
            }
        try a.allTaken()
        return try Json(reflecting: came)
    }

    private func shell(_ name: String, _ arguments: [String: Json]) async throws {
        switch name {
        case "reopen":
            await paylink.close()
            config.merge(arguments) { $1 }
            paylink = try await Self.opened(config, keychain)
        case "open_another":
            let another = ["data_dir": Json.text("\(try config.text("data_dir"))-another")]
            let configured = config.merging(another) { $1 }.merging(arguments) { $1 }
            await (try Self.opened(configured, keychain)).close()
        case "lock_secure_store": keychain.lock()
        case "unlock_secure_store": keychain.lock(false)
        default: throw Unplayable("no shell does \(name)")
        }
    }
}

extension Sandbox {
    /// Has something happen at the provider, at the customer or in Backoffice.
    func has(_ name: String, _ arguments: [String: Json]) async throws -> Stage.Came {
        let told = Json.object(arguments.merging(["do": .text(name)]) { $1 }).printed
        let answer = try JSONDecoder().decode(Json.self, from: try await post("/sandbox/do", told)).object()
        guard let error = answer["error"] else { return .result(answer["result"] ?? .null) }
        return .error(error.only(["code", "message"]))
    }
}

extension Json {
    /// Those fields of an object, or of each object of a list.
    func only(_ names: [String]) -> Json {
        switch self {
        case .null, .flag, .number, .fraction, .text: self
        case .list(let list): .list(list.map { $0.only(names) })
        case .object(let fields): .object(fields.filter { names.contains($0.key) })
        }
    }
}

extension [String: Json] {
    fileprivate func text(_ name: String) throws -> String { try (self[name] ?? .null).text() }
}
