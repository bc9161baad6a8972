package com.paylink

import com.paylink.core.Channel
import com.paylink.core.Draft
import com.paylink.core.DraftItem
import com.paylink.core.EventKind
import com.paylink.core.LinkStatus
import com.paylink.core.PaylinkException
import com.paylink.core.PaymentLink
import com.paylink.core.SecureStore
import com.paylink.core.StorageKind
import com.paylink.core.statusCode
import java.math.BigDecimal
import java.nio.file.Path
import java.time.Duration
import java.time.LocalDate
import java.util.concurrent.CopyOnWriteArrayList
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertFalse
import kotlin.test.assertIs
import kotlin.test.assertNotNull
import kotlin.test.assertNull
import kotlin.test.assertTrue
import kotlin.time.Duration.Companion.seconds
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.onEach
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import org.junit.jupiter.api.AfterAll
import org.junit.jupiter.api.BeforeAll
import org.junit.jupiter.api.TestInstance
import org.junit.jupiter.api.io.TempDir

/** The contract from the other side: what an app sees of the core, over the real library and real HTTP. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ContractTest {
    private lateinit var sandbox: Sandbox

    @TempDir
    lateinit var folder: Path

    private val honey = Draft(items = listOf(DraftItem(description = "Honning 500 g", quantity = "2", unitPrice = "149")))

    @BeforeAll
    fun start() {
        sandbox = Sandbox()
    }

    @AfterAll
    fun stop() = sandbox.close()

    @Test
    fun `a sale becomes a link that is seen without asking`() = test {
        signedIn { core ->
            val saved = assertIs<Sale.Saved>(core.create(honey)).link
            assertEquals(BigDecimal("298.00"), saved.amount.toBigDecimal())

            val open = core.observe(saved.id).first { it.status == LinkStatus.OPEN }
            val url = assertNotNull(open.url)
            assertTrue(url.startsWith(sandbox.origin))
            assertEquals("open", statusCode(open.status))
            assertEquals(open, core.linkByReference(saved.reference))

            val detail = core.detail(saved.id)
            assertEquals("25", detail.items.single().vat)
            assertEquals(EventKind.SAVED, detail.timeline.first().kind)
            assertTrue(core.message(saved.id, Channel.SMS).body.endsWith(url))
            assertEquals(core.qr(saved.id).let { (it.size * it.size).toInt() }, core.qr(saved.id).modules.size)
            assertEquals(mapOf("open" to 1u), core.day(LocalDate.now()).byStatus)
        }
    }

    @Test
    fun `a flow begins with what is there and ends with the core`() = test {
        val core = offline()
        val seen = CopyOnWriteArrayList<List<PaymentLink>>()
        val reader = async { core.observeLinks().onEach(seen::add).toList() }
        waitUntil { seen.size == 1 }
        assertEquals(emptyList(), seen.first())
        core.create(honey)
        waitUntil { seen.last().size == 1 }

        core.suspend()
        assertFailsWith<PaylinkException.Suspended> { core.pending() }
        core.resume()
        core.create(honey)
        waitUntil { seen.last().size == 2 }

        core.close()
        assertEquals(2, reader.await().last().size)
    }

    @Test
    fun `events come once and in order and again until they are acknowledged`() = test {
        val core = offline()
        val links = List(3) { assertIs<Sale.Saved>(core.create(honey)).link.id }
        val events = links.indices.map { n -> core.events().first { it.link == links[n] } }
        assertEquals(links, events.map { it.link })
        core.acknowledge(events[1].cursor)
        assertEquals(links[2], core.events().first().link)
        core.close()
    }

    @Test
    fun `a refused draft is a result that names the line`() = test {
        val core = offline()
        val draft = Draft(items = listOf(DraftItem("Honning", unitPrice = "149"), DraftItem("Voks", unitPrice = "0")))
        val problems = assertIs<Sale.Refused>(core.create(draft)).problems
        assertEquals(listOf(Triple("unit_price", 2u, "zero")), problems.map { Triple(it.field, it.line, it.code) })
        assertEquals(problems, core.check(draft).problems)
        core.close()
    }

    @Test
    fun `errors have the codes of the contract`() = test {
        val core = offline()
        val id = assertIs<Sale.Saved>(core.create(honey)).link.id
        assertEquals("not_found", assertFailsWith<PaylinkException> { core.link("none") }.code())
        assertEquals(1u, assertFailsWith<PaylinkException.Unsent> { core.signOut() }.count)
        assertEquals(LinkStatus.QUEUED, assertFailsWith<PaylinkException.NotAllowed> { core.qr(id) }.status)
        val inUse = assertFailsWith<PaylinkException.InUse> { Paylink.open(sandbox.config(folder), MemoryStore()) }
        assertEquals("in_use", inUse.code())
        assertEquals("the data directory is in use", inUse.toString())
        val config = sandbox.config(folder).copy(sellerName = "")
        assertEquals("seller_name", assertFailsWith<PaylinkException.Config> { Paylink.openReadOnly(config) }.field)
        core.close()
        core.close()
        Paylink.openReadOnly(sandbox.config(folder)).use { assertEquals(id, it.links().single().id) }
        assertEquals(5, StorageKind.entries.size)
    }

    @Test
    fun `wrong credentials are told and kept nowhere`() = test {
        val store = MemoryStore()
        Paylink.open(sandbox.config(folder), store).use { core ->
            val error = assertFailsWith<PaylinkException.SignInNeeded> { core.signIn("nobody", "wrong") }
            assertEquals("wrong_credentials", error.reason)
            assertEquals(0, store.values.size)
        }
    }

    @Test
    fun `a sign-in whose coroutine was cancelled goes on`() = test {
        Paylink.open(sandbox.config(folder), MemoryStore()).use { core ->
            assertNull(core.account().profileId)
            val asked = launch(start = CoroutineStart.UNDISPATCHED) { core.signIn(sandbox.clientId, sandbox.clientSecret) }
            asked.cancelAndJoin()
            assertTrue(asked.isCancelled)
            waitUntil { core.account().profileId != null }
        }
    }

    @Test
    fun `a keystore that throws anything is a locked one and the next call works`() = test {
        val broken = object : SecureStore {
            override fun get(key: String): String? = throw IllegalStateException("key $key invalidated")

            override fun put(key: String, value: String) = throw IllegalStateException()

            override fun remove(key: String) = throw IllegalStateException()
        }
        Paylink.open(sandbox.config(folder), broken).use { core ->
            val error = assertFailsWith<PaylinkException.SignInNeeded> { core.signOut() }
            assertEquals("secure_store_locked", error.reason)
            assertIs<Sale.Saved>(core.create(honey))
        }
    }

    @Test
    fun `what is printed names nobody`() = test {
        val core = offline()
        val draft = honey.copy(name = "Kari Nordmann", phone = "47465724", email = "kari@example.com")
        val link = assertIs<Sale.Saved>(core.create(draft)).link
        val printed = "$draft $link ${link.customer} ${core.detail(link.id)}"
        assertFalse(printed.contains("kari", ignoreCase = true) || printed.contains("47465724"), printed)
        core.close()
    }

    private suspend fun offline(): Paylink = Paylink.open(sandbox.config(folder, offline = true), MemoryStore())

    private suspend fun signedIn(work: suspend (Paylink) -> Unit) =
        Paylink.open(sandbox.config(folder), MemoryStore()).use { core ->
            assertNotNull(core.signIn(sandbox.clientId, sandbox.clientSecret).profileId)
            work(core)
            assertEquals(0u, core.sync(Duration.ofSeconds(10)).waiting)
        }

    private fun test(body: suspend kotlinx.coroutines.CoroutineScope.() -> Unit) =
        runBlocking(Dispatchers.Default) { withTimeout(60.seconds) { body() } }

    private suspend fun waitUntil(happened: () -> Boolean) {
        while (!happened()) delay(5)
    }
}
