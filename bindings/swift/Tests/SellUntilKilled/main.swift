// Sells without an end, and prints each sale once it is saved: `SellUntilKilled FOLDER ACCOUNT`.
import Foundation
import PaylinkKit

let arguments = CommandLine.arguments
let config = Config(
    dataDir: arguments[1], account: arguments[2], sellerName: "Skogens Honning AS",
    returnUrl: "https://example.com/thanks", offline: true)
let paylink = try await Paylink.open(config, secureStore: Secrets(read: { _ in nil }, write: { _, _ in }))
while true {
    let saved = try await paylink.create(Draft(amount: "298"))
    FileHandle.standardOutput.write(Data("\(saved.reference)\n".utf8))
}
