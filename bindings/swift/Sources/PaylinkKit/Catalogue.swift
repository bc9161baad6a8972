import Foundation
import PaylinkCore

extension Paylink {
    // MARK: - Goods

    /// The goods, in the order made by hand.
    public func items() async throws -> [CatalogueItem] { try await stored { try $0.items() } }

    /// Every problem of an item, as typed. Waits for nothing: call it at each keystroke.
    public func check(_ item: ItemDraft) throws -> [Problem] { try core.checkItem(item: item) }

    /// Saves an item: a new one behind all others, or one that is there in its place.
    ///
    /// - Throws: ``PaylinkError``: `refused` with every problem, `not_found`, `storage`.
    @discardableResult
    public func save(_ item: ItemDraft) async throws -> CatalogueItem {
        try await stored { try $0.saveItem(item: item) }
    }

    /// Removes an item. Sales that were made of it stay as they are.
    public func removeItem(_ id: ItemId) async throws { try await stored { try $0.removeItem(id: id) } }

    /// Puts an item before another; behind all without one.
    public func moveItem(_ id: ItemId, before: ItemId? = nil) async throws {
        try await stored { try $0.moveItem(id: id, before: before) }
    }

    /// What a file of goods holds, in any encoding. Takes nothing: show it, then call ``importItems(_:)``.
    public func readItems(_ bytes: Data) async throws -> GoodsRead {
        try await stored { try $0.readItems(bytes: bytes) }
    }

    /// Saves many items in one transaction, such as those that ``readItems(_:)`` gave.
    ///
    /// - Throws: ``PaylinkError``: `refused` with every problem, by the place in the list; nothing was saved then.
    @discardableResult
    public func importItems(_ items: [ItemDraft]) async throws -> GoodsImported {
        try await stored { try $0.importItems(items: items) }
    }

    /// The goods as a file for spreadsheets, which ``readItems(_:)`` reads again. Write it as UTF-8, unchanged.
    public func exportItems() async throws -> String { try await stored { try $0.exportItems() } }

    /// The goods: as they are now, then after each change.
    public func observeItems() -> Observed<[CatalogueItem]> { observed { try $0.items() } }

    // MARK: - Customers

    /// Customers who bought last, the latest first.
    public func recentCustomers(limit: UInt32 = 20) async throws -> [KnownCustomer] {
        try await stored { try $0.recentCustomers(limit: limit) }
    }

    /// Customers in whose name, number or mail each word of a text begins one, the latest first, at most 50.
    public func searchCustomers(_ text: String) async throws -> [KnownCustomer] {
        try await stored { try $0.searchCustomers(text: text) }
    }

    /// Customers who bought last: now, then after each change.
    public func observeRecentCustomers(limit: UInt32 = 20) -> Observed<[KnownCustomer]> {
        observed { try $0.recentCustomers(limit: limit) }
    }

    /// Forgets a customer for good; amounts, lines and references stay. Ask first.
    ///
    /// - Throws: ``PaylinkError``: `still_needed` with the orders that are unsent, held, or can still be paid.
    @discardableResult
    public func forgetCustomer(_ id: CustomerId) async throws -> Forgotten {
        try await stored { try $0.forgetCustomer(id: id) }
    }

    /// Deletes the files of a damaged database that were set aside, at once, and returns their names. Ask first.
    @discardableResult
    public func deleteSetAside() async throws -> [String] { try await stored { try $0.deleteSetAside() } }
}
