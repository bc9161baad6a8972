package com.paylink.app.ui

import android.content.Context
import android.icu.text.DateFormat
import android.icu.text.DecimalFormatSymbols
import android.icu.text.NumberFormat
import android.icu.util.Currency
import android.icu.util.TimeZone
import android.icu.util.ULocale
import android.telephony.PhoneNumberUtils
import androidx.compose.runtime.Composable
import androidx.compose.runtime.ReadOnlyComposable
import androidx.compose.ui.platform.LocalConfiguration
import com.paylink.core.Money
import com.paylink.toBigDecimal
import java.time.LocalDate
import java.time.ZoneOffset
import java.util.Date
import java.util.Locale

/**
 * How numbers and times look on the screen, as the platform writes them: `android.icu`, since `java.text` is another one
 * where the tests run. Amounts come from the core and are never computed here.
 */
class Shown(locale: Locale) {
    private val icu = ULocale.forLocale(locale)
    private val region = locale.country.ifEmpty { "NO" }

    /** `298,00 kr`. */
    fun money(money: Money): String = currency(money, NumberFormat.CURRENCYSTYLE)

    /** `298,00`, where what stands above or beside says of what. */
    fun bare(money: Money): String = NumberFormat.getInstance(icu).apply {
        val places = money.toBigDecimal().scale()
        minimumFractionDigits = places
        maximumFractionDigits = places
    }.format(money.toBigDecimal())

    /** `298,00 norske kroner`, for a screen reader. */
    fun spoken(money: Money): String = currency(money, NumberFormat.PLURALCURRENCYSTYLE)

    /** `14:05`. */
    fun time(millis: Long): String = DateFormat.getInstanceForSkeleton("Hm", icu).format(Date(millis))

    /** The time alone when it was today, else the day as well. */
    fun moment(millis: Long, now: Long): String =
        if (day(millis) == day(now)) time(millis) else DateFormat.getInstanceForSkeleton("MMMd", icu).format(Date(millis))

    /** `lørdag 28. november`. */
    fun date(date: LocalDate): String =
        DateFormat.getInstanceForSkeleton("EEEEMMMMd", icu)
            .apply { timeZone = TimeZone.GMT_ZONE }
            .format(Date(date.atStartOfDay(ZoneOffset.UTC).toInstant().toEpochMilli()))

    /** The mark of decimals: a comma in Norwegian. */
    val decimalMark: String = DecimalFormatSymbols.getInstance(icu).decimalSeparator.toString()

    /** `+47 950 00 012`, grouped as the system does. */
    fun number(e164: String): String = try {
        PhoneNumberUtils.formatNumber(e164, region) ?: e164
    } catch (_: RuntimeException) {
        // A system whose tables of numbers are broken: the number is right as it is.
        e164
    }

    private fun currency(money: Money, style: Int): String = NumberFormat.getInstance(icu, style).apply {
        currency = Currency.getInstance(money.currency)
        val places = money.toBigDecimal().scale()
        minimumFractionDigits = places
        maximumFractionDigits = places
    }.format(money.toBigDecimal())

    private fun day(millis: Long): String = DateFormat.getInstanceForSkeleton("yMd", icu).format(Date(millis))

    companion object {
        fun of(context: Context): Shown = Shown(context.resources.configuration.locales[0])
    }
}

/** In the language of the app. */
val shown: Shown
    @Composable @ReadOnlyComposable
    get() = Shown(LocalConfiguration.current.locales[0])
