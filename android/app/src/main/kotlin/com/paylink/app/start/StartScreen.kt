package com.paylink.app.start

import androidx.compose.foundation.Image
import androidx.compose.foundation.background
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.imePadding
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.layout.widthIn
import androidx.compose.foundation.rememberScrollState
import androidx.compose.foundation.shape.CircleShape
import androidx.compose.foundation.verticalScroll
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.material3.TextButton
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.saveable.rememberSaveable
import androidx.compose.runtime.setValue
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.LocalContext
import androidx.compose.ui.res.painterResource
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.semantics.heading
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.input.KeyboardType
import androidx.compose.ui.text.input.PasswordVisualTransformation
import androidx.compose.ui.text.input.VisualTransformation
import androidx.compose.ui.unit.dp
import com.paylink.app.R
import com.paylink.app.ui.EDGE
import com.paylink.app.ui.Field
import com.paylink.app.ui.Head
import com.paylink.app.ui.MainButton
import com.paylink.app.ui.Notice
import com.paylink.app.ui.Remark
import com.paylink.app.ui.SecondButton
import com.paylink.app.ui.SymbolButton
import com.paylink.app.ui.said
import com.paylink.app.core.Account
import com.paylink.core.PaylinkException

interface StartActions {
    fun account(edit: Account.() -> Account)
    fun link(text: String)
    fun paste()
    fun code(text: String)
    fun open()
    fun practice()
    fun clientId(text: String)
    fun clientSecret(text: String)
    fun step(step: Int)
    fun test()
}

@Composable
fun StartScreen(state: StartState, actions: StartActions) {
    val first = state.step == 1
    Column(
        Modifier.fillMaxSize().imePadding().widthIn(max = 600.dp).padding(horizontal = EDGE),
    ) {
        Column(Modifier.weight(1f).verticalScroll(rememberScrollState()), Arrangement.spacedBy(12.dp)) {
            Row(Modifier.fillMaxWidth().padding(top = 12.dp), Arrangement.SpaceBetween, Alignment.CenterVertically) {
                Image(painterResource(R.drawable.ic_mark), null, Modifier.size(48.dp))
                if (!state.known && state.setup == null) Quiet(stringResource(R.string.start_step, state.step))
            }
            Text(
                stringResource(if (first) R.string.start_title else R.string.start_seller_title),
                Modifier.semantics { heading() }, style = MaterialTheme.typography.headlineSmall,
            )
            Text(
                stringResource(if (first) R.string.start_text else R.string.start_seller_text),
                color = MaterialTheme.colorScheme.onSurfaceVariant, style = MaterialTheme.typography.bodyLarge,
            )
            when {
                !first -> Seller(state, actions)
                state.agreed != null -> Agreed(state, actions)
                else -> {
                    FromLink(state, actions)
                    if (!state.sealed) {
                        Head(stringResource(R.string.start_by_hand), Modifier.padding(top = 8.dp))
                        ByHand(state, actions)
                    }
                }
            }
            if (state.error != null && state.wrong == null) Notice(state.error.said(LocalContext.current), true)
        }
        Row(Modifier.fillMaxWidth().padding(vertical = if (first) 8.dp else 16.dp), Arrangement.spacedBy(12.dp)) {
            if (!first) SecondButton(stringResource(R.string.back), { actions.step(1) })
            when {
                state.sealed -> MainButton(stringResource(R.string.start_open), actions::open, Modifier.weight(1f), busy = state.busy)
                !state.last -> MainButton(stringResource(R.string.start_next), { actions.step(2) }, Modifier.weight(1f))
                else -> MainButton(
                    stringResource(if (state.busy) R.string.start_testing else R.string.start_test), actions::test, Modifier.weight(1f), busy = state.busy,
                )
            }
        }
        if (first && !state.known && state.setup == null) {
            TextButton(actions::practice, Modifier.fillMaxWidth().padding(bottom = 8.dp).heightIn(min = 48.dp)) { Text(stringResource(R.string.start_practice)) }
        }
    }
}

@Composable
private fun ByHand(state: StartState, actions: StartActions) {
    Field(
        stringResource(R.string.field_account), state.account.account, { actions.account { copy(account = it.uppercase()) } },
        remark = state.remark("account"),
    ) { if (state.account.account.startsWith("T")) TestAccount() }
    Credentials(state, actions)
}

@Composable
internal fun Credentials(state: StartState, actions: StartActions) {
    var open by rememberSaveable { mutableStateOf(false) }
    Field(stringResource(R.string.field_client_id), state.clientId, actions::clientId, remark = state.remark("client_id"))
    Field(
        stringResource(R.string.field_client_secret), state.clientSecret, actions::clientSecret,
        remark = state.remark("client_secret"), hint = stringResource(R.string.field_client_secret_hint),
        keyboard = KeyboardType.Password, secret = if (open) VisualTransformation.None else PasswordVisualTransformation(),
    ) {
        SymbolButton(
            if (open) R.drawable.ic_visibility_off else R.drawable.ic_visibility,
            stringResource(if (open) R.string.hide_secret else R.string.show_secret),
        ) { open = !open }
    }
}

@Composable
private fun Seller(state: StartState, actions: StartActions) {
    Field(
        stringResource(R.string.field_seller_name), state.account.sellerName, { actions.account { copy(sellerName = it) } },
        remark = state.remark("seller_name"),
    )
    Field(
        stringResource(R.string.field_reference_prefix), state.account.referencePrefix, { actions.account { copy(referencePrefix = it) } },
        remark = state.remark("reference_prefix"),
    )
    Field(
        stringResource(R.string.field_return_url), state.account.returnUrl, { actions.account { copy(returnUrl = it) } },
        remark = state.remark("return_url"), hint = stringResource(R.string.field_return_url_hint), keyboard = KeyboardType.Uri,
    )
}

/** What the core said of this field. */
@Composable
internal fun StartState.remark(field: String): Remark? {
    if (wrong != field) return null
    val context = LocalContext.current
    return Remark(if (error is PaylinkException.Config) stringResource(R.string.config_wrong) else error?.said(context).orEmpty(), true)
}

@Composable
private fun TestAccount() = Text(
    stringResource(R.string.test_account),
    Modifier.padding(end = 12.dp).background(MaterialTheme.colorScheme.surfaceContainerHigh, CircleShape).padding(horizontal = 10.dp, vertical = 6.dp),
    MaterialTheme.colorScheme.onSurfaceVariant, style = MaterialTheme.typography.labelLarge,
)

@Composable
private fun Quiet(text: String) = Text(text, color = MaterialTheme.colorScheme.onSurfaceVariant, style = MaterialTheme.typography.bodyMedium)
