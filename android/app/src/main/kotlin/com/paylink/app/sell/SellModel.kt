package com.paylink.app.sell

import android.os.Bundle
import androidx.lifecycle.SavedStateHandle
import androidx.lifecycle.ViewModel
import androidx.lifecycle.viewModelScope
import com.paylink.Paylink
import com.paylink.Sale
import com.paylink.app.core.Account
import com.paylink.app.core.CoreHolder
import com.paylink.app.core.told
import com.paylink.core.CatalogueItem
import com.paylink.core.Draft
import com.paylink.core.DraftCheck
import com.paylink.core.DraftItem
import com.paylink.core.KnownCustomer
import com.paylink.core.PaylinkException
import com.paylink.core.Problem
import com.paylink.core.Severity
import com.paylink.core.Totals
import com.paylink.core.methodFamily
import java.math.BigDecimal
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.receiveAsFlow
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.launch
import kotlinx.coroutines.withContext

/** A line that was taken out, for as long as it can come back. */
data class Removed(val at: Int, val item: DraftItem)

data class SellState(
    val draft: Draft = Draft(),
    val problems: List<Problem> = emptyList(),
    /** Null where a line cannot be computed: then no sum is shown, and none is guessed. */
    val totals: Totals? = null,
    /** Fields that the seller has left, by the contract's names; of others nothing is said yet. */
    val left: Set<String> = emptySet(),
    /** Send was tapped: now everything is said. */
    val tried: Boolean = false,
    val saving: Boolean = false,
    /** Families of the profile's payment methods. */
    val families: List<String> = emptyList(),
    val removed: Removed? = null,
    /** The tiles, in the seller's own order, which selling does not change. */
    val favourites: List<CatalogueItem> = emptyList(),
    val recent: List<KnownCustomer> = emptyList(),
    val practice: Boolean = false,
    /** The last sale's lines, for an empty one. */
    val last: Draft? = null,
    val error: PaylinkException? = null,
) {
    val empty: Boolean get() = draft.items.isEmpty() && draft.amount.isEmpty()

    /** How many of it are in the sale, for its tile. */
    fun count(item: CatalogueItem): String? = draft.items.firstOrNull { it.item == item.id }?.let { it.quantity.ifEmpty { "1" } }

    /** What is said now of a field, the gravest first. */
    fun problem(field: String, line: Int? = null): Problem? =
        problems.filter { it.field == field && it.line?.toInt() == line && said(it) }.minByOrNull { it.severity != Severity.Error }

    /** What stops the sale, and is said. */
    val stopping: List<Problem> get() = problems.filter { it.severity == Severity.Error && said(it) }

    /** Whether a line's own fields are wrong. */
    fun problemsOfLine(line: Int): List<Problem> = problems.filter { it.line?.toInt() == line }

    // A line is typed in a sheet of its own: once it is in the sale, it was left.
    private fun said(problem: Problem) = tried || problem.line != null || problem.field in left
}

/** The sale that is being typed. It survives the death of the process; the core says all that is wrong, and the sums. */
class SellModel(private val core: CoreHolder, private val remembered: Remembered, saved: SavedStateHandle) : ViewModel() {
    private val current = MutableStateFlow(SellState(saved.get<Bundle>(TYPED)?.toDraft() ?: remembered.begin()))
    private val saves = Channel<String>(Channel.BUFFERED)

    private var account: Account? = null

    val state: StateFlow<SellState> = current

    /** The ids of sales that are on the disk now, each once. */
    val sold = saves.receiveAsFlow()

    init {
        saved.setSavedStateProvider(TYPED) { current.value.draft.toBundle() }
        viewModelScope.launch { core.onEach(::watch) }
    }

    private suspend fun watch(scope: CoroutineScope, paylink: Paylink) = with(scope) {
        account = core.account()
        current.update { if (it.draft == remembered.begin()) it.copy(draft = remembered.begin(account)) else it }
        check()
        launch { paylink.observeItems().told(::fail) { items -> current.update { it.copy(favourites = items.filter(CatalogueItem::favourite)) } } }
        launch {
            paylink.observeRecentCustomers(RECENT).told(::fail) { customers ->
                val last = paylink.lastSale()
                current.update { it.copy(recent = customers, last = last) }
            }
        }
        paylink.observeAccount().told(::fail) { account ->
            current.update { it.copy(families = account.methods.map(::methodFamily).distinct(), practice = account.practice) }
        }
    }

    /** Something was typed or chosen. */
    fun change(edit: Draft.() -> Draft) {
        current.update { it.copy(draft = it.draft.edit(), error = null) }
        viewModelScope.launch { check() }
    }

    fun leave(field: String) = current.update { it.copy(left = it.left + field) }

    fun add(item: DraftItem) = change { copy(items = items + item) }

    /** One more of it: in its line, or in a new one. */
    fun add(item: CatalogueItem) {
        val at = current.value.draft.items.indexOfFirst { it.item == item.id }
        if (at >= 0) step(at, 1) else add(item.line)
    }

    fun choose(customer: KnownCustomer) = change { copy(name = customer.name.orEmpty(), phone = customer.phone.orEmpty(), email = customer.email.orEmpty()) }

    fun asLastTime() {
        val last = current.value.last ?: return
        change { copy(items = last.items, amount = last.amount) }
    }

    /** A sale that the core gives, in place of what is typed. */
    fun begin(draft: Draft) {
        current.update { it.copy(draft = draft, left = emptySet(), tried = false) }
        viewModelScope.launch { check() }
    }

    private fun fail(error: PaylinkException) = current.update { it.copy(error = error) }

    fun replace(at: Int, item: DraftItem) = change { copy(items = items.mapIndexed { index, old -> if (index == at) item else old }) }

    /** One more or one less; the last one takes the line out. */
    fun step(at: Int, by: Int) {
        val item = current.value.draft.items.getOrNull(at) ?: return
        val quantity = (item.quantity.replace(',', '.').toBigDecimalOrNull() ?: BigDecimal.ONE) + BigDecimal(by)
        if (quantity.signum() > 0) replace(at, item.copy(quantity = quantity.toPlainString())) else remove(at)
    }

    fun remove(at: Int) {
        val item = current.value.draft.items.getOrNull(at) ?: return
        change { copy(items = items.filterIndexed { index, _ -> index != at }) }
        current.update { it.copy(removed = Removed(at, item)) }
    }

    fun putBack() {
        val removed = current.value.removed ?: return
        current.update { it.copy(removed = null) }
        change { copy(items = items.take(removed.at) + removed.item + items.drop(removed.at)) }
    }

    fun forgetRemoved() = current.update { it.copy(removed = null) }

    /** One field for both, as it is typed at a door: what has an at sign is a mail. */
    fun customer(text: String) {
        // Who begins anew is not told of what was there before.
        if (text.isEmpty()) current.update { it.copy(left = it.left - CUSTOMER) }
        change { if ('@' in text) copy(email = text, phone = "") else copy(phone = text, email = "") }
    }

    fun clear() {
        current.update { SellState(remembered.begin(account), families = it.families, favourites = it.favourites, recent = it.recent, last = it.last, practice = it.practice) }
        viewModelScope.launch { check() }
    }

    fun errorSeen() = current.update { it.copy(error = null) }

    fun send() {
        val sale = current.value
        if (sale.saving || sale.empty) return
        current.update { it.copy(tried = true) }
        if (sale.problems.any { it.severity == Severity.Error }) return
        current.update { it.copy(saving = true) }
        viewModelScope.launch {
            try {
                when (val made = core.paylink().create(sale.draft)) {
                    is Sale.Saved -> {
                        withContext(Dispatchers.IO) { remembered.keep(sale.draft) }
                        clear()
                        saves.send(made.link.id)
                    }
                    is Sale.Refused -> current.update { it.copy(saving = false, problems = made.problems) }
                }
            } catch (failed: PaylinkException) {
                current.update { it.copy(saving = false, error = failed) }
            }
        }
    }

    private suspend fun check() {
        val paylink = core.paylink()
        try {
            val draft = current.value.draft
            val checked = if (current.value.empty) DraftCheck(emptyList(), null) else paylink.check(draft)
            current.update { if (it.draft == draft) it.copy(problems = checked.problems, totals = checked.totals) else it }
        } catch (_: PaylinkException.Closed) {
            // The next core checks again.
        }
    }

    private companion object {
        const val TYPED = "sale"

        /** As many as fit on a small screen and one more. */
        const val RECENT = 6u
        val CUSTOMER = setOf("phone", "email")
    }
}
