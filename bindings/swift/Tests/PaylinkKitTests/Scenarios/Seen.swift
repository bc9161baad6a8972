import Foundation

/// What differs from run to run, as placeholders (`core/CONTRACT.md` section 10): what was seen in one scenario.
final class Seen {
    private let origin: String
    private let dataDir: String
    private let today: String
    private var ids: [String] = []
    private var provider: [String] = []
    private var tag = ""
    private let differing: NSRegularExpression

    init(origin: String, dataDir: String) throws {
        self.origin = origin
        self.dataDir = dataDir
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = TimeZone(identifier: "Europe/Oslo")!
        let day = calendar.dateComponents([.year, .month, .day], from: Date())
        today = String(format: "%04d-%02d-%02d", day.year!, day.month!, day.day!)
        let encoded = origin.replacing(":", with: "%3A").replacing("/", with: "%2F")
        // In the order in which they are tried at each place.
        let patterns = [
            "(\([origin, encoded].map(NSRegularExpression.escapedPattern(for:)).joined(separator: "|")))",
            "([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})",
            "([PT][0-9]{8}\\.[1-9A-HJ-NP-Za-km-z]{22})",
            "HON-([0-9A-HJKMNP-TV-Z]{6})-",
        ]
        differing = try NSRegularExpression(pattern: patterns.joined(separator: "|"))
    }

    // MARK: - What came

    /// A result with placeholders in place of what differs, its fields in the order of their names.
    func canonical(_ value: Json) -> Json {
        switch value {
        case .null, .flag, .number, .fraction: value
        case .text(let text): .text(canonical(text))
        case .list(let list): .list(list.map(canonical))
        case .object(let fields):
            .object(inOrder(fields).reduce(into: [:]) { $0[$1.0] = field($1.0, $1.1) })
        }
    }

    private func field(_ name: String, _ value: Json) -> Json {
        if case .number = value, name == "at" || name.hasSuffix("_at") { return .text("<time>") }
        return canonical(value)
    }

    private func canonical(_ text: String) -> String {
        text == today
            ? "<today>"
            : replaced(differing, in: text) { groups in
                if let id = groups[2] { return "<id:\(place(of: id, in: &ids))>" }
                if let one = groups[3] { return "<provider:\(place(of: one, in: &provider))>" }
                guard let tag = groups[4] else { return "<origin>" }
                self.tag = tag
                return "HON-<tag>-"
            }
    }

    private func place(of one: String, in seen: inout [String]) -> Int {
        if let place = seen.firstIndex(of: one) { return place + 1 }
        seen.append(one)
        return seen.count
    }

    // MARK: - What is given

    /// Arguments with what was seen in place of placeholders.
    func resolved(_ value: Json) throws -> Json {
        switch value {
        case .null, .flag, .number, .fraction: value
        case .text(let text): .text(try resolved(text))
        case .list(let list): .list(try list.map(resolved))
        case .object(let fields): .object(try fields.mapValues(resolved))
        }
    }

    private func resolved(_ text: String) throws -> String {
        let placeholder = try NSRegularExpression(pattern: "<(origin|data_dir|today|tag|(id|provider):([0-9]+))>")
        return try replaced(placeholder, in: text) { groups in
            switch groups[1] {
            case "origin": return origin
            case "data_dir": return dataDir
            case "today": return today
            case "tag": return tag
            default:
                let (seen, place) = (groups[2] == "id" ? ids : provider, groups[3].flatMap { Int($0) } ?? 0)
                guard seen.indices.contains(place - 1) else { throw Unplayable("\(groups[0] ?? "") was not seen yet") }
                return seen[place - 1]
            }
        }
    }

    /// The text with each match replaced, from left to right. The groups of a match are texts, `nil` where none matched.
    private func replaced(
        _ pattern: NSRegularExpression, in text: String, by replacement: ([String?]) throws -> String
    ) rethrows -> String {
        let whole = text as NSString
        var (replaced, done) = ("", 0)
        for match in pattern.matches(in: text, range: NSRange(location: 0, length: whole.length)) {
            let groups = (0..<match.numberOfRanges).map { group -> String? in
                let range = match.range(at: group)
                return range.location == NSNotFound ? nil : whole.substring(with: range)
            }
            replaced += whole.substring(with: NSRange(location: done, length: match.range.location - done))
            replaced += try replacement(groups)
            done = match.range.location + match.range.length
        }
        return replaced + whole.substring(from: done)
    }
}
