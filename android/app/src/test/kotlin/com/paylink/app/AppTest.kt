package com.paylink.app

import android.Manifest
import android.content.Intent
import android.content.res.Configuration
import android.net.ConnectivityManager
import android.os.Bundle
import androidx.annotation.PluralsRes
import androidx.annotation.StringRes
import androidx.compose.ui.semantics.SemanticsNode
import androidx.compose.ui.semantics.SemanticsProperties
import androidx.compose.ui.semantics.getOrNull
import androidx.compose.ui.test.SemanticsMatcher
import androidx.compose.ui.test.SemanticsNodeInteraction
import androidx.compose.ui.test.hasSetTextAction
import androidx.compose.ui.test.hasText
import androidx.compose.ui.test.junit4.v2.createEmptyComposeRule
import androidx.compose.ui.test.onFirst
import androidx.compose.ui.test.onNodeWithTag
import androidx.compose.ui.test.performClick
import androidx.compose.ui.test.performScrollTo
import androidx.compose.ui.test.performTextReplacement
import androidx.test.core.app.ApplicationProvider
import com.paylink.Paylink
import com.paylink.Sale
import com.paylink.app.core.Account
import com.paylink.app.ui.Shown
import com.paylink.core.Draft
import com.paylink.core.DraftItem
import com.paylink.core.Money
import com.paylink.core.PaymentLink
import kotlinx.coroutines.runBlocking
import org.junit.After
import org.junit.Rule
import org.junit.runner.RunWith
import org.robolectric.Robolectric
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import org.robolectric.Shadows.shadowOf
import org.robolectric.android.controller.ActivityController

/** Tests of the real Activity on the real core and the real sandbox. A test is a process: each has an app of its own. */
@RunWith(RobolectricTestRunner::class)
abstract class AppTest {
    @get:Rule(order = 0)
    val provider = NewProvider()

    @get:Rule(order = 1)
    val rule = createEmptyComposeRule()

    protected val app: TestApp get() = ApplicationProvider.getApplicationContext()
    protected lateinit var window: ActivityController<MainActivity>

    protected val honey = Draft(items = listOf(DraftItem(description = "Honning 500 g", quantity = "2", unitPrice = "149")), phone = "95000012", delivery = "sms")

    @After
    fun end() {
        if (::window.isInitialized) window.pause().stop().destroy()
        runBlocking { app.core.close() }
    }

    /** Opens the window, as a tap on the icon or on a notification does. */
    protected fun open(intent: Intent = Intent(Intent.ACTION_MAIN)) {
        window = Robolectric.buildActivity(MainActivity::class.java, intent).setup()
    }

    /** The phone is turned: the window is made anew, and its models are kept. */
    protected fun rotate() {
        val landscape = app.resources.configuration.orientation == Configuration.ORIENTATION_LANDSCAPE
        RuntimeEnvironment.setQualifiers(if (landscape) "+port" else "+land")
        window.configurationChange().visible()
    }

    /** What was set up by hand before; the seller wants to hear of payments. */
    protected fun setUp() = runBlocking {
        shadowOf(app).grantPermissions(Manifest.permission.POST_NOTIFICATIONS)
        app.core.setUp(Account(Sandbox.account, "Skogens Honning AS", "https://example.com/thanks", "HON"), Sandbox.clientId, Sandbox.clientSecret)
    }

    /** The system kills the process while nobody looks, and comes back with what it has kept. */
    protected fun killAndReturn() {
        val kept = Bundle()
        window.pause().stop().saveInstanceState(kept).destroy()
        runBlocking { app.core.close() }
        app.core.begin()
        window = Robolectric.buildActivity(MainActivity::class.java).setup(kept)
    }

    protected fun network(online: Boolean) {
        val manager = app.getSystemService(ConnectivityManager::class.java)
        val network = manager.activeNetwork ?: org.robolectric.shadows.ShadowNetwork.newInstance(1)
        shadowOf(manager).setDefaultNetworkActive(online)
        shadowOf(manager).networkCallbacks.forEach { if (online) it.onAvailable(network) else it.onLost(network) }
    }

    protected fun <T> core(what: suspend Paylink.() -> T): T = runBlocking { app.core.paylink().what() }

    protected fun sold(draft: Draft = honey): PaymentLink = core { (create(draft) as Sale.Saved).link }

    protected fun words(@StringRes id: Int, vararg parts: Any): String = app.getString(id, *parts)

    protected fun counted(@PluralsRes id: Int, count: Int): String = app.resources.getQuantityString(id, count, count)

    // What is on the screen

    protected fun seen(text: String): Boolean = rule.onAllNodes(says(text, false)).fetchSemanticsNodes().isNotEmpty()

    protected fun waitFor(text: String) = try {
        rule.waitUntil(20_000) { seen(text) }
    } catch (late: Throwable) {
        throw AssertionError("never seen: $text; there is: ${onScreen()}", late)
    }

    protected fun waitUntil(what: suspend Paylink.() -> Boolean) = rule.waitUntil(20_000) {
        rule.waitForIdle()
        core(what)
    }

    /** The node that says exactly this, or else holds it. */
    protected fun node(text: String): SemanticsNodeInteraction {
        val whole = rule.onAllNodes(says(text, true))
        return (if (whole.fetchSemanticsNodes().isNotEmpty()) whole else rule.onAllNodes(says(text, false))).onFirst()
    }

    protected fun tap(text: String) {
        waitFor(text)
        node(text).performClick()
    }

    protected fun tap(@StringRes id: Int, vararg parts: Any) = tap(words(id, *parts))

    protected fun scrollTo(text: String): SemanticsNodeInteraction = node(text).performScrollTo()

    protected fun send() {
        rule.onNodeWithTag("send").performClick()
    }

    /** The field with this label. */
    protected fun field(@StringRes label: Int): SemanticsNodeInteraction = rule.onNode(hasSetTextAction() and hasText(words(label)))

    protected fun type(@StringRes label: Int, text: String) {
        field(label).performScrollTo()
        field(label).performTextReplacement(text)
    }

    /** An amount by the keypad. */
    protected fun amount(figures: String) {
        tap(R.string.amount)
        waitFor(words(R.string.amount_description))
        figures.forEach { rule.onNodeWithTag("key $it").performScrollTo().performClick() }
        node(words(R.string.add_amount, "")).performScrollTo().performClick()
        rule.waitUntil(5_000) { !seen(words(R.string.amount_description)) }
    }

    private fun onScreen() = rule.onAllNodes(SemanticsMatcher("all") { true }).fetchSemanticsNodes().flatMap(::textsOf)

    /** An amount as this Android writes it. */
    protected fun kroner(ore: Long): String = Shown.of(app).money(Money(ore, "NOK")).replace('\u00a0', ' ')

    /** Seen or spoken; blanks that do not break are blanks. */
    private fun says(text: String, whole: Boolean) = SemanticsMatcher("says $text") { node ->
        textsOf(node).any { if (whole) it == text else text.trim() in it }
    }

    private fun textsOf(node: SemanticsNode) = (
        node.config.getOrNull(SemanticsProperties.Text).orEmpty().map { it.text } +
            listOfNotNull(node.config.getOrNull(SemanticsProperties.EditableText)?.text) +
            node.config.getOrNull(SemanticsProperties.ContentDescription).orEmpty()
        ).map { it.replace('\u00a0', ' ').replace('\u202f', ' ') }
}
