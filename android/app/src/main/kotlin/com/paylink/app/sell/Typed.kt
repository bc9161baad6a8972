package com.paylink.app.sell

import android.content.SharedPreferences
import android.os.Bundle
import androidx.core.content.edit
import com.paylink.app.core.Account
import com.paylink.core.AddressMode
import com.paylink.core.Capture
import com.paylink.core.Delivery
import com.paylink.core.Draft
import com.paylink.core.DraftItem
import com.paylink.core.Expiry

/** A draft as the system keeps it for a process that dies: each field as it was typed. */
fun Draft.toBundle() = Bundle().apply {
    putStringArrayList("items", ArrayList(items.flatMap { listOf(it.description, it.quantity, it.unitPrice, it.vat, it.discount, it.item) }))
    putStringArrayList("methods", ArrayList(methods))
    texts.forEach { (name, read, _) -> putString(name, read(this@toBundle)) }
}

fun Bundle.toDraft(): Draft {
    val items = getStringArrayList("items").orEmpty().chunked(FIELDS_OF_AN_ITEM).map { typed ->
        DraftItem(typed[0], typed[1], typed[2], typed[3], typed[4], typed[5])
    }
    return texts.fold(Draft(items = items, methods = getStringArrayList("methods").orEmpty())) { draft, (name, _, write) ->
        write(draft, getString(name).orEmpty())
    }
}

private const val FIELDS_OF_AN_ITEM = 6

private data class Kept(val name: String, val read: (Draft) -> String, val write: (Draft, String) -> Draft)

private val texts = listOf(
    Kept("amount", Draft::amount) { draft, text -> draft.copy(amount = text) },
    Kept("currency", Draft::currency) { draft, text -> draft.copy(currency = text) },
    Kept("reference", Draft::reference) { draft, text -> draft.copy(reference = text) },
    Kept("expiry", Draft::expiry) { draft, text -> draft.copy(expiry = text) },
    Kept("address", Draft::address) { draft, text -> draft.copy(address = text) },
    Kept("capture", Draft::capture) { draft, text -> draft.copy(capture = text) },
    Kept("delivery", Draft::delivery) { draft, text -> draft.copy(delivery = text) },
    Kept("language", Draft::language) { draft, text -> draft.copy(language = text) },
    Kept("name", Draft::name) { draft, text -> draft.copy(name = text) },
    Kept("phone", Draft::phone) { draft, text -> draft.copy(phone = text) },
    Kept("email", Draft::email) { draft, text -> draft.copy(email = text) },
    Kept("address_line", Draft::addressLine) { draft, text -> draft.copy(addressLine = text) },
    Kept("address_line_2", Draft::addressLine2) { draft, text -> draft.copy(addressLine2 = text) },
    Kept("postal_code", Draft::postalCode) { draft, text -> draft.copy(postalCode = text) },
    Kept("city", Draft::city) { draft, text -> draft.copy(city = text) },
    Kept("again_of", Draft::againOf) { draft, text -> draft.copy(againOf = text) },
    Kept("country", Draft::country) { draft, text -> draft.copy(country = text) },
)

/** The choices of the last sale, which the next one begins with. */
class Remembered(private val preferences: SharedPreferences) {
    /** What was chosen last; before that what the account says, and where it says nothing what most sales are. */
    fun begin(account: Account? = null) = Draft(
        delivery = preferences.getString("delivery", null) ?: account?.delivery.orEmpty().ifEmpty { Delivery.Sms.code },
        methods = preferences.getString("methods", null).orEmpty().split(',').filter(String::isNotEmpty),
        expiry = preferences.getString("expiry", null) ?: account?.expiry.orEmpty().ifEmpty { Expiry.Week.code },
        capture = preferences.getString("capture", null) ?: account?.capture.orEmpty().ifEmpty { Capture.Auto.code },
        language = preferences.getString("language", null).orEmpty(),
        address = (preferences.getString("address", null) ?: account?.address)?.takeIf { it == AddressMode.Express.code }.orEmpty(),
    )

    fun keep(draft: Draft) = preferences.edit {
        putString("delivery", draft.delivery)
        putString("methods", draft.methods.joinToString(","))
        putString("expiry", draft.expiry)
        putString("capture", draft.capture)
        putString("language", draft.language)
        putString("address", draft.address)
    }
}
