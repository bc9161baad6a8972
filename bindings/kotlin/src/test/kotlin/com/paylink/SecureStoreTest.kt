package com.paylink

import com.paylink.core.LinkStatus
import com.paylink.core.PaylinkException
import com.paylink.core.ReasonCode
import com.paylink.core.SecureStore
import com.paylink.core.SecureStoreException
import com.paylink.core.SignInReason
import com.paylink.core.TokenException
import com.paylink.core.TokenSource
import java.time.Duration
import java.util.Base64
import java.util.concurrent.CopyOnWriteArrayList
import java.util.concurrent.CountDownLatch
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertNotNull
import kotlin.test.assertTrue
import kotlin.time.Duration.Companion.seconds
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.async
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.launch
import kotlinx.coroutines.withTimeoutOrNull

/** A phone's keystore in all its moods. */
class SecureStoreTest : AgainstSandbox() {
    @Test
    fun `a secure store that throws counts as locked until it works`() = test {
        val thrown = listOf(IllegalStateException("key invalidated"), SecureStoreException.Unavailable("locked"), OutOfMemoryError("none"))
        thrown.forEach { error ->
            val store = MoodyStore()
            offline(store).use { core ->
                store.mood = { throw error }
                assertEquals(ReasonCode.SecureStoreLocked, assertFailsWith<PaylinkException.SignInNeeded> { core.signOut() }.reason)
                store.mood = {}
                core.signOut()
            }
        }
    }

    @Test
    fun `a sale saved while the secure store is locked goes out later`() = test {
        val store = MoodyStore()
        online(store).use { it.signIn(sandbox.clientId, sandbox.clientSecret) }
        sandbox.tell("revoke_tokens")
        store.mood = { throw SecureStoreException.Unavailable("locked") }
        online(store).use { core ->
            val id = core.sell().id
            waitFor(ReasonCode.SecureStoreLocked) { core.account().paused }
            assertEquals(LinkStatus.Queued, core.link(id).status)
            store.mood = {}
            core.setForeground(true)
            waitFor(LinkStatus.Open) { core.link(id).status }
        }
    }

    @Test
    fun `a sign-in that cannot keep its credentials is not done`() = test {
        val store = MoodyStore().apply { mood = { throw SecureStoreException.Unavailable("locked") } }
        online(store).use { core ->
            val error = assertFailsWith<PaylinkException.SignInNeeded> { core.signIn(sandbox.clientId, sandbox.clientSecret) }
            assertEquals(ReasonCode.SecureStoreLocked, error.reason)
            assertEquals(0, store.values.size)
        }
    }

    @Test
    fun `a sign-in whose coroutine was cancelled goes on`() = test {
        val store = MoodyStore()
        val asked = CountDownLatch(1)
        val cancelled = CountDownLatch(1)
        store.mood = {
            asked.countDown()
            cancelled.await()
        }
        online(store).use { core ->
            val signIn = launch(start = CoroutineStart.UNDISPATCHED) { core.signIn(sandbox.clientId, sandbox.clientSecret) }
            asked.await()
            signIn.cancelAndJoin()
            assertTrue(signIn.isCancelled && store.values.isEmpty())
            core.sell()
            cancelled.countDown()
            waitUntil { core.account().profileId != null }
            // Id and secret are one value.
            assertEquals(1, store.values.size)
        }
    }

    @Test
    fun `a call that was cancelled while it worked did its work`() = test {
        val store = MoodyStore()
        offline(store).use { core ->
            store.values["left"] = "over"
            val asked = CountDownLatch(1)
            val cancelled = CountDownLatch(1)
            store.mood = {
                asked.countDown()
                cancelled.await()
            }
            val signOut = async { core.signOut() }
            asked.await()
            signOut.cancel()
            val ended = withTimeoutOrNull(5.seconds) { signOut.join() }
            // The store holds up nobody who does without it.
            core.sell()
            cancelled.countDown()
            assertNotNull(ended, "it waited on")
            // The client, and what versions before kept it under.
            waitFor(3) { store.removed.size }
        }
    }

    @Test
    fun `a token source stands in for the client secret and may fail`() = test {
        val asked = CopyOnWriteArrayList<Boolean>()
        var fails: Throwable? = TokenException.Unavailable(SignInReason.RightMissing)
        val source = object : TokenSource {
            override fun token(forceRefresh: Boolean): String {
                asked += forceRefresh
                fails?.let { throw it }
                return token()
            }
        }
        Paylink.open(sandbox.config(folder), MemoryStore(), source).use { core ->
            val id = core.sell().id
            waitFor(ReasonCode.RightMissing) { core.account().paused }
            fails = AssertionError("nobody declared this")
            core.setForeground(true)
            core.sync(Duration.ofSeconds(1))
            waitFor(ReasonCode.SecureStoreLocked) { core.account().paused }
            fails = null
            core.setForeground(true)
            waitFor(LinkStatus.Open) { core.link(id).status }
            assertTrue(asked.isNotEmpty())
        }
    }

    /** A token as the merchant's own server would get it. */
    private fun token(): String {
        val secret = Base64.getEncoder().encodeToString("${sandbox.clientId}:${sandbox.clientSecret}".toByteArray())
        val account = "${sandbox.origin}/v1/accounts/${sandbox.account}"
        val answer = sandbox.post(
            "/v1/accounts/${sandbox.account}/auth/token",
            """{"grant_type":"client_credentials","audience":"$account"}""",
            "Basic $secret",
        )
        return assertNotNull(Regex("\"access_token\":\"([^\"]*)\"").find(answer), answer).groupValues[1]
    }

    /** A store in memory that does what it likes before each use. */
    private class MoodyStore : SecureStore {
        val values = MemoryStore().values
        val removed = CopyOnWriteArrayList<String>()

        @Volatile
        var mood: () -> Unit = {}

        override fun get(key: String): String? = mood().let { values[key] }

        override fun put(key: String, value: String) {
            mood()
            values[key] = value
        }

        override fun remove(key: String) {
            mood()
            removed += key
            values.remove(key)
        }
    }
}
