package com.paylink.app.start

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.material3.TextButton
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.LocalContext
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.semantics.heading
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.input.KeyboardType
import androidx.compose.ui.unit.dp
import com.paylink.app.R
import com.paylink.app.ui.CardBox
import com.paylink.app.ui.Field
import com.paylink.app.ui.Notice
import com.paylink.app.ui.Remark
import com.paylink.app.ui.fieldWords
import com.paylink.app.ui.said
import com.paylink.core.Problem
import com.paylink.core.Severity
import com.paylink.core.SetupSummary

/** A link that was pasted, and the code of an invitation. */
@Composable
fun FromLink(state: StartState, actions: StartActions) {
    Field(
        stringResource(R.string.start_link), state.link, actions::link,
        remark = state.problem("link")?.remark(), hint = stringResource(R.string.start_link_hint), keyboard = KeyboardType.Uri, last = true,
    ) { TextButton(actions::paste, Modifier.heightIn(min = 48.dp)) { Text(stringResource(R.string.start_paste)) } }
    // What else is wrong with a link is the office's to mend: each thing is told, under its own name.
    val context = LocalContext.current
    state.setup?.problems.orEmpty().filter { it.field != "link" && it.field != "code" }.forEach { Notice(it.said(context), it.severity == Severity.Error) }
    if (!state.sealed) return
    state.setup?.sealed?.let { invited -> Text(account(invited.account, invited.live), style = MaterialTheme.typography.titleMedium) }
    Field(
        stringResource(R.string.start_code), state.code, actions::code,
        remark = state.problem("code")?.remark(), hint = stringResource(R.string.start_code_hint), last = true,
    )
}

/** What a set-up says, for the seller to agree to; the credentials where it brings none. */
@Composable
fun Agreed(state: StartState, actions: StartActions) {
    val check = state.agreed ?: return
    val context = LocalContext.current
    Text(stringResource(R.string.start_agree), Modifier.semantics { heading() }, style = MaterialTheme.typography.titleLarge)
    check.summary?.let { Summary(it) }
    check.problems.forEach { Notice(it.said(context), it.severity == Severity.Error) }
    if (check.credentials == null) Credentials(state, actions) else state.remark("client_secret")?.let { Notice(it.text, it.error) }
    TextButton({ actions.link("") }, Modifier.heightIn(min = 48.dp)) { Text(stringResource(R.string.start_other)) }
}

@Composable
private fun Summary(summary: SetupSummary) {
    CardBox {
        Column(Modifier.padding(16.dp), Arrangement.spacedBy(4.dp)) {
            Text(summary.sellerName, style = MaterialTheme.typography.titleMedium)
            Text(account(summary.account, summary.live), style = MaterialTheme.typography.bodyLarge)
            summary.hosts.forEach { Quiet(stringResource(fieldWords(it.field)) + ": " + it.host) }
            val nothing = stringResource(R.string.setup_nothing)
            summary.changes.forEach {
                Quiet(stringResource(R.string.setup_change, stringResource(fieldWords(it.field)), it.from.ifEmpty { nothing }, it.to.ifEmpty { nothing }))
            }
        }
    }
}

@Composable
private fun account(account: String, live: Boolean): String = account + " · " + stringResource(if (live) R.string.live_account else R.string.test_account)

@Composable
private fun Quiet(text: String) = Text(text, color = MaterialTheme.colorScheme.onSurfaceVariant, style = MaterialTheme.typography.bodyMedium)

@Composable
private fun Problem.remark() = Remark(said(LocalContext.current), severity == Severity.Error)
