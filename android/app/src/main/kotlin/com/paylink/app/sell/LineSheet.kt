package com.paylink.app.sell

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.rememberScrollState
import androidx.compose.foundation.verticalScroll
import androidx.compose.material3.ExperimentalMaterial3Api
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.ModalBottomSheet
import androidx.compose.material3.Text
import androidx.compose.material3.TextButton
import androidx.compose.material3.rememberModalBottomSheetState
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.LocalContext
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.semantics.heading
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.input.KeyboardType
import androidx.compose.ui.unit.dp
import com.paylink.app.R
import com.paylink.app.ui.EDGE
import com.paylink.app.ui.Field
import com.paylink.app.ui.MainButton
import com.paylink.app.ui.Remark
import com.paylink.app.ui.said
import com.paylink.app.ui.tones
import com.paylink.core.DraftItem
import com.paylink.core.Severity

/** One line in full. What is typed is in the sale at once; the sum stays above. */
@OptIn(ExperimentalMaterial3Api::class)
@Composable
fun LineSheet(state: SellState, at: Int, item: DraftItem, actions: SellActions, onClose: () -> Unit) {
    ModalBottomSheet(onClose, sheetState = rememberModalBottomSheetState(skipPartiallyExpanded = true), containerColor = MaterialTheme.colorScheme.surfaceContainer) {
        LineForm(state, at, item, actions, onClose)
    }
}

@Composable
fun LineForm(state: SellState, at: Int, item: DraftItem, actions: SellActions, onClose: () -> Unit) {
    val context = LocalContext.current

    @Composable
    fun Part(label: Int, field: String, value: String, keyboard: KeyboardType, hint: String? = null, onChange: (String) -> DraftItem) {
        val problem = state.problem(field, at + 1)
        Field(
            stringResource(label), value, { actions.replace(at, onChange(it)) }, hint = hint, keyboard = keyboard,
            remark = problem?.let { Remark(it.said(context), it.severity == Severity.Error) },
        )
    }
    Column(Modifier.verticalScroll(rememberScrollState()).padding(horizontal = EDGE).padding(bottom = 24.dp), Arrangement.spacedBy(12.dp)) {
        Text(item.description, Modifier.semantics { heading() }, style = MaterialTheme.typography.headlineSmall)
        Part(R.string.field_description, "description", item.description, KeyboardType.Text) { item.copy(description = it) }
        Part(R.string.field_unit_price, "unit_price", item.unitPrice, KeyboardType.Decimal) { item.copy(unitPrice = it) }
        Part(R.string.field_quantity, "quantity", item.quantity.ifEmpty { "1" }, KeyboardType.Decimal) { item.copy(quantity = it) }
        Part(R.string.field_discount, "discount", item.discount, KeyboardType.Text, stringResource(R.string.discount_hint)) { item.copy(discount = it) }
        val rate = state.totals?.lines?.firstOrNull { it.line.toInt() == at + 1 }?.vatRate
        Part(R.string.field_vat, "vat", item.vat, KeyboardType.Decimal, rate?.let { "$it %" }) { item.copy(vat = it) }
        MainButton(stringResource(R.string.done), onClose, Modifier.fillMaxWidth())
        TextButton({ onClose(); actions.remove(at) }, Modifier.align(Alignment.CenterHorizontally).heightIn(min = 48.dp)) {
            Text(stringResource(R.string.remove), color = tones.danger.strong)
        }
    }
}
