package com.paylink.app

import android.content.ClipboardManager
import android.content.Context
import android.content.Intent
import android.net.Uri
import android.os.Build
import android.provider.Settings
import androidx.activity.compose.rememberLauncherForActivityResult
import androidx.annotation.RequiresApi
import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.getValue
import androidx.compose.runtime.remember
import androidx.compose.ui.platform.LocalContext
import androidx.lifecycle.compose.collectAsStateWithLifecycle
import androidx.lifecycle.createSavedStateHandle
import androidx.lifecycle.viewmodel.compose.viewModel
import com.paylink.Paylink
import com.paylink.app.core.Account
import com.paylink.app.core.CoreState
import com.paylink.app.day.DayActions
import com.paylink.app.day.DayModel
import com.paylink.app.day.DayScreen
import com.paylink.app.link.LinkActions
import com.paylink.app.link.LinkModel
import com.paylink.app.link.LinkScreen
import com.paylink.app.links.LinksActions
import com.paylink.app.links.LinksModel
import com.paylink.app.links.LinksScreen
import com.paylink.app.phone.Contact
import com.paylink.app.phone.Intents
import com.paylink.app.phone.notificationsAsked
import com.paylink.app.phone.PickContact
import com.paylink.app.sell.Remembered
import com.paylink.app.sell.SellActions
import com.paylink.app.sell.SellModel
import com.paylink.app.sell.SellScreen
import com.paylink.app.sent.QrScreen
import com.paylink.app.sent.SentActions
import com.paylink.app.sent.SentModel
import com.paylink.app.sent.SentScreen
import com.paylink.app.settings.SettingsActions
import com.paylink.app.settings.SettingsModel
import com.paylink.app.settings.SettingsScreen
import com.paylink.app.start.StartActions
import com.paylink.app.start.StartModel
import com.paylink.app.start.StartScreen
import com.paylink.app.ui.SideBySide
import com.paylink.app.ui.shown
import com.paylink.core.Action
import com.paylink.core.CatalogueItem
import com.paylink.core.Delivery
import com.paylink.core.Draft
import com.paylink.core.DraftItem
import com.paylink.core.KnownCustomer
import com.paylink.core.PaylinkException
import com.paylink.core.UnknownAnswer

/* Each place with its model: the screens themselves know neither models nor the phone. */

@Composable
fun Page(app: App, way: Way, wide: Boolean) {
    when (val here = way.here) {
        Place.Sell -> SellPage(app, way)
        Place.Links -> if (wide) Beside(app, way, null) else LinksPage(app, way, null)
        is Place.Link -> if (wide) Beside(app, way, here.id) else LinkPage(app, way, here.id, true)
        Place.Day -> DayPage(app)
        Place.Settings -> SettingsPage(app, way)
        Place.SignIn -> StartPage(app) { way.back() }
        is Place.Sent -> SentPage(app, way, here)
        is Place.Qr -> QrPage(app, way, here)
    }
}

/** The list and what is chosen in it. */
@Composable
private fun Beside(app: App, way: Way, id: String?) {
    SideBySide({ LinksPage(app, way, id) }) { if (id != null) LinkPage(app, way, id, false) }
}

@Composable
fun StartPage(app: App, onDone: () -> Unit) {
    val model = viewModel { StartModel(app.core, createSavedStateHandle()) }
    val link by app.offered.collectAsStateWithLifecycle()
    LaunchedEffect(link) { link?.let { model.link(it); app.offered.value = null } }
    val clipboard = LocalContext.current.getSystemService(ClipboardManager::class.java)
    val state by model.state.collectAsStateWithLifecycle()
    LaunchedEffect(state.done) { if (state.done) onDone() }
    val actions = remember(model) {
        object : StartActions {
            override fun account(edit: Account.() -> Account) = model.account(edit)
            override fun link(text: String) = model.link(text)
            override fun paste() = model.link(clipboard.primaryClip?.getItemAt(0)?.text?.toString().orEmpty())
            override fun code(text: String) = model.code(text)
            override fun open() = model.open()
            override fun practice() = model.practice()
            override fun clientId(text: String) = model.clientId(text)
            override fun clientSecret(text: String) = model.clientSecret(text)
            override fun step(step: Int) = model.step(step)
            override fun test() = model.test()
        }
    }
    StartScreen(state, actions)
}

@Composable
private fun SellPage(app: App, way: Way) {
    val kept = remember { app.getSharedPreferences("choices", Context.MODE_PRIVATE) }
    val model = viewModel { SellModel(app.core, Remembered(kept), createSavedStateHandle()) }
    val state by model.state.collectAsStateWithLifecycle()
    val asked = notificationsAsked(kept)
    val again by app.again.collectAsStateWithLifecycle()
    LaunchedEffect(again) {
        again?.let {
            model.begin(it)
            app.again.value = null
        }
    }
    LaunchedEffect(model) { model.sold.collect { way.go(Place.Sent(it, true)) } }
    val context = LocalContext.current
    val contacts = rememberLauncherForActivityResult(PickContact()) { uri ->
        uri?.let { Contact.read(context, it) }?.let { contact -> model.change { copy(name = contact.name, phone = contact.number, email = "") } }
    }
    val actions = remember(model, way) {
        object : SellActions {
            override fun change(edit: Draft.() -> Draft) = model.change(edit)
            override fun leave(field: String) = model.leave(field)
            override fun add(item: DraftItem) = model.add(item)
            override fun replace(at: Int, item: DraftItem) = model.replace(at, item)
            override fun step(at: Int, by: Int) = model.step(at, by)
            override fun remove(at: Int) = model.remove(at)
            override fun putBack() = model.putBack()
            override fun forgetRemoved() = model.forgetRemoved()
            override fun customer(text: String) = model.customer(text)
            override fun clear() = model.clear()
            override fun add(item: CatalogueItem) = model.add(item)
            override fun choose(customer: KnownCustomer) = model.choose(customer)
            override fun asLastTime() = model.asLastTime()
            override fun send() {
                asked()
                model.send()
            }
            override fun errorSeen() = model.errorSeen()
            override fun contacts() = contacts.launch(Unit)
            override fun settings() = way.go(Place.Settings)
        }
    }
    SellScreen(state, actions) { item -> price(app, item) }
}

/** What a line comes to, by the core; null while it comes to nothing. */
@Composable
private fun price(app: App, item: DraftItem): String? {
    val paylink = (app.core.state.collectAsStateWithLifecycle().value as? CoreState.Open)?.paylink ?: return null
    return remember(item, paylink) { paylink.total(item) }?.let { shown.money(it) }
}

private fun Paylink.total(item: DraftItem) = try {
    check(Draft(items = listOf(item))).totals?.total?.takeIf { it.minor > 0 }
} catch (_: PaylinkException) {
    null
}

@Composable
fun linksModel(app: App): LinksModel = viewModel { LinksModel(app.core, createSavedStateHandle()) }

@Composable
private fun LinksPage(app: App, way: Way, chosen: String?) {
    val model = linksModel(app)
    val state by model.state.collectAsStateWithLifecycle()
    val actions = remember(model, way) {
        object : LinksActions {
            override fun search(text: String) = model.search(text)
            override fun more() = model.more()
            override fun sync() = model.sync()
            override fun open(link: String) = if (way.here is Place.Link) way.instead(Place.Link(link)) else way.go(Place.Link(link))
            override fun newSale() = way.choose(Tab.Sell)
            override fun signIn() = way.go(Place.SignIn)
            override fun recoverySeen() = model.recoverySeen()
        }
    }
    LinksScreen(state, actions, chosen)
}

@Composable
private fun LinkPage(app: App, way: Way, id: String, backShown: Boolean) {
    val model = viewModel(key = "link $id") { LinkModel(id, app.core) }
    val state by model.state.collectAsStateWithLifecycle()
    val context = LocalContext.current
    LaunchedEffect(model) { model.watch() }
    LaunchedEffect(model) { model.toHand.collect { model.reminded(it.delivery, Intents(context).give(it.link, it.delivery, it.message)) } }
    LaunchedEffect(model) {
        model.again.collect {
            app.again.value = it
            way.choose(Tab.Sell)
        }
    }
    LaunchedEffect(model) { model.replaced.collect { way.instead(Place.Link(it)) } }
    val actions = remember(model, way) {
        object : LinkActions {
            override fun back() = way.back()
            override fun act(action: Action) = model.act(action)
            override fun answer(answer: UnknownAnswer) = model.answer(answer)
            override fun share() = way.go(Place.Sent(id, false))
            override fun showQr() = way.go(Place.Qr(id))
            override fun remind(anyway: Boolean) = model.remind(anyway)
            override fun notReminded() = model.notReminded()
            override fun call(number: String) = Intents(context).dial(number)
        }
    }
    LinkScreen(state, actions, backShown)
}

@Composable
private fun sentModel(app: App, id: String, fresh: Boolean): SentModel =
    viewModel(key = "sent $id") { SentModel(id, app.core, createSavedStateHandle(), fresh) }

@Composable
private fun SentPage(app: App, way: Way, here: Place.Sent) {
    val model = sentModel(app, here.id, here.fresh)
    val state by model.state.collectAsStateWithLifecycle()
    val context = LocalContext.current
    LaunchedEffect(model) { model.watch() }
    LaunchedEffect(model) {
        val phone = Intents(context)
        model.toHand.collect { model.handed(it.delivery, phone.give(it.link, it.delivery, it.message)) }
    }
    val actions = remember(model, way) {
        object : SentActions {
            override fun close() = way.back()
            override fun newSale() = way.choose(Tab.Sell)
            override fun hand(delivery: Delivery) = model.hand(delivery)
            override fun largeQr() = way.go(Place.Qr(here.id))
            override fun openLink() = way.instead(Place.Link(here.id))
            override fun openLinks() = way.choose(Tab.Links)
        }
    }
    SentScreen(state, actions)
}

@Composable
private fun QrPage(app: App, way: Way, here: Place.Qr) {
    val model = sentModel(app, here.id, false)
    LaunchedEffect(model) { model.watch() }
    val state by model.state.collectAsStateWithLifecycle()
    LaunchedEffect(state.qr != null) { if (state.qr != null) model.shown() }
    QrScreen(state) { way.back() }
}

@Composable
private fun DayPage(app: App) {
    val model = viewModel { DayModel(app.core, createSavedStateHandle()) }
    LaunchedEffect(model) { model.watch() }
    val state by model.state.collectAsStateWithLifecycle()
    val actions = remember(model) {
        object : DayActions {
            override fun go(days: Long) = model.go(days)
        }
    }
    DayScreen(state, actions)
}

@Composable
private fun SettingsPage(app: App, way: Way) {
    val model = viewModel { SettingsModel(app.core) }
    val state by model.state.collectAsStateWithLifecycle()
    val context = LocalContext.current
    LaunchedEffect(model) { model.watch() }
    LaunchedEffect(state.signedOut) { if (state.signedOut) way.instead(Place.SignIn) }
    val actions = remember(model, way) {
        object : SettingsActions {
            override fun back() = way.back()
            override fun signOut() = model.signOut()
            override fun leavePractice() {
                way.choose(Tab.Sell)
                model.leavePractice()
            }
            override fun signIn() = way.go(Place.SignIn)
            override val language: (() -> Unit)? = if (Build.VERSION.SDK_INT >= 33) ({ languages(context) }) else null
        }
    }
    SettingsScreen(state, version(context), actions)
}

private fun version(context: Context): String = context.packageManager.getPackageInfo(context.packageName, 0).versionName.orEmpty()

/** The system's own page: each app has its language there since Android 13. */
@RequiresApi(33)
private fun languages(context: Context) =
    context.startActivity(Intent(Settings.ACTION_APP_LOCALE_SETTINGS, Uri.fromParts("package", context.packageName, null)))
