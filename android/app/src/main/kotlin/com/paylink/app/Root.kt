package com.paylink.app

import androidx.activity.compose.BackHandler
import androidx.compose.foundation.background
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.BoxWithConstraints
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.WindowInsets
import androidx.compose.foundation.layout.consumeWindowInsets
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxHeight
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.navigationBars
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.safeDrawing
import androidx.compose.foundation.layout.systemBarsPadding
import androidx.compose.foundation.layout.width
import androidx.compose.foundation.layout.windowInsetsPadding
import androidx.compose.material3.Badge
import androidx.compose.material3.BadgedBox
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.NavigationBar
import androidx.compose.material3.NavigationBarItem
import androidx.compose.material3.NavigationRail
import androidx.compose.material3.NavigationRailItem
import androidx.compose.material3.Surface
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.saveable.rememberSaveableStateHolder
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.LocalContext
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.unit.dp
import androidx.lifecycle.compose.collectAsStateWithLifecycle
import com.paylink.app.core.CoreState
import com.paylink.app.ui.EDGE
import com.paylink.app.ui.Hairline
import com.paylink.app.ui.MainButton
import com.paylink.app.ui.Notice
import com.paylink.app.ui.Symbol
import com.paylink.app.ui.said
import com.paylink.app.ui.tones
import com.paylink.core.PaylinkException

/** From this width on there is a rail at the side, and a list beside what is chosen in it. */
private val WIDE = 840.dp

@Composable
fun Root(app: App, way: Way) {
    val state by app.core.state.collectAsStateWithLifecycle()
    Surface(Modifier.fillMaxSize(), color = MaterialTheme.colorScheme.background) {
        when (val now = state) {
            CoreState.Opening -> Box(Modifier.fillMaxSize())
            CoreState.NoAccount -> Box(Modifier.systemBarsPadding()) { StartPage(app) {} }
            is CoreState.Failed -> Failed(now.error, app.core::begin)
            is CoreState.Open -> Places(app, way)
        }
    }
}

@Composable
private fun Failed(error: PaylinkException, again: () -> Unit) {
    Column(Modifier.fillMaxSize().systemBarsPadding().padding(EDGE), Arrangement.Center) {
        Notice(error.said(LocalContext.current), true)
        MainButton(stringResource(R.string.try_again), again, Modifier.fillMaxWidth().padding(top = EDGE))
    }
}

@Composable
private fun Places(app: App, way: Way) {
    BackHandler(way.canGoBack) { way.back() }
    BoxWithConstraints {
        val wide = maxWidth >= WIDE
        val holder = rememberSaveableStateHolder()
        val page = @Composable { holder.SaveableStateProvider(way.here.text()) { Page(app, way, wide) } }
        val tab = if (wide && way.here is Place.Link) Tab.Links else way.tab
        when {
            tab == null -> Box(Modifier.windowInsetsPadding(WindowInsets.safeDrawing)) { page() }
            wide -> Row {
                Rail(app, way, tab)
                Box(Modifier.fillMaxSize().windowInsetsPadding(WindowInsets.safeDrawing)) { page() }
            }
            else -> Column {
                Box(Modifier.weight(1f).windowInsetsPadding(WindowInsets.safeDrawing).consumeWindowInsets(WindowInsets.navigationBars)) { page() }
                Bar(app, way, tab)
            }
        }
    }
}

@Composable
private fun Bar(app: App, way: Way, tab: Tab) {
    Column(Modifier.background(MaterialTheme.colorScheme.surfaceContainer)) {
        Hairline()
        NavigationBar(Modifier.heightIn(min = 64.dp), MaterialTheme.colorScheme.surfaceContainer) {
            Tab.entries.forEach { each ->
                NavigationBarItem(each == tab, { way.choose(each) }, { TabIcon(app, each, each == tab) }, label = { Text(stringResource(each.words)) })
            }
        }
    }
}

@Composable
private fun Rail(app: App, way: Way, tab: Tab) {
    NavigationRail(Modifier.width(80.dp).fillMaxHeight(), MaterialTheme.colorScheme.surfaceContainer) {
        Tab.entries.forEach { each ->
            NavigationRailItem(each == tab, { way.choose(each) }, { TabIcon(app, each, each == tab) }, label = { Text(stringResource(each.words)) })
        }
    }
}

/** With what needs the seller or is unsent: red if anything needs the seller, else amber. */
@Composable
private fun TabIcon(app: App, tab: Tab, chosen: Boolean) {
    val links by linksModel(app).state.collectAsStateWithLifecycle()
    val count = if (tab == Tab.Links) links.needsYou + links.unsent else 0
    val icon = if (chosen) tab.chosen else tab.icon
    BadgedBox({
        if (count > 0) {
            val tone = if (links.needsYou > 0) tones.danger else tones.waiting
            Badge(containerColor = tone.strong, contentColor = tone.onStrong) { Text(count.toString()) }
        }
    }) { Symbol(icon, tint = if (chosen) MaterialTheme.colorScheme.onSecondaryContainer else MaterialTheme.colorScheme.onSurfaceVariant) }
}
