package com.paylink.app.sent

import androidx.compose.foundation.clickable
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.widthIn
import androidx.compose.foundation.rememberScrollState
import androidx.compose.foundation.verticalScroll
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Surface
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.platform.LocalContext
import androidx.compose.ui.res.pluralStringResource
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.semantics.LiveRegionMode
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.semantics.heading
import androidx.compose.ui.semantics.liveRegion
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.dp
import com.paylink.app.R
import com.paylink.app.ui.CardBox
import com.paylink.app.ui.Choice
import com.paylink.app.ui.EDGE
import com.paylink.app.ui.MainButton
import com.paylink.app.ui.Notice
import com.paylink.app.ui.PageBar
import com.paylink.app.ui.QrCode
import com.paylink.app.ui.SecondButton
import com.paylink.app.ui.Segments
import com.paylink.app.ui.StateCircle
import com.paylink.app.ui.Symbol
import com.paylink.app.ui.icon
import com.paylink.app.ui.largeFont
import com.paylink.app.ui.look
import com.paylink.app.ui.said
import com.paylink.app.ui.shown
import com.paylink.app.ui.state
import com.paylink.app.ui.words
import com.paylink.core.Delivered
import com.paylink.core.Delivery
import com.paylink.core.LinkStatus
import com.paylink.core.Message
import com.paylink.core.PaymentLink

interface SentActions {
    fun close()
    fun newSale()
    fun hand(delivery: Delivery)
    fun largeQr()
    fun openLink()
    fun openLinks()
}

@Composable
fun SentScreen(state: SentState, actions: SentActions) {
    val link = state.link
    Column(Modifier.fillMaxSize()) {
        PageBar(link?.let { shown.money(it.amount) }.orEmpty(), R.drawable.ic_close, stringResource(R.string.close), actions::close) {
            if (link != null && !largeFont) {
                Text(link.reference, Modifier.padding(end = 12.dp), MaterialTheme.colorScheme.onSurfaceVariant, style = MaterialTheme.typography.bodyMedium)
            }
        }
        if (link == null) return@Column
        Column(
            Modifier.weight(1f).verticalScroll(rememberScrollState()).padding(horizontal = EDGE).padding(bottom = 8.dp).widthIn(max = 600.dp),
            Arrangement.spacedBy(12.dp),
        ) {
            when {
                link.waits -> Waiting(link, state.waiting, actions)
                else -> WithLink(link, state, actions)
            }
            state.failed?.let { Notice(stringResource(if (it == Delivery.Mail) R.string.no_app_mail else R.string.no_app_sms), true) }
            state.error?.let { Notice(it.said(LocalContext.current), true) }
        }
        Bottom(link, actions)
    }
}

/** Whether there is no link yet, and none is pretended. */
private val PaymentLink.waits: Boolean get() = status == LinkStatus.Queued || status == LinkStatus.Creating

@Composable
private fun WithLink(link: PaymentLink, state: SentState, actions: SentActions) {
    Row(
        Modifier.fillMaxWidth().semantics(mergeDescendants = true) { liveRegion = LiveRegionMode.Polite },
        Arrangement.spacedBy(16.dp), Alignment.CenterVertically,
    ) {
        StateCircle(link.look, size = 48.dp)
        Column(Modifier.weight(1f)) {
            Text(title(link), Modifier.semantics { heading() }, style = MaterialTheme.typography.titleLarge)
            val to = listOfNotNull(link.customer.name, link.customer.phone?.let { shown.number(it) } ?: link.customer.email).joinToString(" · ")
            if (to.isNotEmpty()) Text(to, color = MaterialTheme.colorScheme.onSurfaceVariant, style = MaterialTheme.typography.bodyMedium)
        }
    }
    if (link.delivery.state == Delivered.ProbablySent) Notice(stringResource(R.string.probably_sent_text), false)
    if (link.urlWarning) Notice(stringResource(R.string.wrong_link), true)
    link.reason?.let { Notice(stringResource(words(it.code)), link.status == LinkStatus.NeedsAttention || link.status == LinkStatus.Unknown) }
    if (!link.canBePaid) return
    state.qr?.let { qr ->
        val says = stringResource(R.string.qr_speak, shown.spoken(link.amount), state.seller)
        Surface(Modifier.fillMaxWidth(), MaterialTheme.shapes.large, Color.White, border = com.paylink.app.ui.hairline) {
            Column(
                Modifier.clickable(role = Role.Button, onClick = actions::largeQr).padding(8.dp), Arrangement.spacedBy(4.dp), Alignment.CenterHorizontally,
            ) {
                QrCode(qr, says, Modifier.widthIn(max = 200.dp))
                Row(Modifier.padding(bottom = 8.dp), Arrangement.spacedBy(8.dp), Alignment.CenterVertically) {
                    Symbol(R.drawable.ic_fullscreen, tint = Color.Black)
                    Text(stringResource(R.string.qr_scan), color = Color.Black, style = MaterialTheme.typography.labelLarge)
                }
            }
        }
    }
    state.message?.let { TextToCustomer(it, link) }
    Ways(actions)
    if (state.copied) Notice(stringResource(R.string.copied), false)
}

private val PaymentLink.canBePaid: Boolean get() = status == LinkStatus.Open || status == LinkStatus.Opened

@Composable
private fun title(link: PaymentLink): String = when {
    link.status != LinkStatus.Open -> link.state
    link.delivery.state == Delivered.Ready && link.delivery.channel == Delivery.Qr -> stringResource(R.string.ready_qr)
    link.delivery.state == Delivered.Ready -> stringResource(R.string.ready_title)
    link.delivery.state == Delivered.Sent -> stringResource(R.string.sent_by_sms) + " " + shown.time(link.sentAt ?: link.createdAt)
    else -> link.state
}

/** The text as the customer gets it, and how many SMS it is. */
@Composable
private fun TextToCustomer(message: Message, link: PaymentLink) {
    val sms = message.sms
    val parts = sms?.let { pluralStringResource(R.plurals.sms_parts, it.parts.toInt(), it.parts.toInt()) }
    val long = sms?.madeLongBy?.firstOrNull()
    Column(verticalArrangement = Arrangement.spacedBy(4.dp)) {
        if (sms != null && long != null && sms.parts > 1u) Notice(stringResource(R.string.sms_made_long, parts.orEmpty(), long), false)
        Row(Modifier.fillMaxWidth(), Arrangement.SpaceBetween) {
            Text(
                stringResource(if (link.delivery.state == Delivered.Sent) R.string.text_send_yourself else R.string.text_to_customer),
                Modifier.weight(1f).semantics { heading() }, MaterialTheme.colorScheme.onSurfaceVariant, style = MaterialTheme.typography.labelLarge,
            )
            if (parts != null) Text(parts, color = MaterialTheme.colorScheme.onSurfaceVariant, style = MaterialTheme.typography.bodyMedium)
        }
        Surface(Modifier.fillMaxWidth(), MaterialTheme.shapes.large, MaterialTheme.colorScheme.surfaceContainerHigh, MaterialTheme.colorScheme.onSurface) {
            Text(message.body, Modifier.padding(16.dp, 12.dp), style = MaterialTheme.typography.bodyMedium)
        }
    }
}

/** Every way from this phone. */
@Composable
private fun Ways(actions: SentActions) {
    val ways = listOf(Delivery.Phone, Delivery.Mail, Delivery.Share, Delivery.Copy)
    Segments(
        ways.map { Choice(it, stringResource(words(it)), icon(it)) }, null, actions::hand, columns = if (largeFont) 2 else ways.size, height = 64,
    )
}

/** New sale always; beside it what the seller is waited for. */
@Composable
private fun Bottom(link: PaymentLink, actions: SentActions) {
    val ready = link.status == LinkStatus.Open && link.delivery.state == Delivered.Ready
    Row(Modifier.fillMaxWidth().padding(EDGE, 8.dp), Arrangement.spacedBy(8.dp)) {
        val way = link.delivery.channel
        when {
            link.status == LinkStatus.NeedsAttention || link.status == LinkStatus.Unknown -> {
                SecondButton(stringResource(R.string.new_sale_short), actions::newSale)
                MainButton(stringResource(R.string.show), actions::openLink, Modifier.weight(1f))
            }
            ready && way != Delivery.Qr -> {
                SecondButton(stringResource(R.string.new_sale_short), actions::newSale)
                MainButton(stringResource(opens(way)), { actions.hand(if (way == Delivery.Sms) Delivery.Phone else way) }, Modifier.weight(1f), icon(way, true))
            }
            else -> MainButton(stringResource(R.string.new_sale), actions::newSale, Modifier.weight(1f), R.drawable.ic_add)
        }
    }
}

private fun opens(delivery: Delivery): Int = when (delivery) {
    Delivery.Sms, Delivery.Phone -> R.string.open_messages
    Delivery.Mail -> R.string.open_mail
    Delivery.Share -> R.string.open_share
    Delivery.Copy -> R.string.open_copy
    Delivery.Qr -> R.string.show_qr
    is Delivery.Unrecognised -> R.string.open_share
}
