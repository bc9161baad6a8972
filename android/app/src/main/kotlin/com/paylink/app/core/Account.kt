package com.paylink.app.core

import android.content.SharedPreferences
import androidx.core.content.edit
import com.paylink.core.Config
import com.paylink.core.Setup

/** Whose sales these are, as the core's configuration has it; the credentials are in the secure store alone. */
data class Account(
    val account: String = "",
    val sellerName: String = "",
    val returnUrl: String = "",
    val referencePrefix: String = "",
    val origin: String = "",
    val apiPrefix: String = "",
    val profileId: String = "",
    val language: String = "",
    val region: String = "",
    val currency: String = "",
    val vat: String = "",
    val expiry: String = "",
    val capture: String = "",
    val address: String = "",
    val delivery: String = "",
    val termsUrl: String = "",
) {
    /** [origin] where the account names none of its own. */
    fun config(folder: String, origin: String, offline: Boolean) = Config(
        folder, account, sellerName, returnUrl, this.origin.ifEmpty { origin }, apiPrefix, profileId, referencePrefix, language, region, currency, vat,
        expiry, capture, address, delivery, termsUrl, offline = offline,
    )

    companion object {
        fun of(setup: Setup) = with(setup) {
            Account(
                account, sellerName, returnUrl, referencePrefix, origin, apiPrefix, profileId, language, region, currency, vat, expiry, capture,
                address, delivery, termsUrl,
            )
        }
    }
}

/** Where the account is kept between starts. */
class AccountFile(private val preferences: SharedPreferences) {
    fun read(): Account? {
        val account = preferences.getString("account", null) ?: return null
        fun text(name: String) = preferences.getString(name, null).orEmpty()
        return Account(
            account, text("seller_name"), text("return_url"), text("reference_prefix"), text("origin"), text("api_prefix"), text("profile_id"),
            text("language"), text("region"), text("currency"), text("vat"), text("expiry"), text("capture"), text("address"), text("delivery"),
            text("terms_url"),
        )
    }

    fun write(account: Account) = preferences.edit(commit = true) {
        with(account) {
            mapOf(
                "account" to this.account, "seller_name" to sellerName, "return_url" to returnUrl, "reference_prefix" to referencePrefix,
                "origin" to origin, "api_prefix" to apiPrefix, "profile_id" to profileId, "language" to language, "region" to region,
                "currency" to currency, "vat" to vat, "expiry" to expiry, "capture" to capture, "address" to address, "delivery" to delivery,
                "terms_url" to termsUrl,
            )
        }.forEach { (name, text) -> putString(name, text) }
    }
}
