package com.paylink

import com.paylink.core.SecureStore
import java.util.concurrent.ConcurrentHashMap

/** A secure store that forgets with the process: for first steps, previews and tests. An app uses its keystore. */
public class MemorySecureStore : SecureStore {
    private val values = ConcurrentHashMap<String, String>()

    override fun get(key: String): String? = values[key]

    override fun put(key: String, value: String) {
        values[key] = value
    }

    override fun remove(key: String) {
        values.remove(key)
    }
}
