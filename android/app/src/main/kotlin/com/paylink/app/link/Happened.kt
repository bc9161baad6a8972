package com.paylink.app.link

import androidx.compose.foundation.BorderStroke
import androidx.compose.foundation.background
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
import androidx.compose.ui.draw.drawBehind
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.semantics.heading
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.dp
import com.paylink.app.R
import com.paylink.app.ui.CardBox
import com.paylink.app.ui.Head
import com.paylink.app.ui.Symbol
import com.paylink.app.ui.hairline
import com.paylink.app.ui.icon
import com.paylink.app.ui.look
import com.paylink.app.ui.shown
import com.paylink.app.ui.tone
import com.paylink.app.ui.tones
import com.paylink.app.ui.words
import com.paylink.core.PaymentLink
import com.paylink.core.TimelineEvent
import com.paylink.core.UnknownAnswer

/** What happened, oldest first; the latest in the colour of the state. */
@Composable
fun Timeline(events: List<TimelineEvent>, link: PaymentLink) {
    Head(stringResource(R.string.timeline), Modifier.padding(top = 8.dp))
    CardBox {
        Column(Modifier.padding(16.dp, 8.dp)) {
            val now = System.currentTimeMillis()
            events.forEachIndexed { at, event ->
                val latest = at == events.lastIndex
                val tone = link.look.role.tone
                Row(
                    Modifier.fillMaxWidth().heightIn(min = 40.dp).semantics(mergeDescendants = true) {},
                    Arrangement.spacedBy(12.dp), Alignment.CenterVertically,
                ) {
                    Box(Modifier.line(at > 0, !latest, MaterialTheme.colorScheme.outlineVariant).size(28.dp).background(if (latest) tone.strong else MaterialTheme.colorScheme.surfaceContainerHigh, CircleShape), Alignment.Center) {
                        Symbol(icon(event.kind), size = 18.dp, tint = if (latest) tone.onStrong else MaterialTheme.colorScheme.onSurfaceVariant)
                    }
                    Text(
                        stringResource(words(event.kind)), Modifier.weight(1f),
                        style = if (latest) MaterialTheme.typography.titleMedium else MaterialTheme.typography.bodyLarge,
                    )
                    Text(shown.moment(event.at, now), color = MaterialTheme.colorScheme.onSurfaceVariant, style = MaterialTheme.typography.bodyMedium)
                }
            }
        }
    }
}

/** The line from one event to the next, behind their circles, over the whole height of a row. */
private fun Modifier.line(up: Boolean, down: Boolean, color: Color): Modifier = drawBehind {
    val reach = 40.dp.toPx() / 2
    val middle = center
    if (up) drawLine(color, middle.copy(y = middle.y - reach), middle, 2.dp.toPx())
    if (down) drawLine(color, middle, middle.copy(y = middle.y + reach), 2.dp.toPx())
}

/** It may have been sent: what happened, what it means for the money, and three answers of which waiting is the safe one. */
@Composable
fun Answers(onRisk: (UnknownAnswer) -> Unit, onWait: () -> Unit) {
    Surface(Modifier.fillMaxWidth(), MaterialTheme.shapes.medium, tones.danger.soft, MaterialTheme.colorScheme.onSurface) {
        Column(Modifier.padding(16.dp), Arrangement.spacedBy(12.dp)) {
            Told(R.drawable.ic_cell_tower, stringResource(R.string.unknown_message))
            Told(R.drawable.ic_account_balance_wallet_fill, stringResource(R.string.unknown_money))
        }
    }
    Text(stringResource(R.string.what_now), Modifier.padding(top = 12.dp).semantics { heading() }, style = MaterialTheme.typography.titleLarge)
    Answer(UnknownAnswer.Wait, R.drawable.ic_hourglass_top_fill, true, onWait)
    Answer(UnknownAnswer.SendFromPhone, R.drawable.ic_mobile_chat, false) { onRisk(UnknownAnswer.SendFromPhone) }
    Answer(UnknownAnswer.SendAgain, R.drawable.ic_sms, false) { onRisk(UnknownAnswer.SendAgain) }
}

@Composable
private fun Told(icon: Int, text: String) = Row(horizontalArrangement = Arrangement.spacedBy(12.dp)) {
    Symbol(icon, tint = tones.danger.strong)
    Text(text, style = MaterialTheme.typography.bodyLarge)
}

@Composable
private fun Answer(answer: UnknownAnswer, icon: Int, recommended: Boolean, onClick: () -> Unit) {
    val (title, text) = words(answer)
    val colors = MaterialTheme.colorScheme
    val color = if (recommended) colors.onPrimaryContainer else colors.onSurface
    Surface(
        Modifier.fillMaxWidth(), MaterialTheme.shapes.medium, if (recommended) colors.primaryContainer else colors.surfaceContainer,
        border = if (recommended) BorderStroke(2.dp, colors.primary) else hairline,
    ) {
        Row(
            Modifier.clickable(role = Role.Button, onClick = onClick).heightIn(min = 88.dp).padding(16.dp, 12.dp),
            Arrangement.spacedBy(16.dp), Alignment.CenterVertically,
        ) {
            Symbol(icon, size = 28.dp, tint = if (recommended) color else colors.primary)
            Column(Modifier.weight(1f)) {
                Text(stringResource(title), color = color, style = MaterialTheme.typography.titleMedium)
                Text(stringResource(text), color = if (recommended) color else colors.onSurfaceVariant, style = MaterialTheme.typography.bodyMedium)
            }
        }
    }
}
