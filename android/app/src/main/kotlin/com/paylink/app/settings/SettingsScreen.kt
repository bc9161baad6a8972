package com.paylink.app.settings

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.widthIn
import androidx.compose.foundation.rememberScrollState
import androidx.compose.foundation.verticalScroll
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.LocalContext
import androidx.compose.ui.res.pluralStringResource
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.text.style.TextAlign
import androidx.compose.ui.unit.dp
import com.paylink.app.R
import com.paylink.app.ui.ActionRow
import com.paylink.app.ui.CardBox
import com.paylink.app.ui.EDGE
import com.paylink.app.ui.Hairline
import com.paylink.app.ui.Head
import com.paylink.app.ui.Notice
import com.paylink.app.ui.PageBar
import com.paylink.app.ui.said
import com.paylink.app.ui.tones
import com.paylink.app.ui.words

interface SettingsActions {
    fun back()
    fun signOut()
    fun signIn()
    fun leavePractice()

    /** Null: this phone chooses one language for all apps. */
    val language: (() -> Unit)?
}

@Composable
fun SettingsScreen(state: SettingsState, version: String, actions: SettingsActions) {
    Column(Modifier.fillMaxSize()) {
        PageBar(stringResource(R.string.settings), onBack = actions::back)
        Column(
            Modifier.weight(1f).verticalScroll(rememberScrollState()).padding(horizontal = EDGE).padding(bottom = 16.dp).widthIn(max = 600.dp),
            Arrangement.spacedBy(8.dp),
        ) {
            Head(stringResource(R.string.account_title))
            CardBox {
                val paused = state.core?.paused
                val says = stringResource(paused?.let(::words) ?: R.string.account_signed_in)
                ActionRow(state.account.sellerName, R.drawable.ic_person, small = state.account.account + " · " + says, onClick = if (paused == null) null else actions::signIn)
            }
            state.core?.reading?.let { Notice(stringResource(R.string.reading_paused) + " " + stringResource(words(it)), true) }
            actions.language?.let { language ->
                CardBox { ActionRow(stringResource(R.string.app_language), R.drawable.ic_translate, small = stringResource(R.string.app_language_text), onClick = language) }
            }
            Head(stringResource(R.string.diagnostics), Modifier.padding(top = 8.dp))
            CardBox { Diagnostics(state) }
            Head(stringResource(R.string.licences), Modifier.padding(top = 8.dp))
            CardBox { Text(stringResource(R.string.licences_text), Modifier.padding(16.dp), style = MaterialTheme.typography.bodyMedium) }
            state.error?.let { Notice(it.said(LocalContext.current), true) }
            if (state.core?.practice == true) {
                CardBox {
                    ActionRow(
                        stringResource(R.string.practice_leave), R.drawable.ic_logout, small = stringResource(R.string.practice_leave_text),
                        onClick = actions::leavePractice,
                    )
                }
            } else CardBox {
                val unsent = state.unsent
                val why = if (unsent > 0) pluralStringResource(R.plurals.cannot_sign_out, unsent, unsent) else stringResource(R.string.sign_out_text)
                ActionRow(
                    stringResource(R.string.sign_out), R.drawable.ic_logout, small = why,
                    color = if (unsent > 0) MaterialTheme.colorScheme.onSurfaceVariant else tones.danger.strong, onClick = actions::signOut,
                )
            }
            Text(
                stringResource(R.string.version, version), Modifier.fillMaxWidth().padding(16.dp), MaterialTheme.colorScheme.onSurfaceVariant,
                textAlign = TextAlign.Center, style = MaterialTheme.typography.bodyMedium,
            )
        }
    }
}

/** Counts and codes alone: no name, no number, no amount. */
@Composable
private fun Diagnostics(state: SettingsState) {
    val pending = state.pending
    val lines = listOfNotNull(
        pending?.run { "queued $queued, sending $sending, waiting $waiting, unknown $unknown, held $held, parked $parked, exported $exported" },
        state.core?.run { "paused ${paused?.code ?: "-"}, reading ${reading?.code ?: "-"}, profile ${if (profileId == null) "-" else "yes"}, methods ${methods.size}" },
    )
    Column(Modifier.padding(16.dp), Arrangement.spacedBy(4.dp)) {
        Text(stringResource(R.string.diagnostics_text), color = MaterialTheme.colorScheme.onSurfaceVariant, style = MaterialTheme.typography.bodyMedium)
        lines.forEach { Text(it, style = MaterialTheme.typography.bodyMedium) }
        Hairline()
        Text("Android ${android.os.Build.VERSION.SDK_INT}", style = MaterialTheme.typography.bodyMedium)
    }
}
