import PaylinkKit

let said = CommandLine.arguments  // FirstSale FOLDER ACCOUNT ORIGIN CLIENT-ID CLIENT-SECRET
let config = Config(
    dataDir: said[1], account: said[2], sellerName: "Skogens Honning AS",
    returnUrl: "https://example.com/thanks", origin: said[3])
let paylink = try await Paylink.open(config, secureStore: Secrets.inMemory())
try await paylink.signIn(clientId: said[4], clientSecret: said[5])
let saved = try await paylink.create(Draft(amount: "298"))
let open = try await paylink.observe(saved.id).first { $0.status == .open }
print(saved.reference, open?.url ?? "closed meanwhile")
await paylink.close()
