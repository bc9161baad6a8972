package com.paylink.app.day

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.rememberScrollState
import androidx.compose.foundation.verticalScroll
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.LocalContext
import androidx.compose.ui.res.pluralStringResource
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.heading
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.TextStyle
import androidx.compose.ui.text.style.TextAlign
import androidx.compose.ui.unit.dp
import com.paylink.app.R
import com.paylink.app.ui.CardBox
import com.paylink.app.ui.EDGE
import com.paylink.app.ui.Hairline
import com.paylink.app.ui.Head
import com.paylink.app.ui.Notice
import com.paylink.app.ui.Symbol
import com.paylink.app.ui.SymbolButton
import com.paylink.app.ui.icon
import com.paylink.app.ui.largeFont
import com.paylink.app.ui.look
import com.paylink.app.ui.said
import com.paylink.app.ui.shown
import com.paylink.app.ui.tone
import com.paylink.app.ui.words
import com.paylink.core.Delivered
import com.paylink.core.Delivery
import com.paylink.core.LinkStatus
import com.paylink.core.PaidTotals

interface DayActions {
    fun go(days: Long)
}

/** One figure, one table, and how the links were sent and stand. */
@Composable
fun DayScreen(state: DayState, actions: DayActions) {
    Column(Modifier.fillMaxSize().verticalScroll(rememberScrollState()).padding(horizontal = EDGE).padding(bottom = 16.dp), Arrangement.spacedBy(8.dp)) {
        Row(Modifier.fillMaxWidth().heightIn(min = 56.dp), verticalAlignment = Alignment.CenterVertically) {
            SymbolButton(R.drawable.ic_chevron_left, stringResource(R.string.day_before)) { actions.go(-1) }
            Column(Modifier.weight(1f), horizontalAlignment = Alignment.CenterHorizontally) {
                if (state.today) Text(stringResource(R.string.today), Modifier.semantics { heading() }, style = MaterialTheme.typography.titleLarge)
                Text(
                    shown.date(state.date), color = MaterialTheme.colorScheme.onSurfaceVariant, textAlign = TextAlign.Center,
                    style = if (state.today) MaterialTheme.typography.bodyMedium else MaterialTheme.typography.titleMedium,
                )
            }
            if (state.today) {
                Column(Modifier.padding(horizontal = 24.dp)) {}
            } else {
                SymbolButton(R.drawable.ic_chevron_right, stringResource(R.string.day_after)) { actions.go(1) }
            }
        }
        state.error?.let { Notice(it.said(LocalContext.current), true) }
        val report = state.report ?: return@Column
        if (report.paid.isEmpty()) {
            Text(stringResource(R.string.nothing_sold), color = MaterialTheme.colorScheme.onSurfaceVariant, style = MaterialTheme.typography.bodyLarge)
        }
        report.paid.forEach { Paid(it) }
        Counted(R.string.by_channel, report.byChannel) { code -> Delivery.known.firstOrNull { it.code == code }?.let { icon(it) to words(it) } }
        Counted(R.string.by_state, report.byStatus) { code ->
            LinkStatus.known.firstOrNull { it.code == code }?.let { look(it, Delivered.Sent).icon to words(it, Delivered.Sent) }
        }
    }
}

@Composable
private fun Paid(paid: PaidTotals) {
    val totals = paid.totals
    val spoken = shown.spoken(totals.total)
    Column(Modifier.semantics(mergeDescendants = true) {}) {
        Text(shown.money(totals.total), Modifier.semantics { contentDescription = spoken; heading() }, style = MaterialTheme.typography.displaySmall)
        Text(
            pluralStringResource(R.plurals.payments, paid.count.toInt(), paid.count.toInt()) + " · " + stringResource(R.string.vat_included, shown.money(totals.vat)),
            color = MaterialTheme.colorScheme.onSurfaceVariant, style = MaterialTheme.typography.bodyLarge,
        )
        if (paid.refunded.minor != 0L) {
            Text(
                stringResource(R.string.refunded_today) + " " + shown.money(paid.refunded),
                color = MaterialTheme.colorScheme.onSurfaceVariant, style = MaterialTheme.typography.bodyLarge,
            )
        }
    }
    CardBox {
        Column(Modifier.padding(16.dp, 12.dp), Arrangement.spacedBy(12.dp)) {
            val quiet = MaterialTheme.typography.bodyMedium.copy(color = MaterialTheme.colorScheme.onSurfaceVariant)
            val names = listOf(R.string.rate, R.string.without_vat, R.string.vat_column, R.string.sum).map { stringResource(it) }
            if (!largeFont) Table(names, names, quiet)
            totals.byVat.forEach { Table(listOf(it.rate + " %", shown.bare(it.net), shown.bare(it.vat), shown.bare(it.total)), names, MaterialTheme.typography.bodyMedium) }
            Hairline()
            Table(
                listOf(stringResource(R.string.all_rates), shown.bare(totals.net), shown.bare(totals.vat), shown.bare(totals.total)), names,
                MaterialTheme.typography.labelLarge,
            )
        }
    }
}

/** A row of the table; where the font is large, each figure on a line of its own with its name. */
@Composable
private fun Table(cells: List<String>, names: List<String>, style: TextStyle) {
    if (largeFont) {
        Column(Modifier.semantics(mergeDescendants = true) {}) {
            Text(cells.first(), style = style)
            names.drop(1).zip(cells.drop(1)).forEach { (name, cell) ->
                Row(Modifier.fillMaxWidth(), Arrangement.SpaceBetween) {
                    Text(name, Modifier.weight(1f), style = style)
                    Text(cell, softWrap = false, style = style)
                }
            }
        }
    } else {
        Row(Modifier.fillMaxWidth().semantics(mergeDescendants = true) {}) {
            cells.forEachIndexed { at, cell ->
                Text(cell, Modifier.weight(if (at == 0) 0.8f else 1f), textAlign = if (at == 0) TextAlign.Start else TextAlign.End, style = style)
            }
        }
    }
}

/** How many links of each kind; a code that only a newer core knows is counted under neutral words. */
@Composable
private fun Counted(title: Int, counts: Map<String, UInt>, of: (String) -> Pair<Int, Int>?) {
    if (counts.isEmpty()) return
    Head(stringResource(title), Modifier.padding(top = 8.dp))
    CardBox {
        counts.entries.forEachIndexed { at, (code, count) ->
            if (at > 0) Hairline()
            val (icon, words) = of(code) ?: (R.drawable.ic_help to R.string.neutral)
            Row(
                Modifier.fillMaxWidth().heightIn(min = 56.dp).padding(16.dp, 8.dp).semantics(mergeDescendants = true) {},
                Arrangement.spacedBy(12.dp), Alignment.CenterVertically,
            ) {
                Symbol(icon, tint = MaterialTheme.colorScheme.onSurfaceVariant)
                Text(stringResource(words), Modifier.weight(1f), style = MaterialTheme.typography.bodyLarge)
                Text(pluralStringResource(R.plurals.links_count, count.toInt(), count.toInt()), style = MaterialTheme.typography.bodyLarge)
            }
        }
    }
}
