package com.paylink.app.sent

import androidx.compose.foundation.border
import androidx.compose.foundation.clickable
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.shape.CircleShape
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Surface
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.res.pluralStringResource
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.semantics.LiveRegionMode
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.semantics.heading
import androidx.compose.ui.semantics.liveRegion
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.style.TextAlign
import androidx.compose.ui.unit.dp
import com.paylink.app.R
import com.paylink.app.ui.CardBox
import com.paylink.app.ui.Look
import com.paylink.app.ui.StateCircle
import com.paylink.app.ui.Symbol
import com.paylink.app.ui.largeFont
import com.paylink.app.ui.shown
import com.paylink.app.ui.tones
import com.paylink.app.ui.who
import com.paylink.app.ui.words
import com.paylink.core.Delivery
import com.paylink.core.PaymentLink
import com.paylink.core.ReasonCode

/** Saved and nothing more: three honest steps, and what to say to the customer. */
@Composable
fun Waiting(link: PaymentLink, waiting: Int, actions: SentActions) {
    Column(
        Modifier.fillMaxWidth().padding(top = 16.dp).semantics(mergeDescendants = true) { liveRegion = LiveRegionMode.Polite },
        Arrangement.spacedBy(8.dp), Alignment.CenterHorizontally,
    ) {
        StateCircle(Look(R.drawable.ic_schedule, com.paylink.app.ui.Role.Waiting), size = 72.dp)
        Text(stringResource(R.string.saved_title), Modifier.semantics { heading() }, style = MaterialTheme.typography.headlineSmall)
        // Why it waits; without a reason, or without a network, that it goes by itself.
        val reason = link.reason?.code?.takeIf { it != ReasonCode.NoNetwork }
        Text(stringResource(reason?.let(::words) ?: R.string.saved_text), textAlign = TextAlign.Center, style = MaterialTheme.typography.bodyLarge)
    }
    CardBox {
        Column(Modifier.padding(16.dp, 8.dp)) {
            Step(stringResource(R.string.saved_here), shown.time(link.createdAt), true)
            Step(stringResource(R.string.link_is_made), stringResource(R.string.when_coverage), false)
            val last = if (link.delivery.channel == Delivery.Sms) stringResource(R.string.send_to_sms, link.who(shown)) else stringResource(R.string.you_send_it)
            Step(last, stringResource(R.string.right_after), false)
        }
    }
    CardBox {
        Row(Modifier.padding(16.dp, 12.dp), Arrangement.spacedBy(12.dp)) {
            Symbol(R.drawable.ic_record_voice_over, tint = MaterialTheme.colorScheme.primary)
            Column {
                Text(stringResource(R.string.say_to_customer), color = MaterialTheme.colorScheme.onSurfaceVariant, style = MaterialTheme.typography.bodyMedium)
                Text(stringResource(if (link.delivery.channel == Delivery.Sms) R.string.say_sms else R.string.say_later), style = MaterialTheme.typography.bodyLarge)
            }
        }
    }
    if (waiting > 0) {
        Surface(Modifier.fillMaxWidth(), MaterialTheme.shapes.medium, tones.waiting.soft, MaterialTheme.colorScheme.onSurface) {
            Row(
                Modifier.clickable(role = Role.Button, onClick = actions::openLinks).heightIn(min = 56.dp).padding(16.dp, 8.dp),
                Arrangement.spacedBy(12.dp), Alignment.CenterVertically,
            ) {
                Symbol(R.drawable.ic_schedule, tint = tones.waiting.strong)
                Text(pluralStringResource(R.plurals.sales_waiting, waiting, waiting), Modifier.weight(1f), style = MaterialTheme.typography.titleMedium)
                Text(stringResource(R.string.show), color = MaterialTheme.colorScheme.primary, style = MaterialTheme.typography.labelLarge)
            }
        }
    }
}

@Composable
private fun Step(text: String, at: String, done: Boolean) {
    Row(Modifier.fillMaxWidth().heightIn(min = 40.dp).semantics(mergeDescendants = true) {}, Arrangement.spacedBy(12.dp), Alignment.CenterVertically) {
        if (done) {
            StateCircle(Look(R.drawable.ic_check, com.paylink.app.ui.Role.Paid), size = 28.dp)
        } else {
            Box(Modifier.size(28.dp).border(2.dp, MaterialTheme.colorScheme.outline, CircleShape))
        }
        val color = if (done) MaterialTheme.colorScheme.onSurface else MaterialTheme.colorScheme.onSurfaceVariant
        val style = if (done) MaterialTheme.typography.titleMedium else MaterialTheme.typography.bodyLarge
        if (largeFont) {
            Column(Modifier.weight(1f).padding(vertical = 4.dp)) {
                Text(text, color = color, style = style)
                Text(at, color = MaterialTheme.colorScheme.onSurfaceVariant, style = MaterialTheme.typography.bodyMedium)
            }
        } else {
            Text(text, Modifier.weight(1f), color, style = style)
            Text(at, color = MaterialTheme.colorScheme.onSurfaceVariant, style = MaterialTheme.typography.bodyMedium)
        }
    }
}
