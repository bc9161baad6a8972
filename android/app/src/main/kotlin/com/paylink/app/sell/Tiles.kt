package com.paylink.app.sell

import androidx.compose.foundation.BorderStroke
import androidx.compose.foundation.background
import androidx.compose.foundation.clickable
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.Spacer
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
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.style.TextOverflow
import androidx.compose.ui.unit.dp
import com.paylink.app.R
import com.paylink.app.ui.ActionRow
import com.paylink.app.ui.CardBox
import com.paylink.app.ui.Symbol
import com.paylink.app.ui.hairline
import com.paylink.app.ui.largeFont
import com.paylink.app.ui.shown
import com.paylink.core.CatalogueItem

/** Tiles to a row; one where the font is large. */
private const val COLUMNS = 3

/** Favourites, each at its own place, and the keypad; on an empty sale the last one again. */
@Composable
fun Tiles(state: SellState, actions: SellActions, padHere: Boolean, onAmount: () -> Unit) {
    val cells: List<@Composable (Modifier) -> Unit> = state.favourites.map { item ->
        @Composable { modifier: Modifier -> Favourite(item, state.count(item), modifier) { actions.add(item) } }
    } + if (padHere) emptyList() else listOf(@Composable { modifier: Modifier -> AmountTile(modifier, onAmount) })
    val columns = if (largeFont || state.favourites.isEmpty()) 1 else COLUMNS
    Column(verticalArrangement = Arrangement.spacedBy(8.dp)) {
        cells.chunked(columns).forEach { row ->
            Row(Modifier.fillMaxWidth(), Arrangement.spacedBy(8.dp)) {
                row.forEach { it(Modifier.weight(1f)) }
                repeat(columns - row.size) { Spacer(Modifier.weight(1f)) }
            }
        }
        val last = state.last
        if (state.empty && last != null) {
            val what = last.items.joinToString(", ") { it.description }.ifEmpty { last.amount }
            CardBox { ActionRow(stringResource(R.string.as_last_time, what), R.drawable.ic_undo, onClick = actions::asLastTime) }
        }
    }
}

/** Tap is one more; how many are in the sale stands where the thumb is. */
@Composable
private fun Favourite(item: CatalogueItem, count: String?, modifier: Modifier, onClick: () -> Unit) {
    val colors = MaterialTheme.colorScheme
    val chosen = count != null
    val spoken = listOfNotNull(item.description, shown.spoken(item.unitPrice), count).joinToString(", ")
    val text = if (chosen) colors.onPrimaryContainer else colors.onSurface
    Surface(
        modifier, MaterialTheme.shapes.medium, if (chosen) colors.primaryContainer else colors.surfaceContainer, text,
        border = if (chosen) BorderStroke(2.dp, colors.primary) else hairline,
    ) {
        Box(Modifier.clickable(role = Role.Button, onClickLabel = stringResource(R.string.add_one), onClick = onClick).semantics { contentDescription = spoken }.heightIn(min = 80.dp).padding(12.dp, 8.dp)) {
            Column(Modifier.align(Alignment.TopStart)) {
                Text(item.description, maxLines = 2, overflow = TextOverflow.Ellipsis, style = MaterialTheme.typography.labelLarge)
                Text(shown.bare(item.unitPrice), color = if (chosen) text else colors.onSurfaceVariant, style = MaterialTheme.typography.bodyMedium)
            }
            if (count != null) {
                Box(Modifier.align(Alignment.BottomEnd).heightIn(min = 28.dp).background(colors.primary, CircleShape).padding(horizontal = 9.dp, vertical = 4.dp), Alignment.Center) {
                    Text(count, color = colors.onPrimary, style = MaterialTheme.typography.labelLarge)
                }
            }
        }
    }
}

@Composable
private fun AmountTile(modifier: Modifier, onClick: () -> Unit) {
    Surface(modifier, MaterialTheme.shapes.medium, MaterialTheme.colorScheme.surfaceContainerHigh, MaterialTheme.colorScheme.onSurface) {
        Column(Modifier.clickable(role = Role.Button, onClick = onClick).heightIn(min = 80.dp).padding(12.dp, 10.dp), Arrangement.SpaceBetween) {
            Symbol(R.drawable.ic_dialpad, Modifier.size(24.dp), tint = MaterialTheme.colorScheme.primary)
            Text(stringResource(R.string.amount), style = MaterialTheme.typography.labelLarge)
        }
    }
}
