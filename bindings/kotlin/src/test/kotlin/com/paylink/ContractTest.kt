package com.paylink

import com.paylink.core.AccountState
import com.paylink.core.Action
import com.paylink.core.CatalogueItem
import com.paylink.core.Channel
import com.paylink.core.Draft
import com.paylink.core.DraftItem
import com.paylink.core.EventKind
import com.paylink.core.ItemDraft
import com.paylink.core.LinkStatus
import com.paylink.core.PaylinkException
import com.paylink.core.PaymentLink
import com.paylink.core.ProblemCode
import com.paylink.core.ReasonCode
import java.math.BigDecimal
import java.time.Duration
import java.time.LocalDate
import java.util.concurrent.CopyOnWriteArrayList
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertFalse
import kotlin.test.assertIs
import kotlin.test.assertNotNull
import kotlin.test.assertTrue
import kotlinx.coroutines.async
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.onEach
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.launch

/** The contract from the other side: what an app sees of the core, over the real library and real HTTP. */
class ContractTest : AgainstSandbox() {
    @Test
    fun `a sale becomes a link that is seen without asking`() = test {
        signedIn { core ->
            val saved = core.sell()
            assertEquals(BigDecimal("298.00"), saved.amount.toBigDecimal())

            val open = core.observe(saved.id).first { it.status == LinkStatus.Open }
            val url = assertNotNull(open.url)
            assertTrue(url.startsWith(sandbox.origin))
            assertEquals("open", open.status.code)
            assertEquals(open, core.linkByReference(saved.reference))

            val detail = core.detail(saved.id)
            assertEquals("25", detail.items.single().vat)
            assertEquals(EventKind.Saved, detail.timeline.first().kind)
            assertTrue(core.message(saved.id, Channel.Sms).body.endsWith(url))
            assertEquals(core.qr(saved.id).let { (it.size * it.size).toInt() }, core.qr(saved.id).modules.size)
            assertEquals(mapOf("open" to 1u), core.day(LocalDate.now()).byStatus)
            assertEquals(0u, core.sync(Duration.ofSeconds(10)).waiting)
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
    fun `a pause of the account and its end are seen without asking`() = test {
        online().use { core ->
            val seen = CopyOnWriteArrayList<AccountState>()
            val reader = launch { core.observeAccount().collect(seen::add) }
            waitUntil { seen.size == 1 }
            assertEquals(core.account(), seen.single())

            core.sell()
            waitUntil { seen.last().paused == ReasonCode.SignedOut }
            val signedIn = core.signIn(sandbox.clientId, sandbox.clientSecret)
            assertEquals(null, signedIn.paused)
            waitFor(signedIn) { seen.last() }
            reader.cancel()
        }
    }

    @Test
    fun `a sale that was refused as a duplicate is replaced by a new one`() = test {
        signedIn { core ->
            val refusal = """{"error":{"code":"CONFLICT","errors":[],"message":"merchant_reference is already used"}}"""
            sandbox.tell("fault", """"method":"POST"""", """"path":"/v1/sessions"""", """"status":409""", """"json":$refusal""")
            val old = core.observe(core.sell().id).first { Action.Replace in it.actions }
            assertEquals(ReasonCode.Duplicate, old.reason?.code)
            val new = core.replace(old.id)
            assertEquals(LinkStatus.Superseded to new.id, core.link(old.id).let { it.status to it.supersededBy })
            assertEquals(old.amount, core.observe(new.id).first { it.status == LinkStatus.Open }.amount)
        }
    }

    @Test
    fun `events come once and in order and again until they are acknowledged`() = test {
        val core = offline()
        val links = List(3) { core.sell().id }
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
        assertEquals(listOf(Triple("unit_price", 2u, ProblemCode.Zero)), problems.map { Triple(it.field, it.line, it.code) })
        assertEquals(problems, core.check(draft).problems)
        core.close()
    }

    @Test
    fun `half a letter is no error`() = test {
        val core = offline()
        // What is left of an emoji that was cut in the middle.
        val name = core.sell(honey.copy(name = "Kari " + "\uD83D\uDC1D".take(1))).customer.name
        assertEquals("Kari ?", name)
        core.close()
    }

    @Test
    fun `a sync may have all the time there is`() = test {
        val core = offline()
        core.sell()
        listOf(Duration.ofSeconds(Long.MAX_VALUE), Duration.ofMillis(Long.MAX_VALUE), Duration.ofSeconds(Long.MIN_VALUE)).forEach {
            assertEquals(1u, core.sync(it).waiting)
        }
        core.close()
    }

    @Test
    fun `goods and customers are seen without asking`() = test {
        val core = offline()
        val goods = CopyOnWriteArrayList<List<CatalogueItem>>()
        val reader = launch { core.observeItems().collect(goods::add) }
        waitUntil { goods.size == 1 }
        val honey = core.saveItem(ItemDraft(description = "Honning", unitPrice = "149", vat = "15"))
        waitUntil { goods.last() == listOf(honey) }

        val sale = Draft(items = listOf(honey.line), name = "Kari Nordmann", phone = "47465724")
        val id = assertIs<Sale.Saved>(core.create(sale)).link.id
        waitUntil { goods.last().single().sold == 1u }
        val kari = core.searchCustomers("kari").single()
        assertEquals(listOf(kari), core.observeRecentCustomers().first())
        assertFailsWith<PaylinkException.StillNeeded> { core.forgetCustomer(kari.id) }
        core.cancel(id)
        assertEquals(1, core.forgetCustomer(kari.id).references.size)
        assertEquals(emptyList(), core.recentCustomers())
        reader.cancel()
        core.close()
    }

    @Test
    fun `what is printed names nobody`() = test {
        val core = offline()
        val draft = honey.copy(name = "Kari Nordmann", phone = "47465724", email = "kari@example.com")
        val link = assertIs<Sale.Saved>(core.create(draft)).link
        val printed = "$draft $link ${link.customer} ${core.detail(link.id)} ${core.recentCustomers()}"
        assertFalse(printed.contains("kari", ignoreCase = true) || printed.contains("47465724"), printed)
        core.close()
    }
}
