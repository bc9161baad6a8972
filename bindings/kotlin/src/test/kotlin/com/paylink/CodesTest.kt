package com.paylink

import com.paylink.core.Action
import com.paylink.core.AddressMode
import com.paylink.core.Capture
import com.paylink.core.Channel
import com.paylink.core.Code
import com.paylink.core.Delivered
import com.paylink.core.Delivery
import com.paylink.core.DeliveryState
import com.paylink.core.ErrorCode
import com.paylink.core.EventKind
import com.paylink.core.Expiry
import com.paylink.core.Language
import com.paylink.core.LinkFilter
import com.paylink.core.LinkStatus
import com.paylink.core.Message
import com.paylink.core.PaylinkException
import com.paylink.core.Problem
import com.paylink.core.ProblemCode
import com.paylink.core.Reason
import com.paylink.core.ReasonCode
import com.paylink.core.Severity
import com.paylink.core.ShareChannel
import com.paylink.core.ShareOutcome
import com.paylink.core.Shared
import com.paylink.core.SignInReason
import com.paylink.core.SmsEncoding
import com.paylink.core.SmsLength
import com.paylink.core.StorageKind
import com.paylink.core.TokenException
import com.paylink.core.TokenSource
import com.paylink.core.UnknownAnswer
import com.paylink.core.isRecognised
import kotlin.reflect.KClass
import kotlin.reflect.full.companionObject
import kotlin.reflect.full.companionObjectInstance
import kotlin.reflect.full.functions
import kotlin.reflect.full.memberProperties
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertFalse
import kotlin.test.assertNotEquals
import kotlin.test.assertTrue

/** Codes, and what an app sees of one that only a newer core knows. */
class CodesTest : AgainstSandbox() {
    private val lists: List<KClass<out Code>> = listOf(
        LinkStatus::class, Action::class, EventKind::class, ReasonCode::class, Delivered::class, ShareChannel::class,
        ShareOutcome::class, Delivery::class, Expiry::class, Capture::class, AddressMode::class, Severity::class,
        ProblemCode::class, ErrorCode::class, StorageKind::class, UnknownAnswer::class, Channel::class, Language::class,
        SmsEncoding::class, SignInReason::class,
    )

    private fun named(list: KClass<out Code>, code: String): Code =
        checkNotNull(list.companionObject).functions.single { it.name == "of" }.call(list.companionObjectInstance, code) as Code

    private fun known(list: KClass<out Code>): List<*> =
        checkNotNull(list.companionObject).memberProperties.single { it.name == "known" }.getter.call(list.companionObjectInstance) as List<*>

    @Test
    fun `every list is found by its codes and has one case more`() {
        lists.forEach { list ->
            val known = known(list).map { it as Code }
            assertEquals(list.sealedSubclasses.size, known.size + 1, "$list")
            known.forEach { assertEquals(it, named(list, it.code)) }
            assertEquals(known.size, known.map { it.code }.toSet().size, "$list")
            val newer = named(list, NEWER)
            assertFalse(newer.isRecognised || newer in known)
            assertEquals(newer, named(list, NEWER))
        }
    }

    @Test
    fun `a status of a newer core is not unknown and offers nothing`() = test {
        val core = offline()
        val link = core.sell()
        assertTrue(link.offered.isNotEmpty() && link.offered == link.actions)
        val newer = link.copy(status = LinkStatus.of(NEWER))
        assertNotEquals<LinkStatus>(LinkStatus.Unknown, newer.status)
        assertEquals(emptyList(), newer.offered)
        assertEquals(link.actions, link.copy(actions = link.actions + Action.of(NEWER)).offered)
        val words = when (newer.status) {
            LinkStatus.Unknown -> "being looked up"
            is LinkStatus.Unrecognised -> "neutral"
            else -> "another"
        }
        assertEquals("neutral", words)
        core.close()
    }

    @Test
    fun `codes of a newer core cross the boundary both ways`() = test {
        val core = offline()
        val link = core.sell().copy(
            status = LinkStatus.of(NEWER), reason = Reason(ReasonCode.of(NEWER), null), capture = Capture.of(NEWER),
            expiry = Expiry.of(NEWER), address = AddressMode.of(NEWER), language = Language.of(NEWER), actions = listOf(Action.of(NEWER)),
            delivery = DeliveryState(Delivery.of(NEWER), Delivered.of(NEWER), Shared(ShareChannel.of(NEWER), ShareOutcome.of(NEWER))),
        )
        // Printing is a way through the core.
        assertEquals(2, "$link".split(NEWER).size - 1, "$link")
        assertTrue(NEWER in "${core.timeline(link.id).first().copy(kind = EventKind.of(NEWER))}")
        "${Message(null, null, "", null, SmsLength(SmsEncoding.of(NEWER), 1u, 1u, 1u, emptyList()))}"
        val problem = Problem("amount", null, ProblemCode.of(NEWER), Severity.of(NEWER), emptyMap())
        assertEquals(ErrorCode.Refused, PaylinkException.Refused(listOf(problem)).code())
        assertEquals(ErrorCode.NotAllowed, PaylinkException.NotAllowed(Action.of(NEWER), LinkStatus.of(NEWER)).code())
        assertEquals(ErrorCode.SignInNeeded, PaylinkException.SignInNeeded(ReasonCode.of(NEWER)).code())
        assertEquals(ErrorCode.Storage, PaylinkException.Storage(StorageKind.of(NEWER), "").code())
        assertEquals(ErrorCode.of(NEWER), PaylinkException.Unrecognised(ErrorCode.of(NEWER), "").code())
        core.close()
    }

    @Test
    fun `a call that is given what it does not know says so`() = test {
        val core = offline()
        val id = core.sell().id
        val answers = listOf<Pair<String, suspend () -> Unit>>(
            "status" to { core.links(LinkFilter(LinkStatus.of(NEWER))) },
            "channel" to { core.message(id, Channel.of(NEWER)) },
            "language" to { core.message(id, Channel.Sms, Language.of(NEWER)) },
            "answer" to { core.resolveUnknown(id, UnknownAnswer.of(NEWER)) },
            "channel" to { core.markShared(id, ShareChannel.of(NEWER), ShareOutcome.Sent) },
            "outcome" to { core.markShared(id, ShareChannel.Sms, ShareOutcome.of(NEWER)) },
        )
        answers.forEach { (what, call) -> assertEquals(what, assertFailsWith<PaylinkException.NotFound> { call() }.what) }
        core.close()
    }

    @Test
    fun `a token source that says what the core does not know is asked again`() = test {
        val source = object : TokenSource {
            override fun token(forceRefresh: Boolean): String = throw TokenException.Unavailable(SignInReason.of(NEWER))
        }
        Paylink.open(sandbox.config(folder), MemoryStore(), source).use { core ->
            core.sell()
            waitFor(ReasonCode.SecureStoreLocked) { core.account().paused }
        }
    }

    private companion object {
        const val NEWER = "of_a_newer_core"
    }
}
