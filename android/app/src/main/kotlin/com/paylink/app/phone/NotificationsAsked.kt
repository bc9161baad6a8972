package com.paylink.app.phone

import android.Manifest
import android.content.SharedPreferences
import android.content.pm.PackageManager
import android.os.Build
import androidx.activity.compose.rememberLauncherForActivityResult
import androidx.activity.result.contract.ActivityResultContracts
import androidx.annotation.RequiresApi
import androidx.compose.runtime.Composable
import androidx.compose.runtime.remember
import androidx.compose.ui.platform.LocalContext
import androidx.core.content.edit

/** Asks at the first Send, and never again, whether the seller wants to hear of payments. Nothing waits for the answer. */
@Composable
fun notificationsAsked(kept: SharedPreferences): () -> Unit {
    if (Build.VERSION.SDK_INT < 33) return {}
    val context = LocalContext.current
    val ask = rememberLauncherForActivityResult(ActivityResultContracts.RequestPermission()) {}
    return remember(context, ask, kept) {
        {
            if (context.checkSelfPermission(permission()) != PackageManager.PERMISSION_GRANTED && !kept.getBoolean(ASKED, false)) {
                kept.edit { putBoolean(ASKED, true) }
                ask.launch(permission())
            }
        }
    }
}

private const val ASKED = "asked_to_notify"

@RequiresApi(33)
private fun permission() = Manifest.permission.POST_NOTIFICATIONS
