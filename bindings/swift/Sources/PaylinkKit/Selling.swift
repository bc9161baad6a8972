import PaylinkCore

extension Paylink {
    // MARK: - Selling

    /// Every problem of a draft and its sums. Waits for nothing: call it at each keystroke.
    public func check(_ draft: Draft) throws -> DraftCheck { try core.check(draft: draft) }

    /// Saves a sale. When it returns, the sale is on the disk: say "saved". The link comes by itself, now or when the
    /// network is back, and never twice.
    ///
    /// - Throws: ``PaylinkError``: `refused` with every problem, `storage`; nothing was saved then.
    public func create(_ draft: Draft) async throws -> PaymentLink { try await stored { try $0.create(draft: draft) } }

    /// Cancels: at once what was never sent, else at the provider, where a payment that came first wins.
    @discardableResult
    public func cancel(_ id: OrderId) async throws -> PaymentLink { try await stored { try $0.cancel(id: id) } }

    /// Tries again now what waits or was refused.
    @discardableResult
    public func retry(_ id: OrderId) async throws -> PaymentLink { try await stored { try $0.retry(id: id) } }

    /// Gives up a sale that has no link; a payment that comes all the same is still seen.
    @discardableResult
    public func discard(_ id: OrderId) async throws -> PaymentLink { try await stored { try $0.discard(id: id) } }

    /// The seller's answer about a message that may have been sent. All but `wait` are the seller's risk: warn first.
    @discardableResult
    public func resolveUnknown(_ id: OrderId, _ answer: UnknownAnswer) async throws -> PaymentLink {
        try await stored { try $0.resolveUnknown(id: id, answer: answer) }
    }

    /// Makes a new order of a sale that the provider refused as a duplicate, and returns the new one.
    ///
    /// - Throws: ``PaylinkError``: `not_allowed` unless it was refused as a duplicate, `not_found`, `storage`.
    @discardableResult
    public func replace(_ id: OrderId) async throws -> PaymentLink { try await stored { try $0.replace(id: id) } }

    // MARK: - Sharing

    /// The customer's text for one channel, in the sale's language or another. Send it unchanged.
    ///
    /// - Throws: ``PaylinkError``: `not_allowed` while there is no link, `not_found`.
    public func message(_ id: OrderId, for channel: Channel, in language: Language? = nil) async throws -> Message {
        try await stored { try $0.message(id: id, channel: channel, language: language) }
    }

    /// The QR code of a link, for the app to draw.
    ///
    /// - Throws: ``PaylinkError``: `not_allowed` while there is no link, `not_found`.
    public func qr(_ id: OrderId) async throws -> QrModules { try await stored { try $0.qr(id: id) } }

    /// Records that the link was handed to an app of the phone, and what the phone said.
    @discardableResult
    public func markShared(
        _ id: OrderId, channel: ShareChannel, outcome: ShareOutcome
    ) async throws -> PaymentLink {
        try await stored { try $0.markShared(id: id, channel: channel, outcome: outcome) }
    }

    /// A polite reminder with the same link, for one channel of the phone; and how often and when the customer was reminded
    /// before. Warn first when it is `tooSoon`, and say with ``markReminded(_:channel:outcome:)`` what became of it.
    ///
    /// - Throws: ``PaylinkError``: `not_allowed` unless the link can be paid and a first message has gone out.
    public func remind(_ id: OrderId, for channel: Channel, in language: Language? = nil) async throws -> Reminder {
        try await stored { try $0.remind(id: id, channel: channel, language: language) }
    }

    /// Records that a reminder was handed to an app of the phone, and what the phone said.
    @discardableResult
    public func markReminded(
        _ id: OrderId, channel: ShareChannel, outcome: ShareOutcome
    ) async throws -> PaymentLink {
        try await stored { try $0.markReminded(id: id, channel: channel, outcome: outcome) }
    }

    // MARK: - The account

    /// The account: profile, methods, why the queue pauses, why payments cannot be seen. Waits for nothing.
    public func account() throws -> AccountState { try core.account() }

    /// Checks credentials with the provider, keeps them in the secure store only, and lets the queue go on.
    ///
    /// - Throws: ``PaylinkError``: `sign_in_needed` when they are refused, `network` when nobody could be asked;
    ///   `CancellationError` when the task was cancelled, and the sign-in goes on.
    @discardableResult
    public func signIn(clientId: String, clientSecret: String) async throws -> AccountState {
        let core = core
        return try await waiting { try await core.signIn(clientId: clientId, clientSecret: clientSecret) }
    }

    /// Forgets the credentials; the queue pauses.
    ///
    /// - Throws: ``PaylinkError``: `unsent` while anything is unsent, `sign_in_needed` when the secure store is locked.
    public func signOut() async throws { try await stored { try $0.signOut() } }

    // MARK: - The work

    /// Sends what waits and asks about what is open, until nothing is due or the time is over: for background jobs and
    /// for a pull to refresh.
    ///
    /// - Throws: ``PaylinkError``: `storage`, `suspended`, `closed`; `CancellationError` when the task was cancelled.
    @discardableResult
    public func sync(budget: Duration) async throws -> SyncReport {
        let (core, milliseconds) = (core, budget.milliseconds)
        return try await waiting { try await core.sync(budgetMs: milliseconds) }
    }

    /// Sends and asks what is due now, and returns the number of operations tried: for apps that opened with
    /// ``openUnscheduled(_:secureStore:tokenSource:)``.
    ///
    /// - Throws: ``PaylinkError``: `storage`; `CancellationError` when the task was cancelled, and the work goes on.
    @discardableResult
    public func workDue() async throws -> UInt32 {
        let core = core
        return try await waiting { try await run(on: .global()) { try core.workDue() } }
    }

    /// When there is something to send or to ask, UTC ms by the phone; `nil`: never by itself.
    public func nextDue() async throws -> Int64? { try await stored { try $0.nextDue() } }

    /// Asks about one link now, because its screen was opened. Who observes sees the answer.
    public func refresh(_ id: OrderId) async throws { try await stored { try $0.refresh(id: id) } }

    /// Says whether the phone has a network now. Offline, nothing is tried; back online, all that waits is due.
    public func networkChanged(online: Bool) async throws { try await stored { try $0.networkChanged(online: online) } }

    /// The practice account alone: so much time passes for its provider and its customers at once.
    ///
    /// - Throws: ``PaylinkError``: `config` where the account is another.
    public func practiceSkip(_ time: Duration) async throws {
        let milliseconds = time.milliseconds
        try await stored { try $0.practiceSkip(ms: milliseconds) }
    }

    /// Says whether the app is in front: then open links are asked about by themselves.
    public func setForeground(_ foreground: Bool) async throws {
        try await stored { try $0.setForeground(foreground: foreground) }
    }
}

extension Duration {
    /// Whole milliseconds, as far as they fit.
    var milliseconds: Int64 {
        let (seconds, attoseconds) = components
        let (whole, tooLong) = seconds.multipliedReportingOverflow(by: 1000)
        return tooLong
            ? (seconds < 0 ? 0 : Int64.max)
            : whole.addingReportingOverflow(attoseconds / 1_000_000_000_000_000).partialValue
    }
}
