import Foundation

/// JSON with whole numbers, booleans and null kept apart.
enum Json: Sendable {
    case null
    case flag(Bool)
    case number(Int64)
    /// Only the provider has such: how many of a line it was told of.
    case fraction(Decimal)
    case text(String)
    case list([Json])
    case object([String: Json])

    /// Compared and printed as one: the JSON text with keys sorted by code point and no white space.
    var printed: String {
        switch self {
        case .null: "null"
        case .flag(let flag): flag ? "true" : "false"
        case .number(let number): String(number)
        case .fraction(let fraction): fraction.description
        case .text(let text): Self.quoted(text)
        case .list(let list): "[\(list.map(\.printed).joined(separator: ","))]"
        case .object(let fields):
            "{\(inOrder(fields).map { "\(Self.quoted($0)):\($1.printed)" }.joined(separator: ","))}"
        }
    }

    private static func quoted(_ text: String) -> String {
        var quoted = String.UnicodeScalarView("\"".unicodeScalars)
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": quoted.append(contentsOf: ["\\", scalar])
            case "\n": quoted.append(contentsOf: ["\\", "n"])
            case "\r": quoted.append(contentsOf: ["\\", "r"])
            case "\t": quoted.append(contentsOf: ["\\", "t"])
            case "\0"..<" ":
                let digits = String(scalar.value, radix: 16)
                quoted.append(
                    contentsOf: "\\u\(String(repeating: "0", count: 4 - digits.count))\(digits)".unicodeScalars)
            default: quoted.append(scalar)
            }
        }
        quoted.append("\"")
        return String(quoted)
    }
}

/// The fields of an object by their names' code points, which is also the order of their bytes in UTF-8. Swift's own
/// order of texts is another.
func inOrder(_ fields: [String: Json]) -> [(String, Json)] {
    fields.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }.map { ($0.key, $0.value) }
}

extension Json: Decodable {
    init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        if value.decodeNil() {
            self = .null
        } else if let flag = try? value.decode(Bool.self) {
            self = .flag(flag)
        } else if let number = try? value.decode(Int64.self) {
            self = .number(number)
        } else if let fraction = try? value.decode(Decimal.self) {
            self = .fraction(fraction)
        } else if let text = try? value.decode(String.self) {
            self = .text(text)
        } else if let list = try? value.decode([Json].self) {
            self = .list(list)
        } else {
            self = .object(try value.decode([String: Json].self))
        }
    }
}

/// What makes a scenario unplayable: it asks for what is not there.
struct Unplayable: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

extension Json {
    func text() throws -> String {
        guard case .text(let text) = self else { throw Unplayable("\(printed) is no text") }
        return text
    }

    func number() throws -> Int64 {
        guard case .number(let number) = self else { throw Unplayable("\(printed) is no whole number") }
        return number
    }

    func flag() throws -> Bool {
        guard case .flag(let flag) = self else { throw Unplayable("\(printed) is neither true nor false") }
        return flag
    }

    func list() throws -> [Json] {
        guard case .list(let list) = self else { throw Unplayable("\(printed) is no list") }
        return list
    }

    func object() throws -> [String: Json] {
        guard case .object(let fields) = self else { throw Unplayable("\(printed) is no object") }
        return fields
    }

    /// `nil` for null.
    var given: Json? {
        if case .null = self { nil } else { self }
    }
}
