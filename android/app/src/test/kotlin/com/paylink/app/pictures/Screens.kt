package com.paylink.app.pictures

import androidx.compose.runtime.Composable
import com.paylink.app.core.Account
import com.paylink.app.day.DayActions
import com.paylink.app.day.DayScreen
import com.paylink.app.day.DayState
import com.paylink.app.link.LinkActions
import com.paylink.app.link.LinkScreen
import com.paylink.app.link.LinkState
import com.paylink.app.links.Group
import com.paylink.app.links.LinksActions
import com.paylink.app.links.LinksScreen
import com.paylink.app.links.LinksState
import com.paylink.app.pictures.Story.kroner
import com.paylink.app.pictures.Story.link
import com.paylink.app.sell.AmountPad
import com.paylink.app.sell.ChoicesForm
import com.paylink.app.sell.LineForm
import com.paylink.app.sell.SellActions
import com.paylink.app.sell.SellScreen
import com.paylink.app.sell.SellState
import com.paylink.app.sent.QrScreen
import com.paylink.app.sent.SentActions
import com.paylink.app.sent.SentScreen
import com.paylink.app.sent.SentState
import com.paylink.app.settings.SettingsActions
import com.paylink.app.settings.SettingsScreen
import com.paylink.app.settings.SettingsState
import com.paylink.app.start.StartActions
import com.paylink.app.start.StartScreen
import com.paylink.app.start.StartState
import com.paylink.app.ui.SideBySide
import com.paylink.core.AccountState
import com.paylink.core.Action
import com.paylink.core.CatalogueItem
import com.paylink.core.DayReport
import com.paylink.core.Delivered
import com.paylink.core.Delivery
import com.paylink.core.Draft
import com.paylink.core.DraftItem
import com.paylink.core.EventKind
import com.paylink.core.KnownCustomer
import com.paylink.core.LinkStatus
import com.paylink.core.Message
import com.paylink.core.PaidTotals
import com.paylink.core.PaylinkException
import com.paylink.core.Pending
import com.paylink.core.Problem
import com.paylink.core.ProblemCode
import com.paylink.core.QrModules
import com.paylink.core.ReasonCode
import com.paylink.core.RecoveryReport
import com.paylink.core.SealedInvitation
import com.paylink.core.Setup
import com.paylink.core.SetupChange
import com.paylink.core.SetupCheck
import com.paylink.core.SetupHost
import com.paylink.core.SetupSummary
import com.paylink.core.Severity
import com.paylink.core.SmsEncoding
import com.paylink.core.SmsLength
import com.paylink.core.UnknownAnswer
import java.time.LocalDate

private val noSale = object : SellActions {
    override fun change(edit: Draft.() -> Draft) = Unit
    override fun leave(field: String) = Unit
    override fun add(item: DraftItem) = Unit
    override fun replace(at: Int, item: DraftItem) = Unit
    override fun step(at: Int, by: Int) = Unit
    override fun remove(at: Int) = Unit
    override fun putBack() = Unit
    override fun forgetRemoved() = Unit
    override fun customer(text: String) = Unit
    override fun clear() = Unit
    override fun add(item: CatalogueItem) = Unit
    override fun choose(customer: KnownCustomer) = Unit
    override fun asLastTime() = Unit
    override fun send() = Unit
    override fun errorSeen() = Unit
    override fun contacts() = Unit
    override fun settings() = Unit
}

private val noLinks = object : LinksActions {
    override fun search(text: String) = Unit
    override fun more() = Unit
    override fun sync() = Unit
    override fun open(link: String) = Unit
    override fun newSale() = Unit
    override fun signIn() = Unit
    override fun recoverySeen() = Unit
}

private val noLink = object : LinkActions {
    override fun back() = Unit
    override fun act(action: Action) = Unit
    override fun answer(answer: UnknownAnswer) = Unit
    override fun share() = Unit
    override fun showQr() = Unit
    override fun remind(anyway: Boolean) = Unit
    override fun notReminded() = Unit
    override fun call(number: String) = Unit
}

private val noSent = object : SentActions {
    override fun close() = Unit
    override fun newSale() = Unit
    override fun hand(delivery: Delivery) = Unit
    override fun largeQr() = Unit
    override fun openLink() = Unit
    override fun openLinks() = Unit
}

private val noStart = object : StartActions {
    override fun account(edit: Account.() -> Account) = Unit
    override fun link(text: String) = Unit
    override fun paste() = Unit
    override fun code(text: String) = Unit
    override fun open() = Unit
    override fun practice() = Unit
    override fun clientId(text: String) = Unit
    override fun clientSecret(text: String) = Unit
    override fun step(step: Int) = Unit
    override fun test() = Unit
}

private val noSettings = object : SettingsActions {
    override fun back() = Unit
    override fun signOut() = Unit
    override fun leavePractice() = Unit
    override fun signIn() = Unit
    override val language: () -> Unit = {}
}

private val noDay = object : DayActions {
    override fun go(days: Long) = Unit
}

private fun pending(queued: Int = 0, unknown: Int = 0) = Pending(queued.toUInt(), 0u, 0u, unknown.toUInt(), 0u, 0u, 0u)

private val account = AccountState("P00000000", false, "T1.1", listOf("bambora.vipps", "dintero_psp.creditcard"), null, null)

private fun good(name: String, ore: Long) = CatalogueItem(name, name, "", kroner(ore), "15", true, 0u, null, DraftItem(name))

private val goods = listOf(good("Honning 500 g", 14900), good("Honning 250 g", 8900), good("Lynghonning 350 g", 16900), good("Bivokslys", 9900))

private val customers = listOf(KnownCustomer("1", "Kari N.", "+4795000012", null, 2u, 0), KnownCustomer("2", null, "+4795000031", null, 1u, 0))

private val sale = SellState(Story.draft, totals = Story.totals, families = listOf("vipps", "card", "klarna"), favourites = goods, recent = customers)

private val wrong = SellState(
    Draft(items = listOf(Story.draft.items[0], DraftItem("Pakke lys", "1", "0")), phone = "22 00 00 01", delivery = "sms", methods = listOf("swish")),
    listOf(
        Problem("unit_price", 2u, ProblemCode.Zero, Severity.Error, emptyMap()),
        Problem("methods", null, ProblemCode.NotOffered, Severity.Error, emptyMap()),
        Problem("phone", null, ProblemCode.Landline, Severity.Warning, emptyMap()),
    ),
    tried = true, families = listOf("vipps", "card"),
)

/** A pattern with three corners, as a code has; what it says is the core's business. */
private val qr = run {
    val size = 37
    fun dark(x: Int, y: Int): Boolean {
        fun corner(fromX: Int, fromY: Int): Boolean? {
            val (at, on) = x - fromX to y - fromY
            if (at !in 0..6 || on !in 0..6) return null
            return at == 0 || at == 6 || on == 0 || on == 6 || (at in 2..4 && on in 2..4)
        }
        return corner(0, 0) ?: corner(size - 7, 0) ?: corner(0, size - 7) ?: ((x * 7 + y * 13 + x * y) % 3 == 0)
    }
    QrModules(size.toUInt(), ByteArray(size * size) { if (dark(it % size, it / size)) 1 else 0 })
}

private fun sent(link: com.paylink.core.PaymentLink, parts: UInt = 1u, long: List<String> = emptyList()) = SentState(
    link, qr, Message("+4795000012", null, Story.text, null, SmsLength(if (long.isEmpty()) SmsEncoding.Gsm7 else SmsEncoding.Ucs2, 145u, parts, 15u, long)),
    waiting = 3, seller = "Skogens Honning AS",
)

private val board = listOf(
    link(40, 29800, LinkStatus.Unknown, "Marte Fjelldal", time = "13:47"),
    link(45, 14900, LinkStatus.Open, "Ingrid Solbakken", delivered = Delivered.Ready, delivery = Delivery.Phone, time = "14:08"),
    link(44, 14900, LinkStatus.Queued, "Jon Solbakken", time = "14:09", reason = ReasonCode.NoNetwork),
    link(43, 33800, LinkStatus.Queued, null, phone = "+4795000031", time = "14:07", reason = ReasonCode.NoNetwork),
    link(41, 29800, LinkStatus.Opened, "Amina Hassan", time = "14:04"),
    link(39, 9900, LinkStatus.Open, "Tor Bakkemo", time = "13:41"),
    link(38, 44700, LinkStatus.Authorized, "Odd Fundy", time = "13:01"),
    link(42, 39700, LinkStatus.Captured, "Kari Nordmann", time = "14:05"),
    link(37, 16900, LinkStatus.Expired, null, phone = "+4795000001", time = "09:20"),
    link(36, 12900, LinkStatus.Declined, "Per Østli", time = "09:00"),
)

private val links = LinksState(board.groupBy(Group::of).toSortedMap(), pending = pending(2, 1), account = account)

private val paid = Story.detail(
    link(42, 39700, LinkStatus.Captured, "Kari Nordmann", time = "14:05"),
    EventKind.Saved to "14:01", EventKind.LinkCreated to "14:02", EventKind.SmsSent to "14:02", EventKind.Opened to "14:03", EventKind.Captured to "14:05",
)

private val open = Story.detail(
    link(41, 39700, LinkStatus.Opened, "Amina Hassan", time = "14:04", actions = listOf(Action.Share, Action.Cancel)),
    EventKind.Saved to "14:01", EventKind.LinkCreated to "14:02", EventKind.SmsSent to "14:02", EventKind.Opened to "14:04",
)

private val refused = Story.detail(
    link(47, 39700, LinkStatus.NeedsAttention, "Amina Hassan", reason = ReasonCode.Duplicate, actions = listOf(Action.Replace, Action.Retry, Action.Discard)),
    EventKind.Saved to "14:01", EventKind.Rejected to "14:02",
)

private val unknown = Story.detail(
    link(40, 29800, LinkStatus.Unknown, "Marte Fjelldal", time = "13:47", reason = ReasonCode.MayHaveBeenSent, actions = listOf(Action.ResolveUnknown)),
    EventKind.Saved to "13:46", EventKind.Sending to "13:46", EventKind.SendUnclear to "13:47",
)

private val day = DayReport(
    "2026-11-28", listOf(PaidTotals(9u, Story.dayTotals, kroner(0))),
    mapOf("captured" to 9u, "opened" to 2u, "queued" to 2u), mapOf("sms" to 8u, "qr" to 4u, "phone" to 1u),
)

private val typed = Account("T00000000", "Skogens Honning AS", "https://example.com/takk", "HON")

/** Pictures that only a tablet has. */
val wideOnly = setOf("links-beside")

/** By the name of the picture. */
val screens: Map<String, @Composable () -> Unit> = mapOf(
    "sell-empty" to { SellScreen(SellState(Draft(delivery = "sms"), families = listOf("vipps"), favourites = goods, recent = customers, last = Story.draft), noSale) { null } },
    "sell-sale" to { SellScreen(sale, noSale) { null } },
    "sell-problems" to { SellScreen(wrong, noSale) { null } },
    "sell-amount" to { AmountPad({ "149,50 kr" }, {}) },
    "sell-line" to { LineForm(sale, 0, Story.draft.items[0], noSale) {} },
    "sell-choices" to { ChoicesForm(sale, noSale) {} },
    "sent-online" to { SentScreen(sent(link(42, 39700, LinkStatus.Open, "Kari Nordmann")), noSent) },
    "sent-offline" to { SentScreen(SentState(link(42, 39700, LinkStatus.Queued, "Kari Nordmann"), waiting = 3), noSent) },
    "sent-ready-long" to {
        SentScreen(sent(link(43, 14900, LinkStatus.Open, "Ingrid Solbakken", delivered = Delivered.Ready, delivery = Delivery.Phone), 3u, listOf("🍯")), noSent)
    },
    "sent-probably" to { SentScreen(sent(link(46, 14900, LinkStatus.Open, "Tor Bakkemo", delivered = Delivered.ProbablySent)), noSent) },
    "sent-paid" to { SentScreen(sent(link(42, 39700, LinkStatus.Captured, "Kari Nordmann", time = "14:05")), noSent) },
    "qr" to { QrScreen(sent(link(42, 39700, LinkStatus.Opened, "Kari Nordmann"))) {} },
    "links" to { LinksScreen(links, noLinks) },
    "links-beside" to { SideBySide({ LinksScreen(links, noLinks, board[4].id) }) { LinkScreen(LinkState(open), noLink, backShown = false) } },
    "links-empty" to { LinksScreen(LinksState(emptyMap(), pending = pending(), account = account), noLinks) },
    "links-signed-out" to { LinksScreen(links.copy(account = account.copy(paused = ReasonCode.SignedOut)), noLinks) },
    "links-recovered" to { LinksScreen(links.copy(recovered = RecoveryReport(0, listOf("x"), 12u, 2u, 1u, 1u)), noLinks) },
    "link-paid" to { LinkScreen(LinkState(paid), noLink) },
    "link-open" to { LinkScreen(LinkState(open), noLink) },
    "link-refused" to { LinkScreen(LinkState(refused), noLink) },
    "link-unknown" to { LinkScreen(LinkState(unknown), noLink) },
    "day" to { DayScreen(DayState(LocalDate.of(2026, 11, 28), true, day), noDay) },
    "day-empty" to { DayScreen(DayState(LocalDate.of(2026, 11, 27), false, DayReport("2026-11-27", emptyList(), emptyMap(), emptyMap())), noDay) },
    "start" to { StartScreen(StartState(typed, "4f7c2a90-demo-0001", "hemmelighet"), noStart) },
    "start-wrong" to {
        StartScreen(StartState(typed, "4f7c2a90", "feil", wrong = "client_secret", error = PaylinkException.SignInNeeded(ReasonCode.WrongCredentials)), noStart)
    },
    "start-invitation" to {
        val sealed = SetupCheck(SealedInvitation("P12345678", true, 0), null, null, listOf(Problem("code", null, ProblemCode.WrongCode, Severity.Error, emptyMap())), null)
        StartScreen(StartState(link = "paylink://invitation/ABCD", code = "K7Q2-9XHT-M3VC", setup = sealed), noStart)
    },
    "start-agreed" to {
        val summary = SetupSummary(
            "P12345678", true, "Skogens Honning AS",
            listOf(SetupHost("origin", "checkout.dintero.com"), SetupHost("return_url", "skogenshonning.example")), listOf(SetupChange("vat", "25", "15")),
        )
        val setup = Setup("P12345678", "", "", "", "https://skogenshonning.example", "Skogens Honning AS", "", "", "", "", "", "", "", "", "", "")
        StartScreen(StartState(link = "paylink://setup?", setup = SetupCheck(null, setup, summary, emptyList(), null)), noStart)
    },
    "start-seller" to { StartScreen(StartState(typed, step = 2), noStart) },
    "settings-practice" to { SettingsScreen(SettingsState(Account(), account.copy(account = "practice", practice = true), pending()), "0.1.0", noSettings) },
    "settings" to { SettingsScreen(SettingsState(typed, account, pending(2)), "0.1.0", noSettings) },
)
