package com.paylink

import com.paylink.core.AccountState
import com.paylink.core.CatalogueItem
import com.paylink.core.Channel
import com.paylink.core.Config
import com.paylink.core.CustomerId
import com.paylink.core.DayReport
import com.paylink.core.Draft
import com.paylink.core.DraftCheck
import com.paylink.core.Forgotten
import com.paylink.core.GoodsImported
import com.paylink.core.GoodsRead
import com.paylink.core.ItemDraft
import com.paylink.core.ItemId
import com.paylink.core.KnownCustomer
import com.paylink.core.Language
import com.paylink.core.LinkDetail
import com.paylink.core.LinkFilter
import com.paylink.core.Message
import com.paylink.core.OrderId
import com.paylink.core.Page
import com.paylink.core.PaylinkException
import com.paylink.core.PaymentLink
import com.paylink.core.Pending
import com.paylink.core.Problem
import com.paylink.core.QrModules
import com.paylink.core.RecoveryReport
import com.paylink.core.Reminder
import com.paylink.core.SecureStore
import com.paylink.core.SetupCheck
import com.paylink.core.ShareChannel
import com.paylink.core.ShareOutcome
import com.paylink.core.SyncReport
import com.paylink.core.TimelineEvent
import com.paylink.core.TokenSource
import com.paylink.core.UnknownAnswer
import java.time.Duration
import java.time.LocalDate
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.withContext
import com.paylink.core.Paylink as Core
import com.paylink.core.checkSetup as readSetup
import com.paylink.core.openInvitation as unseal

/**
 * Payment links that are safe on the phone before they are sent. One per data directory; keep it as long as the app
 * runs, and [close] it.
 *
 * Every call may be made on any thread, the main thread included: what waits for the disk or the network suspends.
 * A coroutine that is cancelled stops waiting, and what it has started goes on; but opening, suspending and resuming are
 * waited for. All calls may throw [PaylinkException]; its `code()` is the key of the app's own words.
 */
public class Paylink private constructor(private val core: Core) : AutoCloseable {
    private val changes = Changes(core)

    // Selling

    /** Every problem of a draft and its sums. Waits for nothing: call it at each keystroke. */
    public fun check(draft: Draft): DraftCheck = opened { check(draft) }

    /**
     * Saves a sale. [Sale.Saved] means that it is on the disk: the link comes by itself, now or when the network is
     * back, and never twice. A draft with problems is a result and no exception.
     */
    public suspend fun create(draft: Draft): Sale = store {
        try {
            Sale.Saved(create(draft))
        } catch (refused: PaylinkException.Refused) {
            Sale.Refused(refused.problems)
        }
    }

    /** Cancels: at once what was never sent, else at the provider, where a payment that came first wins. */
    public suspend fun cancel(id: OrderId): PaymentLink = store { cancel(id) }

    /** Tries again now what waits or was refused. */
    public suspend fun retry(id: OrderId): PaymentLink = store { retry(id) }

    /** Gives up a sale that has no link; a payment that comes all the same is still seen. */
    public suspend fun discard(id: OrderId): PaymentLink = store { discard(id) }

    /** The seller's answer about a message that may have been sent. All but `Wait` are the seller's risk: warn first. */
    public suspend fun resolveUnknown(id: OrderId, answer: UnknownAnswer): PaymentLink =
        store { resolveUnknown(id, answer) }

    /** Makes a new order of a sale that the provider refused as a duplicate, and returns the new one. */
    public suspend fun replace(id: OrderId): PaymentLink = store { replace(id) }

    // Sharing

    /** The customer's text for one channel, in the sale's language or another. Send it unchanged. */
    public suspend fun message(id: OrderId, channel: Channel, language: Language? = null): Message =
        store { message(id, channel, language) }

    /**
     * A polite reminder with the same link, for one channel of the phone; and how often and when the customer was reminded
     * before. Warn first when it is `tooSoon`, and say with [markReminded] what became of it.
     */
    public suspend fun remind(id: OrderId, channel: Channel, language: Language? = null): Reminder =
        store { remind(id, channel, language) }

    /** Records that a reminder was handed to an app of the phone, and what the phone said. */
    public suspend fun markReminded(id: OrderId, channel: ShareChannel, outcome: ShareOutcome): PaymentLink =
        store { markReminded(id, channel, outcome) }

    /** The QR code of a link, for the app to draw. */
    public suspend fun qr(id: OrderId): QrModules = store { qr(id) }

    /** Records that the link was handed to an app of the phone, and what the phone said. */
    public suspend fun markShared(id: OrderId, channel: ShareChannel, outcome: ShareOutcome): PaymentLink =
        store { markShared(id, channel, outcome) }

    // Reading, once

    /** One link. */
    public suspend fun link(id: OrderId): PaymentLink = store { link(id) }

    /** The link with this merchant reference. */
    public suspend fun linkByReference(reference: String): PaymentLink = store { linkByReference(reference) }

    /** A link with its lines, sums and timeline. */
    public suspend fun detail(id: OrderId): LinkDetail = store { detail(id) }

    /** A draft of the same sale, to be changed and sent as another one: everything but the reference. */
    public suspend fun draftOf(id: OrderId): Draft = store { draftOf(id) }

    /**
     * A draft of the same sale that is linked to the old one, which was cancelled, refunded or came to nothing by mistake.
     * [create] it: never are two links of the two open.
     */
    public suspend fun requestAgain(id: OrderId): Draft = store { requestAgain(id) }

    /** As [draftOf], of the newest sale; null before there is one. */
    public suspend fun lastSale(): Draft? = store { lastSale() }

    /** Links, newest first. */
    public suspend fun links(filter: LinkFilter = LinkFilter(), page: Page = Page()): List<PaymentLink> =
        store { links(filter, page) }

    /** Links in whose reference, lines or customer a text occurs, newest first, at most 50. */
    public suspend fun search(text: String): List<PaymentLink> = store { search(text) }

    /** How many operations are in each open state. */
    public suspend fun pending(): Pending = store { pending() }

    /** What was sold and paid on a day of the seller's calendar. */
    public suspend fun day(date: LocalDate): DayReport = store { day(date.toString()) }

    /** What happened to a link, in the order in which it became known. */
    public suspend fun timeline(id: OrderId): List<TimelineEvent> = store { timeline(id) }

    /** Events over all links after a cursor, at most 500; without one, those that were not acknowledged. */
    public suspend fun eventsSince(cursor: Long? = null): List<TimelineEvent> = store { eventsSince(cursor) }

    /** Remembers that the app has shown every event up to this cursor. */
    public suspend fun acknowledge(cursor: Long): Unit = store { acknowledge(cursor) }

    // The catalogue

    /** The goods, in the order made by hand. */
    public suspend fun items(): List<CatalogueItem> = store { items() }

    /** Every problem of an item, as typed. Waits for nothing: call it at each keystroke. */
    public fun checkItem(item: ItemDraft): List<Problem> = opened { checkItem(item) }

    /** Saves an item, new or changed. Throws [PaylinkException.Refused] with every problem. */
    public suspend fun saveItem(item: ItemDraft): CatalogueItem = store { saveItem(item) }

    /** Removes an item. Sales that were made of it stay as they are. */
    public suspend fun removeItem(id: ItemId): Unit = store { removeItem(id) }

    /** Puts an item before another; behind all when [before] is null. */
    public suspend fun moveItem(id: ItemId, before: ItemId? = null): Unit = store { moveItem(id, before) }

    /** What a file of goods holds, in any encoding. Takes nothing: show it, then call [importItems]. */
    public suspend fun readItems(bytes: ByteArray): GoodsRead = store { readItems(bytes) }

    /** Saves many items in one transaction, such as those that [readItems] gave. */
    public suspend fun importItems(items: List<ItemDraft>): GoodsImported = store { importItems(items) }

    /** The goods as a file for spreadsheets, which [readItems] reads again. Write it as UTF-8, unchanged. */
    public suspend fun exportItems(): String = store { exportItems() }

    /** Customers who bought last, the latest first. */
    public suspend fun recentCustomers(limit: UInt = 20u): List<KnownCustomer> = store { recentCustomers(limit) }

    /** Customers in whose name, number or mail each word of a text begins one, the latest first, at most 50. */
    public suspend fun searchCustomers(text: String): List<KnownCustomer> = store { searchCustomers(text) }

    /**
     * Forgets a customer for good; amounts, lines and references stay. Ask first. Throws
     * [PaylinkException.StillNeeded] with the orders that are unsent, held, or can still be paid.
     */
    public suspend fun forgetCustomer(id: CustomerId): Forgotten = store { forgetCustomer(id) }

    /** Deletes the files of a damaged database that were set aside, at once, and gives their names. Ask first. */
    public suspend fun deleteSetAside(): List<String> = store { deleteSetAside() }

    // Reading, for as long as somebody looks

    /** The goods: as they are now, then after each change. */
    public fun observeItems(): Flow<List<CatalogueItem>> = changes.latest { core.items() }

    /** Customers who bought last: now, then after each change. */
    public fun observeRecentCustomers(limit: UInt = 20u): Flow<List<KnownCustomer>> =
        changes.latest { core.recentCustomers(limit) }

    /** A link: as it is now, then after each change. Ends when the core is closed. */
    public fun observe(id: OrderId): Flow<PaymentLink> = changes.latest { core.link(id) }

    /** A link with its lines, sums and timeline: as it is now, then after each change. */
    public fun observeDetail(id: OrderId): Flow<LinkDetail> = changes.latest { core.detail(id) }

    /** Links, newest first: as they are now, then after each change. */
    public fun observeLinks(filter: LinkFilter = LinkFilter(), page: Page = Page()): Flow<List<PaymentLink>> =
        changes.latest { core.links(filter, page) }

    /** How many operations are in each open state: now, then after each change. */
    public fun observePending(): Flow<Pending> = changes.latest { core.pending() }

    /**
     * Events over all links, each once and in order: those after [cursor] (without one, those that were not
     * acknowledged), then new ones. [acknowledge] what was shown, or it comes again with the next start.
     */
    public fun events(cursor: Long? = null): Flow<TimelineEvent> = changes.each(cursor) { core.eventsSince(it) }

    // The account

    /** The account: profile, methods, why the queue pauses, why payments cannot be seen. Waits for nothing. */
    public fun account(): AccountState = opened { account() }

    /** The account: as it is now, then after each change, such as a pause and its end. */
    public fun observeAccount(): Flow<AccountState> = changes.latest { core.account() }

    /** Checks credentials with the provider, keeps them in the secure store only, and lets the queue go on. */
    public suspend fun signIn(clientId: String, clientSecret: String): AccountState =
        opened { signIn(clientId, clientSecret) }

    /**
     * The practice account alone: so much time passes for its provider and its customers at once. Throws
     * [PaylinkException.Config] where the account is another.
     */
    public suspend fun practiceSkip(time: Duration): Unit = store { practiceSkip(milliseconds(time)) }

    /** Forgets the credentials. Throws [PaylinkException.Unsent] while anything is unsent. */
    public suspend fun signOut(): Unit = store { signOut() }

    // The phone's life

    /** Sends what waits and asks about what is open, until nothing is due or the time is over. */
    public suspend fun sync(budget: Duration): SyncReport =
        opened { sync(milliseconds(budget)) }

    /** Asks about one link now, because its screen was opened. */
    public suspend fun refresh(id: OrderId): Unit = store { refresh(id) }

    /** Says whether the app is in front: then open links are asked about by themselves. */
    public suspend fun setForeground(foreground: Boolean): Unit = store { setForeground(foreground) }

    /** Says whether the phone has a network now. Offline, nothing is tried; back online, all that waits is due. */
    public suspend fun networkChanged(online: Boolean): Unit = store { networkChanged(online) }

    /** What became of a damaged database that was found at opening; null: nothing was damaged, or it was acknowledged. */
    public suspend fun recovered(): RecoveryReport? = store { recovered() }

    /** Remembers that the seller has seen what [recovered] says. */
    public suspend fun acknowledgeRecovered(): Unit = store { acknowledgeRecovered() }

    /** Stops all work and closes the database, within 3 s. What is observed keeps its last value until [resume]. */
    public suspend fun suspend(): Unit = toItsEnd { `suspend`() }

    /** Opens the database again after [suspend]. What is observed is read again. */
    public suspend fun resume(): Unit = toItsEnd {
        resume()
        changes.tell()
    }

    /**
     * As [suspend], for good: every flow ends, and calls throw [PaylinkException.Closed] from now on. Blocks for 3 s at
     * most. Calls that are under way end first, or throw that or [PaylinkException.Suspended]. Again: nothing.
     */
    @Synchronized
    override fun close() {
        if (!core.uniffiIsDestroyed) {
            core.shutDown()
            changes.close()
            core.close()
        }
    }

    private fun milliseconds(time: Duration): Long =
        time.coerceIn(Duration.ZERO, Duration.ofMillis(Long.MAX_VALUE)).toMillis()

    private suspend fun <T> store(call: Core.() -> T): T = waiting { opened { call() } }

    /** Waits also when it is cancelled, or the next call would overtake it. */
    private suspend fun toItsEnd(call: Core.() -> Unit): Unit = withContext(Dispatchers.IO) { opened { call() } }

    /** A call of the core, whose handle [close] may let go of at any time. */
    private inline fun <T> opened(call: Core.() -> T): T =
        try {
            core.call()
        } catch (stopped: CancellationException) {
            throw stopped
        } catch (gone: IllegalStateException) {
            throw if (core.uniffiIsDestroyed) PaylinkException.Closed() else gone
        }

    public companion object {
        /**
         * Opens the core on its data directory and takes the directory's exclusive lock. Ask [recovered] afterwards.
         * Throws [PaylinkException.Config] with the field that is wrong, [PaylinkException.InUse],
         * [PaylinkException.Storage]. Cancelled, it ends once what it opened is closed again.
         */
        public suspend fun open(
            config: Config,
            secureStore: SecureStore,
            tokenSource: TokenSource? = null,
        ): Paylink = of { Core.open(config, GuardedStore(secureStore), tokenSource?.let(::GuardedTokens)) }

        /**
         * Reads a set-up link or an invitation that was pasted or scanned; stores nothing, and waits for nothing. Show the
         * summary, ask, and take [config] of the set-up. [current] is the account's configuration, if the phone has it.
         */
        public fun checkSetup(text: String, current: Config? = null): SetupCheck = readSetup(text, current)

        /** Opens an invitation with its code, which is up to a second of work; stores nothing. */
        public suspend fun openInvitation(text: String, code: String, current: Config? = null): SetupCheck =
            withContext(Dispatchers.Default) { unseal(text, code, current) }

        /** Opens a data directory for reading beside its owner: nothing is sent or written. */
        public suspend fun openReadOnly(config: Config): Paylink = of { Core.openReadOnly(config) }

        private suspend fun of(open: () -> Core): Paylink {
            var opened: Paylink? = null
            try {
                return withContext(Dispatchers.IO) { Paylink(open()).also { opened = it } }
            } catch (cancelled: CancellationException) {
                // Nobody gets it, and it has the directory's lock.
                withContext(NonCancellable + Dispatchers.IO) { opened?.close() }
                throw cancelled
            }
        }
    }
}
