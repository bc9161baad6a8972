package com.paylink.app.sell

import androidx.compose.foundation.clickable
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.BoxWithConstraints
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.imePadding
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.width
import androidx.compose.foundation.layout.widthIn
import androidx.compose.foundation.rememberScrollState
import androidx.compose.foundation.verticalScroll
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.SnackbarHost
import androidx.compose.material3.SnackbarHostState
import androidx.compose.material3.SnackbarResult
import androidx.compose.material3.Surface
import androidx.compose.material3.Text
import androidx.compose.material3.TextButton
import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.saveable.rememberSaveable
import androidx.compose.runtime.setValue
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.LocalContext
import androidx.compose.ui.platform.LocalFocusManager
import androidx.compose.ui.res.pluralStringResource
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.semantics.LiveRegionMode
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.liveRegion
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.dp
import com.paylink.app.R
import com.paylink.app.ui.CardBox
import com.paylink.app.ui.EDGE
import com.paylink.app.ui.Hairline
import com.paylink.app.ui.Notice
import com.paylink.app.ui.Symbol
import com.paylink.app.ui.SymbolButton
import com.paylink.app.ui.largeFont
import com.paylink.app.ui.said
import com.paylink.app.ui.shown
import com.paylink.core.CatalogueItem
import com.paylink.core.Draft
import com.paylink.core.DraftItem
import com.paylink.core.KnownCustomer

/** Without the rail, what a tablet's window leaves. */
private val WIDE = 760.dp

/** What the sale can do. */
interface SellActions {
    fun change(edit: Draft.() -> Draft)
    fun leave(field: String)
    fun add(item: DraftItem)
    fun replace(at: Int, item: DraftItem)
    fun step(at: Int, by: Int)
    fun remove(at: Int)
    fun putBack()
    fun forgetRemoved()
    fun customer(text: String)
    fun clear()
    fun add(item: CatalogueItem)
    fun choose(customer: KnownCustomer)
    fun asLastTime()
    fun send()
    fun errorSeen()
    fun contacts()
    fun settings()
}

@Composable
fun SellScreen(state: SellState, actions: SellActions, price: @Composable (DraftItem) -> String?) {
    var amount by rememberSaveable { mutableStateOf(false) }
    var choices by rememberSaveable { mutableStateOf(false) }
    var line by rememberSaveable { mutableStateOf<Int?>(null) }
    val snackbars = remember { SnackbarHostState() }
    // Whatever else is tapped, the field that was typed in is left.
    val focus = LocalFocusManager.current
    Said(state, actions, snackbars)
    val page = @Composable { modifier: Modifier, padHere: Boolean ->
        Column(modifier) {
            Total(state, actions)
            Column(
                Modifier.weight(1f).verticalScroll(rememberScrollState()).padding(horizontal = EDGE).padding(bottom = 8.dp),
                Arrangement.spacedBy(8.dp),
            ) {
                if (state.practice) Notice(stringResource(R.string.practice), false)
                Tiles(state, actions, padHere) {
                    focus.clearFocus()
                    amount = true
                }
                if (!state.empty) {
                    CardBox {
                        state.draft.items.forEachIndexed { at, item ->
                            if (at > 0) Hairline()
                            LineRow(state, at, item, actions) {
                                focus.clearFocus()
                                line = at
                            }
                        }
                    }
                }
                if (!state.empty && largeFont) TextButton(actions::clear, Modifier.heightIn(min = 48.dp)) { Text(stringResource(R.string.clear_sale)) }
                CustomerPart(state, actions)
                ChoicesRow(state) {
                    focus.clearFocus()
                    choices = true
                }
                DeliveryBar(state.draft.delivery) {
                    focus.clearFocus()
                    actions.change { copy(delivery = it) }
                }
                state.problem("delivery")?.let { Notice(it.said(LocalContext.current), true) }
            }
            SendBar(state, actions::send)
        }
    }
    BoxWithConstraints(Modifier.fillMaxSize().imePadding()) {
        // On a tablet the keypad is at the left, always there, and the sale at the right with Send below it.
        if (maxWidth >= WIDE) {
            Row {
                Box(Modifier.weight(1f).padding(top = 24.dp), Alignment.TopCenter) { Box(Modifier.widthIn(max = 480.dp)) { AmountPad(price, actions::add) } }
                page(Modifier.width(440.dp), true)
            }
        } else {
            page(Modifier, false)
        }
        SnackbarHost(snackbars, Modifier.align(Alignment.BottomCenter).padding(bottom = 88.dp))
    }
    if (amount) AmountSheet(price, { actions.add(it); amount = false }) { amount = false }
    if (choices) ChoicesSheet(state, actions) { choices = false }
    line?.let { at ->
        val item = state.draft.items.getOrNull(at)
        if (item == null) line = null else LineSheet(state, at, item, actions) { line = null }
    }
}

/** The sum, always in sight. */
@Composable
private fun Total(state: SellState, actions: SellActions) {
    val totals = state.totals
    val amount = when {
        state.empty -> "–"
        totals == null -> "–"
        else -> shown.money(totals.total)
    }
    val spoken = totals?.let { shown.spoken(it.total) }
    Row(Modifier.fillMaxWidth().padding(start = EDGE, end = 4.dp, top = 4.dp, bottom = 8.dp), Arrangement.spacedBy(4.dp), Alignment.CenterVertically) {
        Column(Modifier.weight(1f).semantics(mergeDescendants = true) { liveRegion = LiveRegionMode.Polite }) {
            Text(
                amount, Modifier.semantics { if (spoken != null) contentDescription = spoken },
                color = if (totals == null) MaterialTheme.colorScheme.onSurfaceVariant else MaterialTheme.colorScheme.onSurface,
                style = MaterialTheme.typography.displaySmall,
            )
            when {
                state.empty -> Small(stringResource(R.string.nothing_yet))
                totals == null -> Notice(stringResource(R.string.no_total), true)
                else -> Small(
                    stringResource(R.string.vat_included, shown.money(totals.vat)) + " · " +
                        pluralStringResource(R.plurals.items_count, state.draft.items.size, state.draft.items.size),
                )
            }
        }
        if (!state.empty && !largeFont) TextButton(actions::clear, Modifier.heightIn(min = 48.dp)) { Text(stringResource(R.string.clear_sale)) }
        SymbolButton(R.drawable.ic_settings, stringResource(R.string.settings), onClick = actions::settings)
    }
}

@Composable
private fun Small(text: String) = Text(text, color = MaterialTheme.colorScheme.onSurfaceVariant, style = MaterialTheme.typography.bodyMedium)

/** One line that says the choices, and opens them. */
@Composable
private fun ChoicesRow(state: SellState, onClick: () -> Unit) {
    val context = LocalContext.current
    Column {
        Row(
            Modifier.fillMaxWidth().clickable(role = Role.Button, onClick = onClick).heightIn(min = 56.dp).padding(vertical = 4.dp),
            Arrangement.spacedBy(12.dp), Alignment.CenterVertically,
        ) {
            Symbol(R.drawable.ic_tune, tint = MaterialTheme.colorScheme.onSurfaceVariant)
            Column(Modifier.weight(1f)) {
                Text(methodsText(state.draft) + " · " + validText(state.draft), style = MaterialTheme.typography.bodyMedium)
                Small(captureText(state.draft) + " · " + addressText(state.draft))
            }
            Symbol(R.drawable.ic_chevron_right, tint = MaterialTheme.colorScheme.onSurfaceVariant)
        }
        choiceFields.mapNotNull { state.problem(it) }.forEach { Notice(it.said(context), it.severity == com.paylink.core.Severity.Error, Modifier.padding(start = 36.dp)) }
    }
}

/** What passes by: a line that can come back, a store that failed. */
@Composable
private fun Said(state: SellState, actions: SellActions, snackbars: SnackbarHostState) {
    val context = LocalContext.current
    val undo = stringResource(R.string.undo)
    state.removed?.let { removed ->
        val text = stringResource(R.string.line_removed, removed.item.description)
        LaunchedEffect(removed) {
            when (snackbars.showSnackbar(text, undo)) {
                SnackbarResult.ActionPerformed -> actions.putBack()
                SnackbarResult.Dismissed -> actions.forgetRemoved()
            }
        }
    }
    state.error?.let { error ->
        LaunchedEffect(error) {
            snackbars.showSnackbar(error.said(context), withDismissAction = true)
            actions.errorSeen()
        }
    }
}

/** Two columns side by side, or below each other where the font is large. */
@Composable
fun deliveryColumns(): Int = if (largeFont) 2 else DELIVERIES.size
