package com.paylink.app.link

import androidx.compose.foundation.background
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.rememberScrollState
import androidx.compose.foundation.shape.CircleShape
import androidx.compose.foundation.verticalScroll
import androidx.compose.material3.AlertDialog
import androidx.compose.material3.DropdownMenu
import androidx.compose.material3.DropdownMenuItem
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Surface
import androidx.compose.material3.Text
import androidx.compose.material3.TextButton
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.setValue
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.platform.LocalContext
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.semantics.LiveRegionMode
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.heading
import androidx.compose.ui.semantics.liveRegion
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.dp
import com.paylink.app.R
import com.paylink.app.sell.methodName
import com.paylink.app.ui.Avatar
import com.paylink.app.ui.CardBox
import com.paylink.app.ui.EDGE
import com.paylink.app.ui.Hairline
import com.paylink.app.ui.MainButton
import com.paylink.app.ui.Notice
import com.paylink.app.ui.PageBar
import com.paylink.app.ui.Role
import com.paylink.app.ui.SecondButton
import com.paylink.app.ui.Symbol
import com.paylink.app.ui.SymbolButton
import com.paylink.app.ui.largeFont
import com.paylink.app.ui.look
import com.paylink.app.ui.said
import com.paylink.app.ui.shown
import com.paylink.app.ui.state
import com.paylink.app.ui.tone
import com.paylink.app.ui.tones
import com.paylink.app.ui.words
import com.paylink.core.Action
import com.paylink.core.Capture
import com.paylink.core.LinkDetail
import com.paylink.core.LinkStatus
import com.paylink.core.Money
import com.paylink.core.PaymentLink
import com.paylink.core.UnknownAnswer
import com.paylink.core.methodFamily
import com.paylink.offered

interface LinkActions {
    fun back()
    fun act(action: Action)
    fun answer(answer: UnknownAnswer)
    fun share()
    fun showQr()
    fun remind(anyway: Boolean)
    fun notReminded()
    fun call(number: String)
}

/** State and amount first, then what happened, then who and what. Nothing is offered that the core does not allow. */
@Composable
fun LinkScreen(state: LinkState, actions: LinkActions, backShown: Boolean = true) {
    val detail = state.detail
    var asked by remember { mutableStateOf<Action?>(null) }
    var answered by remember { mutableStateOf<UnknownAnswer?>(null) }
    Column(Modifier.fillMaxSize()) {
        val onClick = { action: Action ->
            when {
                action == Action.Share -> actions.share()
                action == Action.ShowQr -> actions.showQr()
                action == Action.Remind -> actions.remind(false)
                action.asksOnce -> asked = action
                else -> actions.act(action)
            }
        }
        if (backShown) {
            PageBar(detail?.link?.reference.orEmpty(), onBack = actions::back) { if (detail != null) More(detail.link, onClick) }
        } else if (detail != null) {
            Row(Modifier.fillMaxWidth().padding(EDGE, 8.dp), Arrangement.SpaceBetween, Alignment.CenterVertically) {
                Text(detail.link.reference, style = MaterialTheme.typography.titleLarge)
                More(detail.link, onClick)
            }
        }
        if (detail == null) return@Column
        val link = detail.link
        Column(Modifier.weight(1f).verticalScroll(rememberScrollState()).padding(horizontal = EDGE).padding(bottom = 16.dp), Arrangement.spacedBy(8.dp)) {
            Top(link)
            state.error?.let { Notice(it.said(LocalContext.current), true) }
            val resolves = Action.ResolveUnknown in link.offered
            if (!resolves) link.reason?.let { Reason(it.code.let(::words), it.detail, link) }
            if (resolves) Answers({ answered = it }) { actions.answer(UnknownAnswer.Wait) }
            if (link.capture == Capture.Manual && link.status == LinkStatus.Authorized) Notice(stringResource(R.string.capture_manual_note), false)
            Timeline(detail.timeline, link)
            Person(link, actions)
            Lines(detail)
        }
        ActionBar(link, onClick)
    }
    val link = detail?.link ?: return
    asked?.let { action ->
        Ask(askText(action), askButton(action, link.amount), { asked = null; actions.act(action) }) { asked = null }
    }
    if (state.tooSoon) {
        Ask(stringResource(R.string.remind_too_soon), stringResource(R.string.remind_anyway), { actions.remind(true) }, actions::notReminded)
    }
    answered?.let { answer ->
        Ask(stringResource(words(answer).second), stringResource(words(answer).first), { answered = null; actions.answer(answer) }) { answered = null }
    }
}

@Composable
private fun Top(link: PaymentLink) {
    val tone = link.look.role.tone
    val paid = link.look.role == Role.Paid
    val spoken = shown.spoken(link.amount)
    Text(shown.money(link.amount), Modifier.semantics { contentDescription = spoken; heading() }, style = MaterialTheme.typography.displaySmall)
    FlowRow(Modifier.semantics(mergeDescendants = true) { liveRegion = LiveRegionMode.Polite }, Arrangement.spacedBy(12.dp), itemVerticalAlignment = Alignment.CenterVertically) {
        Row(
            Modifier.background(if (paid) tone.strong else tone.soft, CircleShape).heightIn(min = 32.dp).padding(10.dp, 4.dp),
            Arrangement.spacedBy(6.dp), Alignment.CenterVertically,
        ) {
            val color = if (paid) tone.onStrong else tone.strong
            Symbol(link.look.icon, size = 20.dp, tint = color)
            Text(link.state, color = color, style = MaterialTheme.typography.labelLarge)
        }
        val beside = link.paymentMethod?.let { methodName(methodFamily(it)) } ?: link.customer.name
        if (beside != null) Text(beside, color = MaterialTheme.colorScheme.onSurfaceVariant, style = MaterialTheme.typography.bodyLarge)
    }
}

/** Why it waits or is refused; the provider's own words are small beneath. */
@Composable
private fun Reason(words: Int, detail: String?, link: PaymentLink) {
    val error = link.status == LinkStatus.NeedsAttention || link.status == LinkStatus.Unknown
    Surface(Modifier.fillMaxWidth(), MaterialTheme.shapes.medium, if (error) MaterialTheme.colorScheme.errorContainer else tones.waiting.soft, MaterialTheme.colorScheme.onSurface) {
        Column(Modifier.padding(16.dp, 12.dp), Arrangement.spacedBy(4.dp)) {
            Notice(stringResource(words), error)
            if (!detail.isNullOrBlank()) Text(detail, style = MaterialTheme.typography.bodyMedium)
        }
    }
}

@Composable
private fun Person(link: PaymentLink, actions: LinkActions) {
    val customer = link.customer
    val number = customer.phone?.let { shown.number(it) } ?: customer.email
    val name = customer.name ?: number ?: return
    CardBox {
        Row(Modifier.fillMaxWidth().heightIn(min = 64.dp).padding(start = 16.dp, end = 4.dp), Arrangement.spacedBy(12.dp), Alignment.CenterVertically) {
            Avatar(name)
            Column(Modifier.weight(1f)) {
                Text(name, style = MaterialTheme.typography.titleMedium)
                if (number != null && number != name) Text(number, color = MaterialTheme.colorScheme.onSurfaceVariant, style = MaterialTheme.typography.bodyMedium)
            }
            customer.phone?.let { phone ->
                SymbolButton(R.drawable.ic_call, stringResource(R.string.call), tint = MaterialTheme.colorScheme.primary) { actions.call(phone) }
            }
        }
    }
}

@Composable
private fun Lines(detail: LinkDetail) {
    CardBox {
        Column(Modifier.padding(16.dp), Arrangement.spacedBy(8.dp)) {
            detail.items.forEach { item ->
                Sum(stringResource(R.string.line_quantity, item.quantity) + " " + item.description, shown.bare(item.total), MaterialTheme.typography.bodyLarge)
            }
            val totals = detail.totals ?: return@Column
            Hairline()
            totals.byVat.forEach { vat ->
                Sum(stringResource(R.string.vat_of, vat.rate), shown.bare(vat.vat), MaterialTheme.typography.bodyMedium, MaterialTheme.colorScheme.onSurfaceVariant)
            }
            Sum(stringResource(R.string.sum), shown.money(totals.total), MaterialTheme.typography.titleMedium)
        }
    }
}

@Composable
private fun Sum(what: String, amount: String, style: androidx.compose.ui.text.TextStyle, color: Color = MaterialTheme.colorScheme.onSurface) {
    Row(Modifier.fillMaxWidth().semantics(mergeDescendants = true) {}, Arrangement.spacedBy(12.dp)) {
        Text(what, Modifier.weight(1f), color, style = style)
        Text(amount, color = color, softWrap = false, style = style)
    }
}

/** What is allowed now, in the core's order, but what cannot be undone last. */
private val PaymentLink.likeliest: List<Action> get() = offered.filter { it != Action.ResolveUnknown }.sortedBy { it.asksOnce }

/** The likeliest two in sight; the others are behind More. */
@Composable
private fun ActionBar(link: PaymentLink, onClick: (Action) -> Unit) {
    val (first, second) = link.likeliest.run { (firstOrNull() ?: return) to getOrNull(1) }
    Column {
        Hairline()
        val pinned = @Composable { modifier: Modifier ->
            MainButton(
                stringResource(words(first)), { onClick(first) }, modifier, actionIcon(first),
                color = if (first.asksOnce) MaterialTheme.colorScheme.error else MaterialTheme.colorScheme.primary,
            )
        }
        val beside = @Composable { modifier: Modifier ->
            second?.let {
                SecondButton(stringResource(words(it)), { onClick(it) }, modifier, if (it.asksOnce) MaterialTheme.colorScheme.error else MaterialTheme.colorScheme.primary)
            }
        }
        if (largeFont) {
            Column(Modifier.fillMaxWidth().padding(EDGE, 8.dp), Arrangement.spacedBy(8.dp)) {
                pinned(Modifier.fillMaxWidth())
                beside(Modifier.fillMaxWidth())
            }
        } else {
            Row(Modifier.fillMaxWidth().padding(EDGE, 8.dp), Arrangement.spacedBy(8.dp)) {
                beside(Modifier)
                pinned(Modifier.weight(1f))
            }
        }
    }
}

/** Whatever is not pinned. */
@Composable
private fun More(link: PaymentLink, onClick: (Action) -> Unit) {
    val rest = link.likeliest.drop(2)
    if (rest.isEmpty()) return
    var open by remember { mutableStateOf(false) }
    Box {
        SymbolButton(R.drawable.ic_more_vert, stringResource(R.string.more)) { open = true }
        DropdownMenu(open, { open = false }) {
            rest.forEach { action ->
                val color = if (action.asksOnce) MaterialTheme.colorScheme.error else MaterialTheme.colorScheme.onSurface
                DropdownMenuItem({ Text(stringResource(words(action)), color = color, style = MaterialTheme.typography.bodyLarge) }, { open = false; onClick(action) })
            }
        }
    }
}

/** What cannot be undone asks once. */
private val Action.asksOnce: Boolean
    get() = when (this) {
        Action.Cancel, Action.Discard -> true
        Action.Retry, Action.ResolveUnknown, Action.Share, Action.ShowQr, Action.Remind, Action.RequestAgain, Action.Replace,
        is Action.Unrecognised,
        -> false
    }

private fun actionIcon(action: Action): Int? = when (action) {
    Action.ShowQr -> R.drawable.ic_qr_code_2
    Action.Share, Action.Remind -> R.drawable.ic_send_fill
    Action.Cancel, Action.Retry, Action.Discard, Action.ResolveUnknown, Action.Replace, Action.RequestAgain, is Action.Unrecognised -> null
}

@Composable
private fun askText(action: Action): String = stringResource(if (action == Action.Discard) R.string.action_discard_text else R.string.action_cancel_text)

@Composable
private fun askButton(action: Action, amount: Money): String =
    stringResource(if (action == Action.Discard) R.string.action_discard_amount else R.string.action_cancel_amount, shown.money(amount))

@Composable
private fun Ask(text: String, button: String, onYes: () -> Unit, onNo: () -> Unit) {
    AlertDialog(
        onNo,
        confirmButton = { TextButton(onYes, Modifier.heightIn(min = 48.dp)) { Text(button, color = MaterialTheme.colorScheme.error) } },
        dismissButton = { TextButton(onNo, Modifier.heightIn(min = 48.dp)) { Text(stringResource(R.string.cancel_dialog)) } },
        title = { Text(stringResource(R.string.answer_sure), style = MaterialTheme.typography.headlineSmall) },
        text = { Text(text, style = MaterialTheme.typography.bodyLarge) },
        containerColor = MaterialTheme.colorScheme.surfaceContainer,
    )
}
