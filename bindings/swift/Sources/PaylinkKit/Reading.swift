import PaylinkCore

extension Paylink {
    // MARK: - Once

    /// One link.
    public func link(_ id: OrderId) async throws -> PaymentLink { try await stored { try $0.link(id: id) } }

    /// The link with this merchant reference.
    public func link(reference: String) async throws -> PaymentLink {
        try await stored { try $0.linkByReference(reference: reference) }
    }

    /// A link with its lines, sums and timeline.
    public func detail(_ id: OrderId) async throws -> LinkDetail { try await stored { try $0.detail(id: id) } }

    /// A draft of the same sale, to be changed and sent as another one: everything but the reference.
    public func draft(of id: OrderId) async throws -> Draft { try await stored { try $0.draftOf(id: id) } }

    /// A draft of the same sale that is linked to the old one, which was cancelled, refunded or came to nothing by mistake.
    /// ``create(_:)`` it: never are two links of the two open.
    ///
    /// - Throws: ``PaylinkError``: `not_allowed` while one of them is unsent, can be paid or is paid; `not_found`.
    public func requestAgain(_ id: OrderId) async throws -> Draft { try await stored { try $0.requestAgain(id: id) } }

    /// As ``draft(of:)``, of the newest sale; `nil` before there is one.
    public func lastSale() async throws -> Draft? { try await stored { try $0.lastSale() } }

    /// Links, newest first.
    public func links(_ filter: LinkFilter = LinkFilter(), page: Page = Page()) async throws -> [PaymentLink] {
        try await stored { try $0.links(filter: filter, page: page) }
    }

    /// Links in whose reference, lines or customer a text occurs, newest first, at most 50.
    public func search(_ text: String) async throws -> [PaymentLink] { try await stored { try $0.search(text: text) } }

    /// How many operations are in each open state: what to say about "not sent yet".
    public func pending() async throws -> Pending { try await stored { try $0.pending() } }

    /// What was sold and paid on a day of the seller's calendar, `2026-11-24`.
    ///
    /// - Throws: ``PaylinkError``: `not_found` when there is no such day.
    public func day(_ date: String) async throws -> DayReport { try await stored { try $0.day(date: date) } }

    /// What happened to a link, in the order in which it became known.
    public func timeline(_ id: OrderId) async throws -> [TimelineEvent] {
        try await stored { try $0.timeline(id: id) }
    }

    /// Events over all links after a cursor, at most 500; without one, those that were not acknowledged.
    public func events(since cursor: Int64? = nil) async throws -> [TimelineEvent] {
        try await stored { try $0.eventsSince(cursor: cursor) }
    }

    /// Remembers that the app has shown every event up to this cursor.
    public func acknowledge(_ cursor: Int64) async throws { try await stored { try $0.acknowledge(cursor: cursor) } }

    /// What became of a damaged database that was found at opening; `nil`: nothing was damaged, or it was acknowledged.
    public func recovered() async throws -> RecoveryReport? { try await stored { try $0.recovered() } }

    /// Remembers that the seller has seen what ``recovered()`` says. The damaged files stay for 30 days after the recovery.
    public func acknowledgeRecovered() async throws { try await stored { try $0.acknowledgeRecovered() } }

    // MARK: - For as long as somebody looks

    /// A link: as it is now, then after each change.
    public func observe(_ id: OrderId) -> Observed<PaymentLink> { observed { try $0.link(id: id) } }

    /// A link with its lines, sums and timeline: as it is now, then after each change.
    public func observeDetail(_ id: OrderId) -> Observed<LinkDetail> { observed { try $0.detail(id: id) } }

    /// Links, newest first: as they are now, then after each change.
    public func observeLinks(_ filter: LinkFilter = LinkFilter(), page: Page = Page()) -> Observed<[PaymentLink]> {
        observed { try $0.links(filter: filter, page: page) }
    }

    /// How many operations are in each open state: now, then after each change.
    public func observePending() -> Observed<Pending> { observed { try $0.pending() } }

    /// The account: as it is now, then after each change, such as a pause and its end.
    public func observeAccount() -> Observed<AccountState> { observed { try $0.account() } }

    /// Events over all links, each once and in order: those after the cursor (without one, those that were not
    /// acknowledged), then new ones. ``acknowledge(_:)`` what was shown, or it comes again with the next start.
    public func observeEvents(since cursor: Int64? = nil) -> Observed<TimelineEvent> {
        Observed(core: core, changes: changes) { core, last in
            try core.eventsSince(cursor: last?.cursor ?? cursor)
        }
    }

    func observed<Element: Equatable & Sendable>(
        _ read: @escaping @Sendable (Core) throws -> Element
    ) -> Observed<Element> {
        Observed(core: core, changes: changes) { core, last in
            let now = try read(core)
            return now == last ? [] : [now]
        }
    }
}
