package com.paylink.app.sell

import androidx.compose.foundation.ExperimentalFoundationApi
import androidx.compose.foundation.combinedClickable
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.rememberScrollState
import androidx.compose.foundation.verticalScroll
import androidx.compose.material3.ExperimentalMaterial3Api
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.ModalBottomSheet
import androidx.compose.material3.Surface
import androidx.compose.material3.Text
import androidx.compose.material3.rememberModalBottomSheetState
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.saveable.rememberSaveable
import androidx.compose.runtime.setValue
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.platform.testTag
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.semantics.LiveRegionMode
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.liveRegion
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.dp
import com.paylink.app.R
import com.paylink.app.ui.EDGE
import com.paylink.app.ui.Field
import com.paylink.app.ui.MainButton
import com.paylink.app.ui.Symbol
import com.paylink.app.ui.shown
import com.paylink.core.DraftItem

/** Decimals that a price has; the keypad takes no more, and the core has the last word. */
private const val DECIMALS = 2

/** Figures before the mark: more is more than the provider takes. */
private const val FIGURES = 8

/** A keypad with large keys for a quick line. What the amount comes to is asked of the core by [price]. */
@OptIn(ExperimentalMaterial3Api::class)
@Composable
fun AmountSheet(price: @Composable (DraftItem) -> String?, onAdd: (DraftItem) -> Unit, onClose: () -> Unit) {
    ModalBottomSheet(onClose, sheetState = rememberModalBottomSheetState(skipPartiallyExpanded = true), containerColor = MaterialTheme.colorScheme.surfaceContainer) {
        AmountPad(price, onAdd)
    }
}

@Composable
fun AmountPad(price: @Composable (DraftItem) -> String?, onAdd: (DraftItem) -> Unit) {
    val mark = shown.decimalMark
    val default = stringResource(R.string.amount_default)
    var typed by rememberSaveable { mutableStateOf("") }
    var description by rememberSaveable { mutableStateOf(default) }
    val item = DraftItem(description = description, unitPrice = typed.removeSuffix(mark))
    val amount = if (typed.isEmpty()) null else price(item)
    Column(Modifier.verticalScroll(rememberScrollState()).padding(horizontal = EDGE).padding(bottom = 24.dp), Arrangement.spacedBy(12.dp)) {
        Text(
            typed.ifEmpty { "0" }, Modifier.testTag("typed").semantics { liveRegion = LiveRegionMode.Polite },
            if (typed.isEmpty()) MaterialTheme.colorScheme.onSurfaceVariant else MaterialTheme.colorScheme.onSurface,
            style = MaterialTheme.typography.displaySmall,
        )
        Field(stringResource(R.string.amount_description), description, { description = it })
        Keys(mark, { typed = typed.with(it, mark) }, { typed = typed.dropLast(1) }, { typed = "" })
        MainButton(
            stringResource(R.string.add_amount, amount.orEmpty()),
            {
                onAdd(item)
                typed = ""
                description = default
            },
            Modifier.fillMaxWidth(), R.drawable.ic_add, enabled = amount != null,
        )
    }
}

/** The text with one more key: the mark once, and no more figures than an amount has. */
internal fun String.with(key: String, mark: String): String = when {
    key == mark -> if (mark in this) this else ifEmpty { "0" } + mark
    mark in this -> if (substringAfter(mark).length < DECIMALS) this + key else this
    length >= FIGURES -> this
    this == "0" -> key
    else -> this + key
}

@Composable
private fun Keys(mark: String, onKey: (String) -> Unit, onDelete: () -> Unit, onClear: () -> Unit) {
    Column(verticalArrangement = Arrangement.spacedBy(8.dp)) {
        listOf(listOf("1", "2", "3"), listOf("4", "5", "6"), listOf("7", "8", "9"), listOf(mark, "0", "")).forEach { row ->
            Row(Modifier.fillMaxWidth(), Arrangement.spacedBy(8.dp)) {
                row.forEach { key ->
                    if (key.isEmpty()) {
                        val says = stringResource(R.string.delete_digit)
                        Key(Modifier.weight(1f), Color.Transparent, says, onDelete, onClear) { Symbol(R.drawable.ic_backspace) }
                    } else {
                        Key(Modifier.weight(1f), MaterialTheme.colorScheme.surfaceContainerHigh, key, { onKey(key) }, null) {
                            Text(key, style = MaterialTheme.typography.headlineMedium)
                        }
                    }
                }
            }
        }
    }
}

@OptIn(ExperimentalFoundationApi::class)
@Composable
private fun Key(modifier: Modifier, color: Color, says: String, onClick: () -> Unit, onLong: (() -> Unit)?, content: @Composable () -> Unit) {
    Surface(modifier, MaterialTheme.shapes.medium, color, MaterialTheme.colorScheme.onSurface) {
        Box(
            Modifier.combinedClickable(role = Role.Button, onLongClick = onLong, onClick = onClick)
                .testTag("key $says")
                .semantics { contentDescription = says }
                .heightIn(min = 64.dp),
            Alignment.Center,
        ) { content() }
    }
}
