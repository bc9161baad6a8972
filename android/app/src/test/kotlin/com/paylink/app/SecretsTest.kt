package com.paylink.app

import com.paylink.app.phone.Secrets
import kotlin.test.assertEquals
import kotlin.test.assertFails
import kotlin.test.assertFalse
import kotlin.test.assertNull
import org.junit.Rule
import org.junit.Test
import org.junit.rules.TemporaryFolder
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.annotation.Config

@RunWith(RobolectricTestRunner::class)
@Config(application = android.app.Application::class)
class SecretsTest {
    @get:Rule
    val folder = TemporaryFolder()

    private val vault = MemoryVault()
    private val secrets by lazy { Secrets(folder.root.resolve("secrets"), vault) }

    @Test
    fun `a secret comes back, and stands nowhere in clear`() {
        secrets.put("client_secret", "hemmelig")
        secrets.put("client_secret", "hemmelig 2")
        assertEquals("hemmelig 2", secrets.get("client_secret"))
        folder.root.walk().filter { it.isFile }.forEach { assertFalse("hemmelig" in it.readBytes().decodeToString()) }
        secrets.remove("client_secret")
        secrets.remove("client_secret")
        assertNull(secrets.get("client_secret"))
    }

    @Test
    fun `a secret that cannot be decrypted is as if it were not there`() {
        secrets.put("client_secret", "hemmelig")
        vault.lose()
        assertNull(secrets.get("client_secret"))
        secrets.put("client_secret", "ny")
        assertEquals("ny", secrets.get("client_secret"))
    }

    @Test
    fun `a locked vault is no missing secret`() {
        secrets.put("client_secret", "hemmelig")
        vault.locked = true
        assertFails { secrets.get("client_secret") }
        vault.locked = false
        assertEquals("hemmelig", secrets.get("client_secret"))
    }
}
