import Foundation
import PaylinkKit

/// Named values, each taken once, as what a call or a record of the core takes. One that is null or left out is the default.
final class Arguments {
    private let of: String
    private var given: [String: Json]

    init(of: String, _ given: [String: Json]) {
        self.of = of
        self.given = given
    }

    /// A record read from its fields; another field than those is a defect of the scenario.
    static func read<Record>(
        _ of: String, _ fields: Json?, as record: (Arguments) throws -> Record
    ) throws -> Record {
        let arguments = Arguments(of: of, try fields?.object() ?? [:])
        let read = try record(arguments)
        try arguments.allTaken()
        return read
    }

    func allTaken() throws {
        guard given.isEmpty else { throw Unplayable("\(of) takes no \(given.keys.sorted())") }
    }

    func take(_ name: String) -> Json? { given.removeValue(forKey: name)?.given }

    private func required(_ name: String) throws -> Json {
        guard let value = take(name) else { throw Unplayable("\(of) takes \(name)") }
        return value
    }

    func text(_ name: String) throws -> String { try required(name).text() }
    func flag(_ name: String) throws -> Bool { try required(name).flag() }
    func number(_ name: String) throws -> Int64 { try required(name).number() }

    func optionalText(_ name: String) throws -> String { try take(name)?.text() ?? "" }

    func count(_ name: String) throws -> UInt32? {
        guard let given = take(name) else { return nil }
        guard let count = UInt32(exactly: try given.number()) else { throw Unplayable("\(given.printed) is no count") }
        return count
    }

    func texts(_ name: String) throws -> [String] { try take(name)?.list().map { try $0.text() } ?? [] }

    /// What a code names.
    func coded<Value: Code>(_ name: String) throws -> Value { Value(code: try text(name)) }

    func optionalCoded<Value: Code>(_ name: String) throws -> Value? {
        guard let given = take(name) else { return nil }
        return try Arguments(of: of, [name: given]).coded(name)
    }

    func id() throws -> OrderId { try text("id") }
}

// MARK: - Records

extension Arguments {
    func draft() throws -> Draft {
        try Arguments.read("a draft", take("draft")) { a in
            Draft(
                items: try a.take("items")?.list().map(Self.item) ?? [], amount: try a.optionalText("amount"),
                currency: try a.optionalText("currency"), reference: try a.optionalText("reference"),
                methods: try a.texts("methods"), expiry: try a.optionalText("expiry"),
                address: try a.optionalText("address"), capture: try a.optionalText("capture"),
                delivery: try a.optionalText("delivery"), language: try a.optionalText("language"),
                name: try a.optionalText("name"), phone: try a.optionalText("phone"),
                email: try a.optionalText("email"), addressLine: try a.optionalText("address_line"),
                addressLine2: try a.optionalText("address_line_2"), postalCode: try a.optionalText("postal_code"),
                city: try a.optionalText("city"), country: try a.optionalText("country"),
                againOf: try a.optionalText("again_of"))
        }
    }

    private static func item(_ fields: Json) throws -> DraftItem {
        try read("a line", fields) { a in
            DraftItem(
                description: try a.optionalText("description"), quantity: try a.optionalText("quantity"),
                unitPrice: try a.optionalText("unit_price"), vat: try a.optionalText("vat"),
                discount: try a.optionalText("discount"), item: try a.optionalText("item"))
        }
    }

    func itemDraft() throws -> ItemDraft { try Self.itemDraft(required("item")) }
    func itemDrafts() throws -> [ItemDraft] { try required("items").list().map(Self.itemDraft) }

    private static func itemDraft(_ fields: Json) throws -> ItemDraft {
        try read("an item", fields) { a in
            ItemDraft(
                id: try a.optionalText("id"), description: try a.optionalText("description"),
                number: try a.optionalText("number"), unitPrice: try a.optionalText("unit_price"),
                vat: try a.optionalText("vat"), favourite: try a.take("favourite")?.flag() ?? false)
        }
    }

    /// A file: its text, or its bytes one by one.
    func bytes() throws -> Data {
        let given = try required("bytes")
        if case .text(let text) = given { return Data(text.utf8) }
        return Data(try given.list().map { UInt8(truncatingIfNeeded: try $0.number()) })
    }

    func filter() throws -> LinkFilter {
        try Arguments.read("a filter", take("filter")) { a in LinkFilter(status: try a.optionalCoded("status")) }
    }

    func page() throws -> Page {
        let usual = Page()
        return try Arguments.read("a page", take("page")) { a in
            Page(offset: try a.count("offset") ?? usual.offset, limit: try a.count("limit") ?? usual.limit)
        }
    }

    static func config(_ fields: [String: Json]) throws -> Config {
        try read("the configuration", .object(fields)) { a in
            Config(
                dataDir: try a.optionalText("data_dir"), account: try a.optionalText("account"),
                sellerName: try a.optionalText("seller_name"), returnUrl: try a.optionalText("return_url"),
                origin: try a.optionalText("origin"), apiPrefix: try a.optionalText("api_prefix"),
                profileId: try a.optionalText("profile_id"), referencePrefix: try a.optionalText("reference_prefix"),
                language: try a.optionalText("language"), region: try a.optionalText("region"),
                currency: try a.optionalText("currency"), vat: try a.optionalText("vat"),
                expiry: try a.optionalText("expiry"), capture: try a.optionalText("capture"),
                address: try a.optionalText("address"), delivery: try a.optionalText("delivery"),
                termsUrl: try a.optionalText("terms_url"), askAgainAfterHours: try a.count("ask_again_after_hours"),
                eraseContactsAfterDays: try a.count("erase_contacts_after_days"),
                offline: try a.take("offline")?.flag() ?? false)
        }
    }
}
