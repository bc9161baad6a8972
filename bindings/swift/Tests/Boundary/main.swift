// Swift's side of `tests/bench/boundary`, which starts this with a folder and says what to measure, a line at a time.
import PaylinkKit

let calls = try await Calls(folder: CommandLine.arguments[1])
while let line = readLine() {
    let asked = line.split(separator: " ")
    tell(try await calls.measure(String(asked[0]), times: Int(asked[1])!))
}
await calls.close()
