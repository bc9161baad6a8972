package com.paylink.app.links

import androidx.compose.foundation.background
import androidx.compose.foundation.clickable
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.lazy.LazyColumn
import androidx.compose.foundation.lazy.LazyListScope
import androidx.compose.foundation.lazy.items
import androidx.compose.foundation.shape.CircleShape
import androidx.compose.material3.ExperimentalMaterial3Api
import androidx.compose.material3.LinearProgressIndicator
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Surface
import androidx.compose.material3.Text
import androidx.compose.material3.TextButton
import androidx.compose.material3.TextField
import androidx.compose.material3.TextFieldDefaults
import androidx.compose.material3.pulltorefresh.PullToRefreshBox
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.platform.LocalContext
import androidx.compose.ui.res.pluralStringResource
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.semantics.LiveRegionMode
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.liveRegion
import androidx.compose.ui.semantics.clearAndSetSemantics
import androidx.compose.ui.semantics.onClick
import androidx.compose.ui.semantics.role
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.style.TextAlign
import androidx.compose.ui.text.style.TextOverflow
import androidx.compose.ui.unit.dp
import com.paylink.app.R
import com.paylink.app.ui.EDGE
import com.paylink.app.ui.Hairline
import com.paylink.app.ui.Head
import com.paylink.app.ui.MainButton
import com.paylink.app.ui.Notice
import com.paylink.app.ui.StateCircle
import com.paylink.app.ui.Symbol
import com.paylink.app.ui.SymbolButton
import com.paylink.app.ui.largeFont
import com.paylink.app.ui.look
import com.paylink.app.ui.said
import com.paylink.app.ui.shown
import com.paylink.app.ui.state
import com.paylink.app.ui.tone
import com.paylink.app.ui.tones
import com.paylink.app.ui.who
import com.paylink.app.ui.words
import com.paylink.core.PaymentLink
import com.paylink.core.RecoveryReport

interface LinksActions {
    fun search(text: String)
    fun more()
    fun sync()
    fun open(link: String)
    fun newSale()
    fun signIn()
    fun recoverySeen()
}

@OptIn(ExperimentalMaterial3Api::class)
@Composable
fun LinksScreen(state: LinksState, actions: LinksActions, chosen: String? = null) {
    Column(Modifier.fillMaxSize()) {
        Search(state.search, actions::search)
        Strip(state, actions)
        PullToRefreshBox(state.syncing, actions::sync, Modifier.weight(1f)) {
            val groups = state.groups
            LazyColumn(Modifier.fillMaxSize()) {
                state.recovered?.let { report -> item(key = "recovered") { Recovered(report, actions::recoverySeen) } }
                state.account?.reading?.let { reading ->
                    item(key = "reading") { Notice(stringResource(R.string.reading_paused) + " " + stringResource(words(reading)), true, Modifier.padding(EDGE, 8.dp)) }
                }
                state.error?.let { error -> item(key = "error") { Notice(error.said(LocalContext.current), true, Modifier.padding(EDGE, 8.dp)) } }
                when {
                    groups == null -> Unit
                    groups.isEmpty() -> item(key = "empty") { Empty(state.search.isNotBlank(), actions::newSale) }
                    else -> groups.forEach { (group, links) -> group(group, links, chosen, actions) }
                }
                if (state.mayHaveMore) {
                    item(key = "more") {
                        TextButton(actions::more, Modifier.fillMaxWidth().heightIn(min = 56.dp)) { Text(stringResource(R.string.show_more)) }
                    }
                }
            }
        }
    }
}

private fun LazyListScope.group(group: Group, links: List<PaymentLink>, chosen: String?, actions: LinksActions) {
    item(key = group) {
        val color = if (group == Group.NeedsYou) tones.danger.strong else MaterialTheme.colorScheme.onSurfaceVariant
        Head(stringResource(group.words) + " · " + links.size, Modifier.padding(start = EDGE, end = EDGE, top = 16.dp, bottom = 6.dp), color)
        Hairline()
    }
    items(links, key = PaymentLink::id) { link ->
        LinkRow(link, link.id == chosen) { actions.open(link.id) }
        Hairline()
    }
}

/** One node: who, how much, where it stands, which order. */
@Composable
private fun LinkRow(link: PaymentLink, chosen: Boolean, onClick: () -> Unit) {
    val spoken = stringResource(R.string.speak_row, link.who(shown), shown.spoken(link.amount), link.state, link.reference)
    Row(
        Modifier
            .fillMaxWidth()
            .background(if (chosen) MaterialTheme.colorScheme.primaryContainer else MaterialTheme.colorScheme.surfaceContainer)
            .clickable(role = Role.Button, onClick = onClick)
            .clearAndSetSemantics {
                contentDescription = spoken
                role = Role.Button
                onClick { onClick(); true }
            }
            .heightIn(min = 72.dp)
            .padding(horizontal = EDGE, vertical = 8.dp),
        Arrangement.spacedBy(12.dp), Alignment.CenterVertically,
    ) {
        StateCircle(link.look)
        val who: @Composable (Modifier) -> Unit = { Text(link.who(shown), it, maxLines = 1, overflow = TextOverflow.Ellipsis, style = MaterialTheme.typography.titleMedium) }
        val amount: @Composable () -> Unit = { Text(shown.money(link.amount), softWrap = false, style = MaterialTheme.typography.titleLarge) }
        val where: @Composable (Modifier) -> Unit = { Text(link.state, it, link.look.role.tone.strong, style = MaterialTheme.typography.labelLarge) }
        val order: @Composable () -> Unit = { Text(link.reference, color = MaterialTheme.colorScheme.onSurfaceVariant, style = MaterialTheme.typography.bodyMedium) }
        Column(Modifier.weight(1f)) {
            if (largeFont) {
                who(Modifier)
                amount()
                where(Modifier)
                order()
            } else {
                Row(Modifier.fillMaxWidth(), Arrangement.spacedBy(8.dp), Alignment.CenterVertically) {
                    who(Modifier.weight(1f))
                    amount()
                }
                Row(Modifier.fillMaxWidth(), Arrangement.spacedBy(8.dp), Alignment.CenterVertically) {
                    where(Modifier.weight(1f))
                    order()
                }
            }
        }
    }
}

@Composable
private fun Search(text: String, onChange: (String) -> Unit) {
    TextField(
        text, onChange, Modifier.fillMaxWidth().padding(horizontal = EDGE, vertical = 8.dp),
        placeholder = { Text(stringResource(if (largeFont) R.string.search_short else R.string.search)) },
        leadingIcon = { Symbol(R.drawable.ic_search, tint = MaterialTheme.colorScheme.onSurfaceVariant) },
        trailingIcon = if (text.isEmpty()) null else ({ SymbolButton(R.drawable.ic_close, stringResource(R.string.remove)) { onChange("") } }),
        singleLine = true, shape = CircleShape,
        colors = TextFieldDefaults.colors(
            focusedContainerColor = MaterialTheme.colorScheme.surfaceContainerHigh,
            unfocusedContainerColor = MaterialTheme.colorScheme.surfaceContainerHigh,
            focusedIndicatorColor = Color.Transparent, unfocusedIndicatorColor = Color.Transparent,
        ),
    )
}

/** There as long as anything is unsent, with the reason and the one thing to do. */
@Composable
private fun Strip(state: LinksState, actions: LinksActions) {
    if (state.unsent == 0) return
    val paused = state.account?.paused
    Surface(Modifier.fillMaxWidth(), color = tones.waiting.soft, contentColor = MaterialTheme.colorScheme.onSurface) {
        Column(Modifier.semantics { liveRegion = LiveRegionMode.Polite }) {
            val text = @Composable {
                Text(pluralStringResource(R.plurals.not_sent_yet, state.unsent, state.unsent), style = MaterialTheme.typography.titleMedium)
                Text(stringResource(paused?.let(::words) ?: R.string.goes_by_itself), style = MaterialTheme.typography.bodyMedium)
            }
            val button = @Composable {
                when {
                    state.syncing -> Text(stringResource(R.string.sending_now), Modifier.padding(12.dp), style = MaterialTheme.typography.labelLarge)
                    paused != null -> TextButton(actions::signIn, Modifier.heightIn(min = 48.dp)) { Text(stringResource(R.string.sign_in_again)) }
                    else -> TextButton(actions::sync, Modifier.heightIn(min = 48.dp)) { Text(stringResource(R.string.send_now)) }
                }
            }
            Row(Modifier.heightIn(min = 56.dp).padding(start = EDGE, end = 4.dp, top = 4.dp, bottom = 4.dp), Arrangement.spacedBy(12.dp), Alignment.CenterVertically) {
                Symbol(R.drawable.ic_schedule, tint = tones.waiting.strong)
                Column(Modifier.weight(1f)) {
                    text()
                    if (largeFont) button()
                }
                if (!largeFont) button()
            }
            if (state.syncing) LinearProgressIndicator(Modifier.fillMaxWidth(), tones.waiting.strong, tones.waiting.soft)
        }
    }
}

@Composable
private fun Empty(searched: Boolean, newSale: () -> Unit) {
    Column(Modifier.fillMaxWidth().padding(EDGE).padding(top = 96.dp), Arrangement.spacedBy(12.dp), Alignment.CenterHorizontally) {
        if (searched) {
            Text(stringResource(R.string.nothing_found), style = MaterialTheme.typography.headlineSmall)
            return@Column
        }
        Box(Modifier.background(MaterialTheme.colorScheme.primaryContainer, CircleShape).padding(20.dp)) {
            Symbol(R.drawable.ic_link, tint = MaterialTheme.colorScheme.onPrimaryContainer)
        }
        Text(stringResource(R.string.no_links), style = MaterialTheme.typography.headlineSmall)
        Text(
            stringResource(R.string.no_links_text), color = MaterialTheme.colorScheme.onSurfaceVariant,
            textAlign = TextAlign.Center, style = MaterialTheme.typography.bodyLarge,
        )
        MainButton(stringResource(R.string.new_sale), newSale, icon = R.drawable.ic_add)
    }
}

/** A damaged store that was repaired: told until the seller has seen it. */
@Composable
private fun Recovered(report: RecoveryReport, seen: () -> Unit) {
    Surface(Modifier.fillMaxWidth().padding(EDGE, 8.dp), MaterialTheme.shapes.medium, tones.danger.soft, MaterialTheme.colorScheme.onSurface) {
        Column(Modifier.padding(16.dp), Arrangement.spacedBy(4.dp)) {
            Text(stringResource(R.string.recovered_title), color = tones.danger.strong, style = MaterialTheme.typography.titleMedium)
            Text(stringResource(R.string.recovered_text), style = MaterialTheme.typography.bodyMedium)
            report.lost?.toInt()?.takeIf { it > 0 }?.let {
                Text(pluralStringResource(R.plurals.recovered_lost, it, it), style = MaterialTheme.typography.bodyMedium)
            }
            TextButton(seen, Modifier.heightIn(min = 48.dp)) { Text(stringResource(R.string.seen_it)) }
        }
    }
}
