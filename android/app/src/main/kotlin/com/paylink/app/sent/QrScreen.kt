package com.paylink.app.sent

import android.app.Activity
import android.view.WindowManager
import androidx.activity.compose.LocalActivity
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.widthIn
import androidx.compose.foundation.rememberScrollState
import androidx.compose.foundation.verticalScroll
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Surface
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.DisposableEffect
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.semantics.LiveRegionMode
import androidx.compose.ui.semantics.heading
import androidx.compose.ui.semantics.liveRegion
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.style.TextAlign
import androidx.compose.ui.unit.dp
import com.paylink.app.R
import com.paylink.app.ui.EDGE
import com.paylink.app.ui.PageBar
import com.paylink.app.ui.PaylinkTheme
import com.paylink.app.ui.QrCode
import com.paylink.app.ui.Symbol
import com.paylink.app.ui.look
import com.paylink.app.ui.shown
import com.paylink.app.ui.state
import com.paylink.app.ui.tone

/** The code alone, facing the customer: who, how much, code. Always light, and bright. */
@Composable
fun QrScreen(state: SentState, onClose: () -> Unit) {
    val link = state.link ?: return
    Bright()
    PaylinkTheme(darkTheme = false) {
        Surface(Modifier.fillMaxSize(), color = Color.White, contentColor = Color.Black) { Column {
            PageBar("", R.drawable.ic_close, stringResource(R.string.close), onClose)
            Column(
                Modifier.weight(1f).fillMaxWidth().verticalScroll(rememberScrollState()).padding(horizontal = EDGE),
                Arrangement.spacedBy(8.dp, Alignment.CenterVertically), Alignment.CenterHorizontally,
            ) {
                Text(state.seller, Modifier.semantics { heading() }, Color.Black, textAlign = TextAlign.Center, style = MaterialTheme.typography.titleLarge)
                Text(shown.money(link.amount), color = Color.Black, textAlign = TextAlign.Center, style = MaterialTheme.typography.displaySmall)
                state.qr?.let { QrCode(it, stringResource(R.string.qr_speak, shown.spoken(link.amount), state.seller), Modifier.widthIn(max = 328.dp)) }
                Text(stringResource(R.string.qr_point), color = Color.Black, textAlign = TextAlign.Center, style = MaterialTheme.typography.bodyLarge)
            }
            val tone = link.look.role.tone
            Surface(Modifier.fillMaxWidth().padding(EDGE), MaterialTheme.shapes.medium, tone.soft) {
                Row(
                    Modifier.heightIn(min = 56.dp).padding(16.dp, 8.dp).semantics(mergeDescendants = true) { liveRegion = LiveRegionMode.Assertive },
                    Arrangement.spacedBy(12.dp), Alignment.CenterVertically,
                ) {
                    Symbol(link.look.icon, tint = tone.strong)
                    Text(link.state, Modifier.weight(1f), tone.strong, style = MaterialTheme.typography.titleMedium)
                    Text(link.reference, color = MaterialTheme.colorScheme.onSurfaceVariant, style = MaterialTheme.typography.bodyMedium)
                }
            }
        } }
    }
}

/** The screen is as bright as it can be for as long as the code is there, and as before after. */
@Composable
private fun Bright() {
    val activity = LocalActivity.current ?: return
    DisposableEffect(activity) {
        val before = activity.brightness
        activity.brightness = WindowManager.LayoutParams.BRIGHTNESS_OVERRIDE_FULL
        onDispose { activity.brightness = before }
    }
}

private var Activity.brightness: Float
    get() = window.attributes.screenBrightness
    set(value) {
        window.attributes = window.attributes.apply { screenBrightness = value }
    }
