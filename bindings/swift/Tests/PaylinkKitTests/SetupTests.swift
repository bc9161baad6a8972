import Foundation
import PaylinkKit
import Testing

/// Of `tests/scenarios/invitation_opens.json`.
private let invitation =
    "paylink://invitation/060BRRAEZZ7DV079E11NCVW42RS7G2DFYZF0CZD08B8VKJNCWHCY1KK31SRTK245G9J3QHQKWZ7TA62W"
    + "FBPXGGYCMVJ7KDA43MZ4FMZEBM78FPEJVFY04EYVHHY4CGWBZ80HRKFH33TYFZ112QEB5EB1WW3QKSHFZSHJHAND1C7TPF2HXFT2"
    + "S7H4M2TC6A2W91490XWKWT7R84M51A705SCFS668G3TF4CZTB6CZZ5JE2XBDXZ5DPYBSX7P090GQCV92NZBABNNA9BQ0K77PWPMD"
    + "MPNPEP3SY91GQS24D5AWXPGFN183V28EN4PYG1C5HARMAZ29A58RXSXRNE60"

extension Contract {
    /// From a link to a core that is open. What links can say is in the scenarios.
    @Suite struct SetupTests {
        @Test("a link that was agreed to opens the account")
        func link() async throws {
            let (sandbox, folder) = (Sandbox.shared, Folder())
            let link =
                "paylink://setup?account=\(sandbox.account)&origin=\(sandbox.origin)&seller_name=Torget"
                + "&return_url=https%3A%2F%2Fexample.com%2Fthanks"
            let check = try Paylink.checkSetup(" \(link)\n")
            #expect(check.summary?.sellerName == "Torget")
            let config = try #require(check.setup).config(dataDir: "\(folder.path)/data")
            let paylink = try await Paylink.open(config, secureStore: Secrets.inMemory())
            _ = try await paylink.signIn(clientId: sandbox.clientId, clientSecret: sandbox.clientSecret)
            #expect(try paylink.account().account == sandbox.account)
            await paylink.close()
            let other = try Paylink.checkSetup(link.replacingOccurrences(of: "Torget", with: "Bua"), current: config)
            #expect(other.summary?.changes == [SetupChange(field: "seller_name", from: "Torget", to: "Bua")])
        }

        @Test("no field of a set-up is left out of the configuration")
        func fields() throws {
            let setup = Setup(
                account: "account", origin: "origin", apiPrefix: "apiPrefix", profileId: "profileId",
                returnUrl: "returnUrl", sellerName: "sellerName", referencePrefix: "referencePrefix",
                language: "language", region: "region", currency: "currency", vat: "vat", expiry: "expiry",
                capture: "capture", address: "address", delivery: "delivery", termsUrl: "termsUrl")
            let texts = Mirror(reflecting: setup.config(dataDir: "dataDir")).children.compactMap { field in
                (field.value as? String).map { (field.label, $0) }
            }
            #expect(texts.count == 17 && texts.allSatisfy { $0 == $1 })
        }

        @Test("an invitation gives credentials that nobody prints")
        func invited() async throws {
            let sealed = try #require(Paylink.checkSetup(invitation).sealed)
            #expect(sealed.live && sealed.account == "P12345678")
            let opened = try await Paylink.openInvitation(invitation, code: "7m4q xw9t z2kd")
            let credentials = try #require(opened.credentials)
            #expect(credentials.clientSecret == "test-secret")
            #expect(!credentials.debugDescription.contains("test-"))
            let wrong = try await Paylink.openInvitation(invitation, code: "7M4Q-XW9T-Z2KE")
            #expect(wrong.credentials == nil && wrong.problems.map(\.code) == [.wrongCode])
        }
    }
}
