import Foundation
import PaylinkCore

extension PaymentLink {
    /// What an app offers: the actions that this version knows, and none while it does not know the status.
    public var offered: [Action] { status.isRecognised ? actions.filter(\.isRecognised) : [] }
}

extension Config {
    /// What opens the practice account: a folder of its own, and nothing else; set the language or the seller on it. Nobody
    /// signs in, nothing leaves the phone, and nothing that it shows is money.
    public static func practice(dataDir: String) -> Config {
        Config(dataDir: dataDir, account: "practice", sellerName: "", returnUrl: "")
    }
}

extension Money {
    /// The amount in the currency's own unit, exactly: 298.00 for 29800 øre.
    public var decimal: Decimal {
        let decimals = Int(currencyDecimals(currency: currency) ?? 0)
        return Decimal(sign: minor < 0 ? .minus : .plus, exponent: -decimals, significand: Decimal(minor.magnitude))
    }
}

extension Setup {
    /// The configuration that it makes, once a person has agreed to it. What no set-up says, such as how long a sale may
    /// wait unasked, is as in `current`.
    public func config(dataDir: String, current: Config? = nil) -> Config {
        Config(
            dataDir: dataDir, account: account, sellerName: sellerName, returnUrl: returnUrl, origin: origin,
            apiPrefix: apiPrefix, profileId: profileId, referencePrefix: referencePrefix, language: language,
            region: region, currency: currency, vat: vat, expiry: expiry, capture: capture, address: address,
            delivery: delivery, termsUrl: termsUrl, askAgainAfterHours: current?.askAgainAfterHours,
            eraseContactsAfterDays: current?.eraseContactsAfterDays, offline: current?.offline ?? false)
    }
}

/// A secure store made of closures: the Keychain in an app, a dictionary in a preview or a test.
///
/// The closures are called on threads of the core, several at a time. What they throw means "locked or failed, try
/// later", whatever it is; a value that is just not there is `nil` and no error.
public final class Secrets: SecureStore {
    private let read: @Sendable (String) throws -> String?
    private let write: @Sendable (_ key: String, _ value: String?) throws -> Void

    /// - Parameters:
    ///   - read: the value of a key.
    ///   - write: sets the value of a key; `nil` removes it, and one that is not there is no error.
    public init(
        read: @escaping @Sendable (String) throws -> String?,
        write: @escaping @Sendable (_ key: String, _ value: String?) throws -> Void
    ) {
        self.read = read
        self.write = write
    }

    /// Secrets that are forgotten with their last reference: for previews, tests and first tries.
    public static func inMemory() -> Secrets {
        let values = Values()
        return Secrets(read: values.read, write: values.write)
    }

    public func get(key: String) throws -> String? { try telling { try read(key) } }
    public func put(key: String, value: String) throws { try telling { try write(key, value) } }
    public func remove(key: String) throws { try telling { try write(key, nil) } }

    /// Says nothing of what was thrown: it may quote a secret.
    private func telling<Value>(_ use: () throws -> Value) throws -> Value {
        do { return try use() } catch { throw SecureStoreError.Unavailable(reason: "thrown by the app") }
    }
}

private final class Values: @unchecked Sendable {  // `values` is used under the lock only
    private let lock = NSLock()
    private var values: [String: String] = [:]

    @Sendable func read(_ key: String) -> String? { lock.withLock { values[key] } }
    @Sendable func write(_ key: String, _ value: String?) { lock.withLock { values[key] = value } }
}

extension Paylink {
    /// Hands the core's log to the app, from a level up, one record after the other on a thread of the core's own;
    /// `nil`: to nobody. It holds for the whole process, and a later call replaces the receiver. The log names no person.
    ///
    /// - Throws: ``PaylinkError``: `internal` when the Rust side's log has another receiver.
    public static func log(from level: LogLevel, to receiver: (@Sendable (LogRecord) -> Void)?) throws {
        try setLogSink(sink: receiver.map(LogReceiver.init), level: level)
    }
}

private final class LogReceiver: LogSink {
    private let receiver: @Sendable (LogRecord) -> Void

    init(_ receiver: @escaping @Sendable (LogRecord) -> Void) { self.receiver = receiver }

    func log(record: LogRecord) { receiver(record) }
}
