package com.paylink.app.sell

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.rememberScrollState
import androidx.compose.foundation.selection.toggleable
import androidx.compose.foundation.verticalScroll
import androidx.compose.material3.ExperimentalMaterial3Api
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.ModalBottomSheet
import androidx.compose.material3.Switch
import androidx.compose.material3.Text
import androidx.compose.material3.rememberModalBottomSheetState
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.LocalContext
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.semantics.heading
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.style.TextAlign
import androidx.compose.ui.unit.dp
import com.paylink.app.R
import com.paylink.app.ui.Chips
import com.paylink.app.ui.Choice
import com.paylink.app.ui.EDGE
import com.paylink.app.ui.Field
import com.paylink.app.ui.MainButton
import com.paylink.app.ui.Notice
import com.paylink.app.ui.Remark
import com.paylink.app.ui.Segments
import com.paylink.app.ui.largeFont
import com.paylink.app.ui.said
import com.paylink.app.ui.words
import com.paylink.core.AddressMode
import com.paylink.core.Capture
import com.paylink.core.Draft
import com.paylink.core.Expiry
import com.paylink.core.Language
import com.paylink.core.Severity

/** What is chosen in the sheet, by the contract's names: its problems stand at the row that opens it as well. */
val choiceFields = listOf("methods", "expiry", "capture", "address", "reference", "language", "address_line", "address_line_2", "postal_code", "city", "country")

@OptIn(ExperimentalMaterial3Api::class)
@Composable
fun ChoicesSheet(state: SellState, actions: SellActions, onClose: () -> Unit) {
    ModalBottomSheet(onClose, sheetState = rememberModalBottomSheetState(skipPartiallyExpanded = true), containerColor = MaterialTheme.colorScheme.surfaceContainer) {
        ChoicesForm(state, actions, onClose)
    }
}

@Composable
fun ChoicesForm(state: SellState, actions: SellActions, onClose: () -> Unit) {
    val draft = state.draft
    Column(Modifier.verticalScroll(rememberScrollState()).padding(horizontal = EDGE).padding(bottom = 24.dp), Arrangement.spacedBy(8.dp)) {
        Text(stringResource(R.string.choices), Modifier.semantics { heading() }, style = MaterialTheme.typography.headlineSmall)
        Part(R.string.field_methods)
        Methods(state, actions)
        Part(R.string.field_expiry)
        Segments(
            Expiry.known.map { Choice(it.code, stringResource(words(it))) }, draft.expiry, { actions.change { copy(expiry = it) } },
            columns = if (largeFont) 1 else Expiry.known.size,
        )
        Part(R.string.field_capture)
        Segments(
            Capture.known.map { Choice(it.code, stringResource(words(it))) }, draft.capture, { actions.change { copy(capture = it) } },
            columns = if (largeFont) 1 else Capture.known.size,
        )
        if (draft.capture == Capture.Manual.code) Quiet(stringResource(R.string.capture_manual_note))
        Address(state, actions)
        Part(R.string.field_language)
        Chips(
            Language.known.map { Choice(it.code, stringResource(words(it))) }, { it == draft.language },
            { actions.change { copy(language = if (language == it) "" else it) } },
        )
        Typing(R.string.field_reference, "reference", draft.reference, state, actions, stringResource(R.string.field_reference_hint)) { copy(reference = it) }
        MainButton(stringResource(R.string.done), onClose, Modifier.fillMaxWidth().padding(top = 8.dp))
        Quiet(stringResource(R.string.choices_kept), Modifier.fillMaxWidth(), TextAlign.Center)
    }
}

@Composable
private fun Methods(state: SellState, actions: SellActions) {
    val chosen = state.draft.methods
    // What was remembered stays in sight, also where the profile no longer has it.
    val families = (state.families + chosen).distinct()
    Chips(
        listOf(Choice("", stringResource(R.string.methods_all_short))) + families.map { Choice(it, methodName(it)) },
        { if (it.isEmpty()) chosen.isEmpty() else it in chosen },
        { family ->
            actions.change { copy(methods = if (family.isEmpty()) emptyList() else if (family in methods) methods - family else methods + family) }
            actions.leave("methods")
        },
        many = true,
    )
    state.problem("methods")?.let { Notice(it.said(LocalContext.current), it.severity == Severity.Error) }
}

/** The customer fills it in, or the seller: then each field says what is wrong with it. */
@Composable
private fun Address(state: SellState, actions: SellActions) {
    val express = state.draft.address == AddressMode.Express.code
    Row(
        Modifier.fillMaxWidth().heightIn(min = 56.dp).toggleable(express, role = Role.Switch) { on ->
            actions.change { copy(address = if (on) AddressMode.Express.code else "") }
        },
        Arrangement.spacedBy(16.dp), Alignment.CenterVertically,
    ) {
        Text(stringResource(R.string.address_express), Modifier.weight(1f), style = MaterialTheme.typography.bodyLarge)
        Switch(express, null)
    }
    if (express && !state.draft.hasAddress) return
    Typing(R.string.field_address_line, "address_line", state.draft.addressLine, state, actions) { copy(addressLine = it) }
    if (state.draft.hasAddress) {
        Typing(R.string.field_address_line_2, "address_line_2", state.draft.addressLine2, state, actions) { copy(addressLine2 = it) }
        Typing(R.string.field_postal_code, "postal_code", state.draft.postalCode, state, actions) { copy(postalCode = it) }
        Typing(R.string.field_city, "city", state.draft.city, state, actions) { copy(city = it) }
        Typing(R.string.field_country, "country", state.draft.country, state, actions) { copy(country = it) }
    }
}

@Composable
private fun Typing(label: Int, field: String, value: String, state: SellState, actions: SellActions, hint: String? = null, onChange: Draft.(String) -> Draft) {
    val problem = state.problem(field)
    Field(
        stringResource(label), value, { text -> actions.change { onChange(text) } }, hint = hint,
        remark = problem?.let { Remark(it.said(LocalContext.current), it.severity == Severity.Error) },
        onLeft = { actions.leave(field) },
    )
}

@Composable
private fun Part(label: Int) = Text(
    stringResource(label), Modifier.padding(top = 8.dp).semantics { heading() }, style = MaterialTheme.typography.labelLarge,
)

@Composable
private fun Quiet(text: String, modifier: Modifier = Modifier, align: TextAlign? = null) =
    Text(text, modifier, MaterialTheme.colorScheme.onSurfaceVariant, textAlign = align, style = MaterialTheme.typography.bodyMedium)

private val Draft.hasAddress get() = listOf(addressLine, addressLine2, postalCode, city, country).any(String::isNotEmpty)

// The choices in words, for the one line of the sale.

/** A brand's own name, or our word where the family is none. */
@Composable
fun methodName(family: String): String = when (family) {
    "card" -> stringResource(R.string.method_card)
    else -> family.replaceFirstChar(Char::uppercase)
}

@Composable
internal fun methodsText(draft: Draft): String =
    if (draft.methods.isEmpty()) stringResource(R.string.methods_all)
    else stringResource(R.string.methods_only, draft.methods.map { methodName(it) }.joinToString(", "))

@Composable
internal fun validText(draft: Draft): String {
    val expiry = Expiry.known.firstOrNull { it.code == draft.expiry } ?: Expiry.Week
    return stringResource(R.string.valid_for, stringResource(words(expiry)))
}

@Composable
internal fun captureText(draft: Draft): String =
    stringResource(words(Capture.known.firstOrNull { it.code == draft.capture } ?: Capture.Auto))

@Composable
internal fun addressText(draft: Draft): String = stringResource(
    when {
        draft.address == AddressMode.Express.code -> R.string.address_express
        draft.hasAddress -> R.string.address_given
        else -> R.string.address_none
    },
)
