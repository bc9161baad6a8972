import PaylinkKit

/// Calls what the contract names, with its arguments by name: the one table of this runner. Throws what the call throws.
func call(_ paylink: Paylink, _ name: String, _ given: [String: Json]) async throws -> Json {
    let a = Arguments(of: name, given)
    let came: Any =
        switch name {
        case "check": try paylink.check(a.draft())
        case "create": try await paylink.create(a.draft())
        case "retry": try await paylink.retry(a.id())
        case "discard": try await paylink.discard(a.id())
        case "cancel": try await paylink.cancel(a.id())
        case "resolve_unknown": try await paylink.resolveUnknown(a.id(), a.coded("answer"))
        case "replace": try await paylink.replace(a.id())
        case "mark_shared":
            try await paylink.markShared(a.id(), channel: a.coded("channel"), outcome: a.coded("outcome"))
        case "mark_reminded":
            try await paylink.markReminded(a.id(), channel: a.coded("channel"), outcome: a.coded("outcome"))
        case "link": try await paylink.link(a.id())
        case "link_by_reference": try await paylink.link(reference: a.text("reference"))
        case "detail": try await paylink.detail(a.id())
        case "draft_of": try await paylink.draft(of: a.id())
        case "request_again": try await paylink.requestAgain(a.id())
        case "last_sale": try await paylink.lastSale() as Any
        case "links": try await paylink.links(a.filter(), page: a.page())
        case "search": try await paylink.search(a.text("text"))
        case "pending": try await paylink.pending()
        case "day": try await paylink.day(a.text("date"))
        case "timeline": try await paylink.timeline(a.id())
        case "message":
            try await paylink.message(a.id(), for: a.coded("channel"), in: a.optionalCoded("language"))
        case "remind":
            try await paylink.remind(a.id(), for: a.coded("channel"), in: a.optionalCoded("language"))
        case "qr": try await paylink.qr(a.id())
        case "items": try await paylink.items()
        case "check_item": try paylink.check(a.itemDraft())
        case "save_item": try await paylink.save(a.itemDraft())
        case "remove_item": try await paylink.removeItem(a.id())
        case "move_item": try await paylink.moveItem(a.id(), before: a.take("before")?.text())
        case "read_items": try await paylink.readItems(a.bytes())
        case "import_items": try await paylink.importItems(a.itemDrafts())
        case "export_items": try await paylink.exportItems()
        case "recent_customers": try await paylink.recentCustomers(limit: a.count("limit") ?? 20)
        case "search_customers": try await paylink.searchCustomers(a.text("text"))
        case "forget_customer": try await paylink.forgetCustomer(a.id())
        case "delete_set_aside": try await paylink.deleteSetAside()
        case "events_since": try await paylink.events(since: a.take("cursor")?.number())
        case "acknowledge": try await paylink.acknowledge(a.number("cursor"))
        case "recovered": try await paylink.recovered() as Any
        case "acknowledge_recovered": try await paylink.acknowledgeRecovered()
        case "account": try paylink.account()
        case "sign_in":
            try await paylink.signIn(clientId: a.text("client_id"), clientSecret: a.text("client_secret"))
        case "sign_out": try await paylink.signOut()
        case "sync": try await paylink.sync(budget: .milliseconds(a.number("budget_ms")))
        case "work_due": try await paylink.workDue()
        case "refresh": try await paylink.refresh(a.id())
        case "network_changed": try await paylink.networkChanged(online: a.flag("online"))
        case "set_foreground": try await paylink.setForeground(a.flag("foreground"))
        case "practice_skip": try await paylink.practiceSkip(.milliseconds(a.number("ms")))
        case "suspend": try await paylink.suspend()
        case "resume": try await paylink.resume()
        case "close": await paylink.close()
        default: throw Unplayable("there is no call \(name)")
        }
    try a.allTaken()
    return try Json(reflecting: came)
}
