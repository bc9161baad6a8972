import Foundation
import Testing

@testable import PaylinkKit

private let newer = "of_a_newer_core"

/// A list is found by its codes and has one case more.
private func list<Value: Code>(_ of: Value.Type) {
    let known = Array(of.allCases)
    #expect(!known.isEmpty && Set(known.map(\.code)).count == known.count)
    #expect(known.allSatisfy { of.init(code: $0.code) == $0 && $0.isRecognised })
    let unrecognised = of.init(code: newer)
    #expect(!unrecognised.isRecognised && !known.contains(unrecognised) && unrecognised.code == newer)
}

private let lists: [any Code.Type] = [
    LinkStatus.self, Action.self, EventKind.self, ReasonCode.self, Delivered.self, ShareChannel.self,
    ShareOutcome.self, Delivery.self, Expiry.self, Capture.self, AddressMode.self, Severity.self, ProblemCode.self,
    ErrorCode.self, StorageKind.self, UnknownAnswer.self, Channel.self, Language.self, SmsEncoding.self,
    SignInReason.self,
]

/// A link about which a newer core says nothing that this version knows.
private func ofANewerCore(_ link: PaymentLink) -> PaymentLink {
    PaymentLink(
        id: link.id, reference: link.reference, status: .unrecognised(newer),
        reason: Reason(code: .unrecognised(newer), detail: nil), supersededBy: nil, amount: link.amount,
        captured: link.captured, refunded: link.refunded, summary: link.summary, itemCount: link.itemCount,
        url: nil, urlWarning: false, sessionId: nil, transactionId: nil, createdAt: link.createdAt, sentAt: nil,
        expiresAt: nil, openedAt: nil, paidAt: nil,
        delivery: DeliveryState(
            channel: .unrecognised(newer), state: .unrecognised(newer),
            sharedBy: PaylinkCore.Shared(channel: .unrecognised(newer), outcome: .unrecognised(newer))),
        customer: link.customer, attempts: 0, nextAttemptAt: nil, methods: [], paymentMethod: nil,
        capture: .unrecognised(newer), expiry: .unrecognised(newer), address: .unrecognised(newer),
        language: .unrecognised(newer), actions: link.actions + [.unrecognised(newer)])
}

extension Contract {
    @Suite struct CodesTests {
        @Test("every list is found by its codes and has one case more")
        func all() { for one in lists { list(one) } }

        @Test("a status of a newer core is not unknown and offers nothing")
        func neutral() async throws {
            try await offline { paylink in
                let link = try await paylink.create(honey)
                #expect(!link.offered.isEmpty && link.offered == link.actions)
                let told = ofANewerCore(link)
                #expect(told.status != .unknown)
                #expect(told.offered.isEmpty)
                let words =
                    switch told.status {
                    case .unknown: "being looked up"
                    case .unrecognised: "neutral"
                    default: "another"
                    }
                #expect(words == "neutral")
            }
        }

        @Test("codes of a newer core cross the boundary both ways")
        func crossing() async throws {
            try await offline { paylink in
                let link = try await paylink.create(honey)
                // Printing is a way through the core.
                let printed = ofANewerCore(link).debugDescription
                #expect(printed.ranges(of: newer).count == 2, "\(printed)")
                let event = try #require(await paylink.timeline(link.id).first)
                let later = TimelineEvent(
                    cursor: event.cursor, link: event.link, at: event.at, kind: .unrecognised(newer), data: [:])
                #expect(later.debugDescription.contains(newer))
                let sms = SmsLength(
                    encoding: .unrecognised(newer), units: 1, parts: 1, unitsLeftInPart: 1, madeLongBy: [])
                #expect(!Message(recipient: nil, subject: nil, body: "", uri: nil, sms: sms).debugDescription.isEmpty)
                let problem = Problem(
                    field: "amount", line: nil, code: .unrecognised(newer), severity: .unrecognised(newer),
                    parameters: [:])
                #expect(PaylinkError.Refused(problems: [problem]).code() == .refused)
                let notAllowed = PaylinkError.NotAllowed(action: .unrecognised(newer), status: .unrecognised(newer))
                #expect(notAllowed.code() == .notAllowed)
                #expect(PaylinkError.SignInNeeded(reason: .unrecognised(newer)).code() == .signInNeeded)
                #expect(PaylinkError.Storage(kind: .unrecognised(newer), reason: "").code() == .storage)
                let unrecognised = PaylinkError.Unrecognised(code: .unrecognised(newer), reason: "")
                #expect(unrecognised.code() == .unrecognised(newer))
            }
        }

        @Test("a call that is given what it does not know says so")
        func given() async throws {
            try await offline { paylink in
                let id = try await paylink.create(honey).id
                let calls: [(String, () async throws -> Void)] = [
                    ("status", { _ = try await paylink.links(LinkFilter(status: .unrecognised(newer))) }),
                    ("channel", { _ = try await paylink.message(id, for: .unrecognised(newer)) }),
                    ("language", { _ = try await paylink.message(id, for: .sms, in: .unrecognised(newer)) }),
                    ("answer", { _ = try await paylink.resolveUnknown(id, .unrecognised(newer)) }),
                    ("channel", { try await paylink.markShared(id, channel: .unrecognised(newer), outcome: .sent) }),
                    ("outcome", { try await paylink.markShared(id, channel: .sms, outcome: .unrecognised(newer)) }),
                ]
                for (what, call) in calls {
                    await #expect(throws: PaylinkError.NotFound(what: what)) { try await call() }
                }
            }
        }
    }
}
