import Foundation
import PaylinkKit

extension Json {
    /// What the core gave, as the JSON of the contract: records by their fields, codes as they are. By reflection,
    /// without a line for any one record.
    init(reflecting value: Any) throws {
        switch value {
        case let text as String: self = .text(text)
        case let flag as Bool: self = .flag(flag)
        case let number as any BinaryInteger: self = .number(Int64(number))
        case let bytes as Data: self = .list(bytes.map { .number(Int64($0)) })
        case let list as [Any]: self = .list(try list.map(Json.init(reflecting:)))
        case let map as [String: Any]: self = .object(try map.mapValues(Json.init(reflecting:)))
        case let coded as any Code: self = .text(coded.code)
        case let error as PaylinkError: self = try .init(error: error)
        case is Void: self = .null
        default: self = try .init(mirror: Mirror(reflecting: value), of: value)
        }
    }

    private init(mirror: Mirror, of value: Any) throws {
        switch mirror.displayStyle {
        case .optional: self = try mirror.children.first.map { try Json(reflecting: $0.value) } ?? .null
        case .struct: self = .object(try Self.fields(mirror))
        case .enum:
            // A case with a value is an object with that one field: `{"percent": "10"}`.
            self = mirror.children.isEmpty ? .text(String(describing: value)) : .object(try Self.fields(mirror))
        case .tuple where mirror.children.count == 1: self = try Json(reflecting: mirror.children.first!.value)
        default: throw Unplayable("\(type(of: value)) is nothing that the core returns")
        }
    }

    /// An error by its code and what comes with it.
    init(error: PaylinkError) throws {
        let payload = Mirror(reflecting: error).children.first.map { Mirror(reflecting: $0.value) }
        self = .object(try (payload.map(Self.fields) ?? [:]).merging(["code": .text(error.code().code)]) { $1 })
    }

    private static func fields(_ record: Mirror) throws -> [String: Json] {
        var fields: [String: Json] = [:]
        for (label, value) in record.children {
            guard let label else { throw Unplayable("a field without a name in \(record.subjectType)") }
            fields[snake(label)] = try Json(reflecting: value)
        }
        return fields
    }
}

/// `addressLine2` as the contract writes it: `address_line_2`.
private func snake(_ name: String) -> String {
    var (snake, last) = ("", Character("_"))
    for letter in name {
        if last.isLowercase && (letter.isUppercase || letter.isNumber) { snake.append("_") }
        snake.append(contentsOf: letter.lowercased())
        last = letter
    }
    return snake
}
