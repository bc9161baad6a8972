package com.paylink.app.phone

import android.security.keystore.KeyGenParameterSpec
import android.security.keystore.KeyPermanentlyInvalidatedException
import android.security.keystore.KeyProperties
import android.util.Base64
import com.paylink.core.SecureStore
import java.io.File
import java.security.KeyStore
import javax.crypto.AEADBadTagException
import javax.crypto.Cipher
import javax.crypto.KeyGenerator
import javax.crypto.SecretKey
import javax.crypto.spec.GCMParameterSpec

/** Where the key is that wraps the secrets. */
fun interface Vault {
    /** The key, made when there is none. Throws while the phone does not give it. */
    fun key(): SecretKey
}

/** The phone's own: the key never leaves it. */
class KeystoreVault : Vault {
    override fun key(): SecretKey {
        val store = KeyStore.getInstance(STORE).apply { load(null) }
        (store.getKey(ALIAS, null) as? SecretKey)?.let { return it }
        return KeyGenerator.getInstance(KeyProperties.KEY_ALGORITHM_AES, STORE).run {
            init(
                KeyGenParameterSpec.Builder(ALIAS, KeyProperties.PURPOSE_ENCRYPT or KeyProperties.PURPOSE_DECRYPT)
                    .setBlockModes(KeyProperties.BLOCK_MODE_GCM)
                    .setEncryptionPaddings(KeyProperties.ENCRYPTION_PADDING_NONE)
                    .setKeySize(256)
                    .build(),
            )
            generateKey()
        }
    }

    private companion object {
        const val STORE = "AndroidKeyStore"
        const val ALIAS = "paylink"
    }
}

/**
 * The core's secrets, each in a file of its own, encrypted by a key of the vault. What cannot be decrypted any more (a
 * phone was restored, the key is gone) is as if it were not there: the seller is signed out. A vault that does not answer
 * now is a locked store, and nothing is lost.
 */
class Secrets(private val folder: File, private val vault: Vault) : SecureStore {
    override fun get(key: String): String? {
        val file = file(key)
        if (!file.exists()) return null
        val sealed = file.readBytes()
        return try {
            if (sealed.size <= IV) return null
            cipher(Cipher.DECRYPT_MODE, GCMParameterSpec(TAG_BITS, sealed, 0, IV)).doFinal(sealed, IV, sealed.size - IV).decodeToString()
        } catch (_: AEADBadTagException) {
            null
        } catch (_: KeyPermanentlyInvalidatedException) {
            null
        }
    }

    override fun put(key: String, value: String) {
        val cipher = cipher(Cipher.ENCRYPT_MODE, null)
        val sealed = cipher.iv + cipher.doFinal(value.toByteArray())
        folder.mkdirs()
        // Beside and then moved: there is the old secret or the new one, never half of one.
        val file = file(key)
        val beside = File(folder, file.name + ".new")
        beside.outputStream().use {
            it.write(sealed)
            it.fd.sync()
        }
        check(beside.renameTo(file)) { "a secret was not kept" }
    }

    override fun remove(key: String) {
        val file = file(key)
        check(file.delete() || !file.exists()) { "a secret was not removed" }
    }

    private fun cipher(mode: Int, iv: GCMParameterSpec?): Cipher = Cipher.getInstance("AES/GCM/NoPadding").apply { init(mode, vault.key(), iv) }

    private fun file(key: String) = File(folder, Base64.encodeToString(key.toByteArray(), Base64.URL_SAFE or Base64.NO_WRAP or Base64.NO_PADDING))

    private companion object {
        /** Bytes of the initialisation vector that the cipher makes. */
        const val IV = 12
        const val TAG_BITS = 128
    }
}
