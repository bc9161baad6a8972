package com.paylink.app.ui

import android.content.Context
import androidx.annotation.StringRes
import com.paylink.app.R
import com.paylink.core.PaylinkException
import com.paylink.core.Problem
import com.paylink.core.ProblemCode

/** What is wrong, in a sentence that names the field. */
fun Problem.said(context: Context): String =
    context.getString(words(code), context.getString(fieldWords(field)), parameters["max"] ?: parameters["expected"].orEmpty())

/** Where it is: `Price on line 2`. */
fun Problem.place(context: Context): String {
    val field = context.getString(fieldWords(field))
    val at = line?.toInt() ?: return field
    return context.getString(R.string.problem_on_line, field, at)
}

/** What happened, in one sentence, for a snackbar or a page. */
fun PaylinkException.said(context: Context): String = when (this) {
    is PaylinkException.Unsent -> context.resources.getQuantityString(R.plurals.cannot_sign_out, count.toInt(), count.toInt())
    is PaylinkException.StillNeeded -> context.getString(words(this), references.joinToString(", "))
    is PaylinkException.Refused -> problems.firstOrNull()?.said(context) ?: context.getString(words(this))
    else -> context.getString(words(this))
}

@StringRes
fun words(code: ProblemCode): Int = when (code) {
    ProblemCode.Required -> R.string.problem_required
    ProblemCode.NotANumber -> R.string.problem_not_a_number
    ProblemCode.Ambiguous -> R.string.problem_ambiguous
    ProblemCode.Negative -> R.string.problem_negative
    ProblemCode.Zero -> R.string.problem_zero
    ProblemCode.TooManyDecimals -> R.string.problem_too_many_decimals
    ProblemCode.TooLarge -> R.string.problem_too_large
    ProblemCode.WrongCurrency -> R.string.problem_wrong_currency
    ProblemCode.NotSupported -> R.string.problem_not_supported
    ProblemCode.TooLong -> R.string.problem_too_long
    ProblemCode.TooMany -> R.string.problem_too_many
    ProblemCode.ControlCharacter -> R.string.problem_control_character
    ProblemCode.Excludes -> R.string.problem_excludes
    ProblemCode.AboveLine -> R.string.problem_above_line
    ProblemCode.NothingToPay -> R.string.problem_nothing_to_pay
    ProblemCode.Unusual -> R.string.problem_unusual
    ProblemCode.NotOffered -> R.string.problem_not_offered
    ProblemCode.NoProfileYet -> R.string.problem_no_profile_yet
    ProblemCode.Invalid -> R.string.problem_invalid
    ProblemCode.TooShort -> R.string.problem_too_short
    ProblemCode.Landline -> R.string.problem_landline
    ProblemCode.UnknownRange -> R.string.problem_unknown_range
    ProblemCode.CannotCombine -> R.string.problem_cannot_combine
    ProblemCode.AlreadyUsed -> R.string.problem_already_used
    ProblemCode.NotASetup -> R.string.problem_not_a_setup
    ProblemCode.NewerVersion -> R.string.problem_newer_version
    ProblemCode.Repeated -> R.string.problem_repeated
    ProblemCode.SecretInClear -> R.string.problem_secret_in_clear
    ProblemCode.UnknownField -> R.string.problem_unknown_field
    ProblemCode.AnotherAccount -> R.string.problem_another_account
    ProblemCode.CannotChange -> R.string.problem_cannot_change
    ProblemCode.Altered -> R.string.problem_altered
    ProblemCode.Expired -> R.string.problem_expired
    ProblemCode.WrongCode -> R.string.problem_wrong_code
    ProblemCode.NotOver -> R.string.problem_not_over
    is ProblemCode.Unrecognised -> R.string.problem_other
}

/** A field of the draft, of the configuration or of a set-up, by the contract's name. */
@StringRes
fun fieldWords(field: String): Int = when (field) {
    "items" -> R.string.field_items
    "description" -> R.string.field_description
    "quantity" -> R.string.field_quantity
    "unit_price" -> R.string.field_unit_price
    "vat" -> R.string.field_vat
    "discount" -> R.string.field_discount
    "amount" -> R.string.field_amount
    "currency" -> R.string.field_currency
    "reference" -> R.string.field_reference
    "methods" -> R.string.field_methods
    "expiry" -> R.string.field_expiry
    "address" -> R.string.field_address
    "capture" -> R.string.field_capture
    "delivery" -> R.string.field_delivery
    "language" -> R.string.field_language
    "name" -> R.string.field_name
    "phone" -> R.string.field_phone
    "email" -> R.string.field_email
    "address_line" -> R.string.field_address_line
    "address_line_2" -> R.string.field_address_line_2
    "postal_code" -> R.string.field_postal_code
    "city" -> R.string.field_city
    "country" -> R.string.field_country
    "total" -> R.string.field_total
    "account" -> R.string.field_account
    "seller_name" -> R.string.field_seller_name
    "return_url" -> R.string.field_return_url
    "reference_prefix" -> R.string.field_reference_prefix
    "origin" -> R.string.field_origin
    "api_prefix" -> R.string.field_api_prefix
    "profile_id" -> R.string.field_profile_id
    "region" -> R.string.field_region
    "terms_url" -> R.string.field_terms_url
    "link" -> R.string.start_link
    "code" -> R.string.start_code
    else -> R.string.field_other
}
