package com.paylink.app

import android.content.Intent
import android.os.Build
import android.os.Bundle
import android.view.WindowManager
import androidx.activity.ComponentActivity
import androidx.activity.compose.setContent
import androidx.activity.enableEdgeToEdge
import androidx.annotation.RequiresApi
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.saveable.rememberSaveable
import androidx.compose.runtime.setValue
import com.paylink.app.ui.PaylinkTheme

/** The one Activity: a window onto [Root]. */
class MainActivity : ComponentActivity() {
    /** A link that a notification was tapped for. */
    private var tapped by mutableStateOf<String?>(null)

    override fun onCreate(savedInstanceState: Bundle?) {
        super.onCreate(savedInstanceState)
        enableEdgeToEdge()
        if (Build.VERSION.SDK_INT >= 29) clearBar()
        // Customers' names and numbers are in it: neither on a picture of the screen nor among the recent apps.
        window.addFlags(WindowManager.LayoutParams.FLAG_SECURE)
        if (savedInstanceState == null) take(intent)
        setContent {
            PaylinkTheme {
                val way = rememberSaveable(saver = Way.Saver) { Way() }
                LaunchedEffect(tapped) {
                    tapped?.let {
                        way.choose(Tab.Links)
                        way.go(Place.Link(it))
                        tapped = null
                    }
                }
                val offered by (application as App).offered.collectAsState()
                // A set-up of the account that is there: what it changes is shown where one signs in.
                LaunchedEffect(offered) { if (offered != null) way.go(Place.SignIn) }
                Root(application as App, way)
            }
        }
    }

    override fun onNewIntent(intent: Intent) {
        super.onNewIntent(intent)
        take(intent)
    }

    private fun take(intent: Intent) {
        intent.getStringExtra(LINK)?.let { tapped = it }
        intent.dataString?.let { (application as App).offered.value = it }
    }

    @RequiresApi(29)
    private fun clearBar() {
        window.isNavigationBarContrastEnforced = false
    }

    companion object {
        const val LINK = "link"
    }
}
