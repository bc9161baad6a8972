package com.paylink

import com.paylink.core.SecureStore
import com.paylink.core.SecureStoreException
import com.paylink.core.SignInReason
import com.paylink.core.TokenException
import com.paylink.core.TokenSource

/*
 * What an app brings, so that whatever it throws is said to the core. The generated side tells exceptions only: after an
 * error of the JVM, such as OutOfMemoryError, the core would believe that a secret was kept.
 */

/** A secure store that fails in any way is a locked one. */
internal class GuardedStore(private val app: SecureStore) : SecureStore {
    override fun get(key: String): String? = guarded { app.get(key) }

    override fun put(key: String, value: String) = guarded { app.put(key, value) }

    override fun remove(key: String) = guarded { app.remove(key) }

    // Only the class: what an app says may quote a secret.
    private inline fun <T> guarded(use: () -> T): T =
        try {
            use()
        } catch (thrown: Throwable) {
            throw SecureStoreException.Unavailable(thrown.javaClass.name)
        }
}

/** A token source that fails in a way it does not tell is asked again later. */
internal class GuardedTokens(private val app: TokenSource) : TokenSource {
    override fun token(forceRefresh: Boolean): String =
        try {
            app.token(forceRefresh)
        } catch (told: TokenException) {
            throw told
        } catch (_: Throwable) {
            throw TokenException.Unavailable(SignInReason.SecureStoreLocked)
        }
}
