package com.paylink.app.sell

import androidx.annotation.DrawableRes
import androidx.compose.foundation.BorderStroke
import androidx.compose.foundation.clickable
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.material3.CircularProgressIndicator
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Surface
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.LocalContext
import androidx.compose.ui.platform.testTag
import androidx.compose.ui.res.pluralStringResource
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.semantics.disabled
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.style.TextAlign
import androidx.compose.ui.unit.dp
import com.paylink.app.R
import com.paylink.app.ui.Choice
import com.paylink.app.ui.EDGE
import com.paylink.app.ui.Segments
import com.paylink.app.ui.Symbol
import com.paylink.app.ui.icon
import com.paylink.app.ui.place
import com.paylink.app.ui.shown
import com.paylink.app.ui.tones
import com.paylink.app.ui.words
import com.paylink.core.Delivery
import com.paylink.core.Draft

/** In the order of the bar. */
val DELIVERIES = listOf(Delivery.Sms, Delivery.Qr, Delivery.Phone, Delivery.Mail, Delivery.Share, Delivery.Copy)

/** How the customer gets the link: six ways, all in sight. */
@Composable
fun DeliveryBar(chosen: String, onChoose: (String) -> Unit) {
    val choices = DELIVERIES.mapIndexed { at, delivery ->
        val word = stringResource(words(delivery))
        Choice(delivery.code, word, icon(delivery, delivery.code == chosen), stringResource(R.string.speak_position, word, at + 1, DELIVERIES.size))
    }
    Segments(choices, chosen, onChoose, columns = deliveryColumns(), height = 64)
}

/** Says how much, how and to whom; with trouble it names it instead of going grey. */
@Composable
fun SendBar(state: SellState, send: () -> Unit) {
    val problems = state.stopping
    val colors = MaterialTheme.colorScheme
    val container = when {
        state.empty -> colors.surfaceContainerHighest
        problems.isNotEmpty() -> colors.errorContainer
        else -> colors.primary
    }
    val content = when {
        state.empty -> colors.onSurfaceVariant
        problems.isNotEmpty() -> colors.onErrorContainer
        else -> colors.onPrimary
    }
    Surface(
        Modifier.fillMaxWidth().padding(horizontal = EDGE, vertical = 8.dp), MaterialTheme.shapes.large, container, content,
        border = if (problems.isEmpty()) null else BorderStroke(2.dp, tones.danger.strong),
    ) {
        Row(
            Modifier
                .testTag("send")
                .clickable(!state.empty, role = Role.Button, onClick = send)
                .semantics { if (state.empty) disabled() }
                .heightIn(min = 64.dp)
                .padding(horizontal = 16.dp, vertical = 6.dp),
            Arrangement.spacedBy(16.dp, Alignment.CenterHorizontally), Alignment.CenterVertically,
        ) {
            val delivery = delivery(state.draft)
            if (state.saving) CircularProgressIndicator(Modifier.size(24.dp), content, strokeWidth = 3.dp) else Symbol(sendIcon(state, delivery), size = 28.dp, tint = content)
            Column(horizontalAlignment = Alignment.CenterHorizontally) {
                Text(sendWhat(state, delivery), color = content, textAlign = TextAlign.Center, style = MaterialTheme.typography.titleLarge)
                sendHow(state, delivery)?.let { Text(it, color = content, textAlign = TextAlign.Center, style = MaterialTheme.typography.bodyMedium) }
            }
        }
    }
}

private fun delivery(draft: Draft): Delivery = DELIVERIES.firstOrNull { it.code == draft.delivery } ?: Delivery.Copy

@DrawableRes
private fun sendIcon(state: SellState, delivery: Delivery): Int = when {
    state.stopping.isNotEmpty() -> R.drawable.ic_error_fill
    delivery == Delivery.Sms -> R.drawable.ic_send_fill
    else -> icon(delivery, true)
}

@Composable
private fun sendWhat(state: SellState, delivery: Delivery): String {
    val problems = state.stopping.size
    if (state.empty) return stringResource(R.string.send_nothing)
    if (problems > 0) return pluralStringResource(R.plurals.first_correct, problems, problems)
    val amount = state.totals?.let { shown.money(it.total) } ?: "–"
    return when (delivery) {
        Delivery.Sms -> stringResource(R.string.send_amount, amount)
        Delivery.Qr -> stringResource(R.string.send_qr, amount)
        Delivery.Phone, Delivery.Mail, Delivery.Share, Delivery.Copy, is Delivery.Unrecognised -> stringResource(R.string.send_link, amount)
    }
}

@Composable
private fun sendHow(state: SellState, delivery: Delivery): String? {
    if (state.empty) return null
    if (state.stopping.isNotEmpty()) {
        val context = LocalContext.current
        return state.stopping.map { it.place(context) }.distinct().joinToString(" · ")
    }
    val to = state.draft.run { name.ifBlank { phone.ifBlank { email } } }
    return when (delivery) {
        Delivery.Sms -> if (to.isBlank()) null else stringResource(R.string.send_to_sms, to)
        Delivery.Phone -> stringResource(R.string.send_then_phone)
        Delivery.Mail -> stringResource(R.string.send_then_mail)
        Delivery.Share -> stringResource(R.string.send_then_share)
        Delivery.Copy -> stringResource(R.string.send_then_copy)
        Delivery.Qr, is Delivery.Unrecognised -> null
    }
}
