package com.paylink.app.links

import androidx.annotation.StringRes
import androidx.lifecycle.SavedStateHandle
import androidx.lifecycle.ViewModel
import androidx.lifecycle.viewModelScope
import com.paylink.app.R
import com.paylink.app.core.CoreHolder
import com.paylink.app.core.told
import com.paylink.core.AccountState
import com.paylink.core.Delivered
import com.paylink.core.LinkStatus
import com.paylink.core.Page
import com.paylink.core.PaylinkException
import com.paylink.core.PaymentLink
import com.paylink.core.Pending
import com.paylink.core.RecoveryReport
import java.time.Duration
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.combine
import kotlinx.coroutines.flow.distinctUntilChanged
import kotlinx.coroutines.flow.flatMapLatest
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.launch

/** Where a link stands on the page. What needs the seller comes first, and what waits is never hidden. */
enum class Group(@StringRes val words: Int) {
    NeedsYou(R.string.group_needs_you),
    Waiting(R.string.group_waiting),
    Open(R.string.group_open),
    Paid(R.string.group_paid),
    Earlier(R.string.group_earlier),
    ;

    companion object {
        fun of(link: PaymentLink): Group = when (link.status) {
            LinkStatus.Unknown, LinkStatus.NeedsAttention -> NeedsYou
            LinkStatus.Queued, LinkStatus.Creating -> Waiting
            // Ready: no customer has it until the seller sends it.
            LinkStatus.Open -> if (link.delivery.state == Delivered.Ready) NeedsYou else Open
            LinkStatus.Opened, LinkStatus.OnHold, LinkStatus.Authorized -> Open
            LinkStatus.Captured, LinkStatus.PartiallyCaptured, LinkStatus.PartiallyRefunded -> Paid
            LinkStatus.Refunded, LinkStatus.Voided, LinkStatus.Declined, LinkStatus.Failed, LinkStatus.Expired, LinkStatus.Cancelled,
            LinkStatus.Superseded, is LinkStatus.Unrecognised,
            -> Earlier
        }
    }
}

data class LinksState(
    /** Null until they were read once. */
    val groups: Map<Group, List<PaymentLink>>? = null,
    val search: String = "",
    val mayHaveMore: Boolean = false,
    val pending: Pending? = null,
    val account: AccountState? = null,
    val syncing: Boolean = false,
    val recovered: RecoveryReport? = null,
    val error: PaylinkException? = null,
) {
    val unsent: Int get() = pending?.run { (queued + sending + waiting).toInt() } ?: 0

    /** What the badge counts: held, looked for, refused. */
    val needsYou: Int get() = pending?.run { (unknown + held + parked).toInt() } ?: 0
}

/** All links, as they are now. */
@OptIn(ExperimentalCoroutinesApi::class)
class LinksModel(private val core: CoreHolder, private val saved: SavedStateHandle) : ViewModel() {
    private val current = MutableStateFlow(LinksState(search = saved[SEARCH] ?: ""))
    private val shown = MutableStateFlow(PAGE)

    val state: StateFlow<LinksState> = current

    init {
        viewModelScope.launch {
            core.onEach { paylink ->
                launch { paylink.observePending().told(::fail) { pending -> current.update { it.copy(pending = pending) } } }
                launch { paylink.observeAccount().told(::fail) { account -> current.update { it.copy(account = account) } } }
                attempt { current.update { it.copy(recovered = paylink.recovered()) } }
                combine(current.map { it.search.trim() }.distinctUntilChanged(), shown, ::Pair)
                    .flatMapLatest { (search, limit) -> paylink.observeLinks(page = Page(limit = limit)).map { if (search.isEmpty()) it else paylink.search(search) } }
                    .told(::fail) { links -> current.update { it.copy(groups = grouped(links), mayHaveMore = links.size.toUInt() == shown.value) } }
            }
        }
    }

    fun search(text: String) {
        saved[SEARCH] = text
        current.update { it.copy(search = text) }
    }

    fun more() = shown.update { it + PAGE }

    /** Sends what waits and asks what was paid. */
    fun sync() {
        if (current.value.syncing) return
        current.update { it.copy(syncing = true, error = null) }
        viewModelScope.launch {
            attempt { core.paylink().sync(BUDGET) }
            current.update { it.copy(syncing = false) }
        }
    }

    fun recoverySeen() {
        viewModelScope.launch {
            attempt {
                core.paylink().acknowledgeRecovered()
                current.update { it.copy(recovered = null) }
            }
        }
    }

    private fun grouped(links: List<PaymentLink>) = links.groupBy(Group::of).toSortedMap()

    private suspend fun attempt(what: suspend () -> Unit) {
        try {
            what()
        } catch (failed: PaylinkException) {
            fail(failed)
        }
    }

    private fun fail(error: PaylinkException) = current.update { it.copy(error = error) }

    private companion object {
        const val SEARCH = "search"

        /** What fills a few screens; more come at the end of the list. */
        const val PAGE = 100u

        /** As long as a seller watches the strip. */
        val BUDGET: Duration = Duration.ofSeconds(20)
    }
}
