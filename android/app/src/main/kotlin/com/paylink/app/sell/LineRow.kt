package com.paylink.app.sell

import androidx.annotation.DrawableRes
import androidx.compose.foundation.background
import androidx.compose.foundation.clickable
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.IntrinsicSize
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxHeight
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.height
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.layout.width
import androidx.compose.foundation.layout.widthIn
import androidx.compose.foundation.shape.CircleShape
import androidx.compose.material3.IconButton
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.LocalContext
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.style.TextAlign
import androidx.compose.ui.unit.dp
import com.paylink.app.R
import com.paylink.app.ui.Notice
import com.paylink.app.ui.Symbol
import com.paylink.app.ui.largeFont
import com.paylink.app.ui.said
import com.paylink.app.ui.shown
import com.paylink.app.ui.tones
import com.paylink.core.DraftItem
import com.paylink.core.Severity

/** A line of the sale: what, how many, how much. A tap opens it; what is wrong stands in it. */
@Composable
fun LineRow(state: SellState, at: Int, item: DraftItem, actions: SellActions, onOpen: () -> Unit) {
    val line = at + 1
    val problems = state.problemsOfLine(line)
    val wrong = problems.any { it.severity == Severity.Error }
    val sums = state.totals?.lines?.firstOrNull { it.line.toInt() == line }
    val context = LocalContext.current
    Row(Modifier.fillMaxWidth().height(IntrinsicSize.Min)) {
        if (wrong) Box(Modifier.width(4.dp).fillMaxHeight().background(tones.danger.strong))
        Column(Modifier.weight(1f).padding(start = 16.dp, end = 16.dp, top = 4.dp, bottom = 4.dp)) {
            val what: @Composable (Modifier) -> Unit = { modifier ->
                Column(modifier.clickable(role = Role.Button, onClick = onOpen).heightIn(min = 56.dp), Arrangement.Center) {
                    Text(item.description, style = MaterialTheme.typography.bodyLarge)
                    Text(
                        stringResource(R.string.each, item.unitPrice),
                        color = if (wrong) tones.danger.strong else MaterialTheme.colorScheme.onSurfaceVariant,
                        style = MaterialTheme.typography.bodyMedium,
                    )
                }
            }
            val amount: @Composable (Modifier) -> Unit = { modifier ->
                Text(sums?.let { shown.bare(it.total) } ?: "–", modifier, textAlign = TextAlign.End, style = MaterialTheme.typography.titleMedium)
            }
            if (largeFont) {
                what(Modifier.fillMaxWidth())
                Row(Modifier.fillMaxWidth(), verticalAlignment = Alignment.CenterVertically) {
                    Stepper(item, at, actions)
                    amount(Modifier.weight(1f))
                }
            } else {
                Row(Modifier.fillMaxWidth(), verticalAlignment = Alignment.CenterVertically) {
                    what(Modifier.weight(1f))
                    Stepper(item, at, actions)
                    amount(Modifier.widthIn(min = 64.dp))
                }
            }
            problems.forEach { Notice(it.said(context), it.severity == Severity.Error, Modifier.padding(bottom = 8.dp)) }
        }
    }
}

@Composable
private fun Stepper(item: DraftItem, at: Int, actions: SellActions) {
    val quantity = item.quantity.ifEmpty { "1" }
    val last = quantity == "1"
    Row(verticalAlignment = Alignment.CenterVertically) {
        Round(if (last) R.drawable.ic_delete else R.drawable.ic_remove, stringResource(if (last) R.string.remove else R.string.fewer)) { actions.step(at, -1) }
        Text(
            quantity, Modifier.widthIn(min = 24.dp).semantics { contentDescription = "$quantity, ${item.description}" },
            textAlign = TextAlign.Center, style = MaterialTheme.typography.titleLarge,
        )
        Round(R.drawable.ic_add, stringResource(R.string.more_of)) { actions.step(at, 1) }
    }
}

@Composable
private fun Round(@DrawableRes icon: Int, says: String, onClick: () -> Unit) {
    IconButton(onClick, Modifier.size(48.dp).semantics { contentDescription = says }) {
        Box(Modifier.size(36.dp).background(MaterialTheme.colorScheme.surfaceContainerHigh, CircleShape), Alignment.Center) {
            Symbol(icon, size = 20.dp, tint = MaterialTheme.colorScheme.primary)
        }
    }
}
