package com.paylink.app.core

import android.content.SharedPreferences
import androidx.core.content.edit
import com.paylink.core.Config

/** Whose sales these are, as the core's configuration has it; the credentials are in the secure store alone. */
data class Account(
    val account: String = "",
    val sellerName: String = "",
    val returnUrl: String = "",
    val referencePrefix: String = "",
) {
    fun config(folder: String, origin: String, offline: Boolean) = Config(
        dataDir = folder,
        account = account,
        sellerName = sellerName,
        returnUrl = returnUrl,
        origin = origin,
        referencePrefix = referencePrefix,
        offline = offline,
    )
}

/** Where the account is kept between starts. */
class AccountFile(private val preferences: SharedPreferences) {
    fun read(): Account? = preferences.getString(ACCOUNT, null)?.let { account ->
        Account(account, text(SELLER), text(RETURN), text(PREFIX))
    }

    fun write(account: Account) = preferences.edit(commit = true) {
        putString(ACCOUNT, account.account)
        putString(SELLER, account.sellerName)
        putString(RETURN, account.returnUrl)
        putString(PREFIX, account.referencePrefix)
    }

    private fun text(name: String) = preferences.getString(name, null).orEmpty()

    private companion object {
        const val ACCOUNT = "account"
        const val SELLER = "seller_name"
        const val RETURN = "return_url"
        const val PREFIX = "reference_prefix"
    }
}
