package com.paylink.app.sell

import androidx.compose.foundation.BorderStroke
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.OutlinedButton
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.LocalContext
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.text.input.KeyboardType
import androidx.compose.ui.unit.dp
import com.paylink.app.R
import com.paylink.app.ui.Avatar
import com.paylink.app.ui.CardBox
import com.paylink.app.ui.Chips
import com.paylink.app.ui.Choice
import com.paylink.app.ui.Field
import com.paylink.app.ui.Notice
import com.paylink.app.ui.Remark
import com.paylink.app.ui.SymbolButton
import com.paylink.app.ui.said
import com.paylink.app.ui.shown
import com.paylink.core.Delivery
import com.paylink.core.ProblemCode
import com.paylink.core.Severity

/** To whom: a field while nobody is known, a row once the contact has a name. */
@Composable
fun CustomerPart(state: SellState, actions: SellActions) {
    val context = LocalContext.current
    val draft = state.draft
    val problem = listOf("phone", "email", "name").firstNotNullOfOrNull { state.problem(it) }
    val remark = problem?.let { Remark(it.said(context), it.severity == Severity.Error) }
    // The way out of a number that gets no SMS.
    val way: (@Composable () -> Unit)? = if (problem?.code == ProblemCode.Landline && draft.delivery != Delivery.Qr.code) {
        {
            OutlinedButton(
                { actions.change { copy(delivery = Delivery.Qr.code) } }, Modifier.heightIn(min = 48.dp),
                border = BorderStroke(1.dp, MaterialTheme.colorScheme.outline),
            ) { Text(stringResource(R.string.show_qr), color = MaterialTheme.colorScheme.primary) }
        }
    } else {
        null
    }
    if (draft.name.isNotBlank()) {
        CardBox {
            Row(
                Modifier.fillMaxWidth().heightIn(min = 64.dp).padding(start = 16.dp, end = 4.dp),
                Arrangement.spacedBy(12.dp), Alignment.CenterVertically,
            ) {
                Avatar(draft.name)
                Column(Modifier.weight(1f)) {
                    Text(draft.name, style = MaterialTheme.typography.titleMedium)
                    val number = draft.phone.ifBlank { draft.email }
                    if (number.isNotBlank()) Text(number, color = MaterialTheme.colorScheme.onSurfaceVariant, style = MaterialTheme.typography.bodyMedium)
                }
                SymbolButton(R.drawable.ic_close, stringResource(R.string.remove_customer), tint = MaterialTheme.colorScheme.onSurfaceVariant) {
                    actions.change { copy(name = "", phone = "", email = "") }
                }
            }
            if (remark != null) Notice(remark.text, remark.error, Modifier.padding(horizontal = 16.dp, vertical = 8.dp), way)
        }
    } else {
        Field(
            stringResource(R.string.customer_field),
            draft.phone.ifEmpty { draft.email },
            actions::customer,
            remark = remark,
            keyboard = KeyboardType.Email,
            onLeft = {
                actions.leave("phone")
                actions.leave("email")
            },
            last = true,
            way = way,
        ) { SymbolButton(R.drawable.ic_contacts, stringResource(R.string.contacts), onClick = actions::contacts) }
        if (draft.phone.isEmpty() && draft.email.isEmpty() && state.recent.isNotEmpty()) {
            Chips(state.recent.map { Choice(it, it.name ?: it.phone?.let { number -> shown.number(number) } ?: it.email.orEmpty()) }, { false }, actions::choose)
        }
    }
}
