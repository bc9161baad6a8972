package com.paylink.app

import com.paylink.app.phone.Vault
import javax.crypto.KeyGenerator
import javax.crypto.SecretKey

/** The app itself, at the sandbox and with a vault that a test can lock or empty. */
class TestApp : App() {
    val memoryVault = MemoryVault()

    override val origin: String get() = Sandbox.origin

    override fun vault(): Vault = memoryVault
}

/** As the phone's, but in memory: it has one key, can be locked, and can lose the key. */
class MemoryVault : Vault {
    @Volatile var locked = false

    @Volatile private var key: SecretKey = new()

    override fun key(): SecretKey {
        check(!locked) { "the vault is locked" }
        return key
    }

    /** As after a restore onto another phone. */
    fun lose() {
        key = new()
    }

    private fun new(): SecretKey = KeyGenerator.getInstance("AES").apply { init(256) }.generateKey()
}
