package com.paylink

import com.paylink.core.Action
import com.paylink.core.Config
import com.paylink.core.LogLevel
import com.paylink.core.LogRecord
import com.paylink.core.LogSink
import com.paylink.core.Money
import com.paylink.core.PaymentLink
import com.paylink.core.Setup
import com.paylink.core.currencyDecimals
import com.paylink.core.isRecognised
import com.paylink.core.setLogSink
import java.math.BigDecimal

/** What an app offers for a link: the actions that this version knows, and none while it does not know the status. */
public val PaymentLink.offered: List<Action>
    get() = if (status.isRecognised) actions.filter { it.isRecognised } else emptyList()

/**
 * The configuration that a set-up makes, once a person has agreed to it. What no set-up says, such as how long a sale may
 * wait unasked, is as in [current].
 */
public fun Setup.config(dataDir: String, current: Config? = null): Config =
    Config(
        dataDir = dataDir,
        account = account,
        sellerName = sellerName,
        returnUrl = returnUrl,
        origin = origin,
        apiPrefix = apiPrefix,
        profileId = profileId,
        referencePrefix = referencePrefix,
        language = language,
        region = region,
        currency = currency,
        vat = vat,
        expiry = expiry,
        capture = capture,
        address = address,
        delivery = delivery,
        termsUrl = termsUrl,
        askAgainAfterHours = current?.askAgainAfterHours,
        eraseContactsAfterDays = current?.eraseContactsAfterDays,
        offline = current?.offline ?: false,
    )

/**
 * What opens the practice account: a folder of its own, and nothing else; `copy` sets the language or the seller. Nobody
 * signs in, nothing leaves the phone, and nothing that it shows is money.
 */
public fun practiceConfig(dataDir: String): Config =
    Config(dataDir = dataDir, account = "practice", sellerName = "", returnUrl = "")

/** The amount in the currency's own unit: 298.00 for 29800 øre. Exact. */
public fun Money.toBigDecimal(): BigDecimal =
    BigDecimal.valueOf(minor, currencyDecimals(currency)?.toInt() ?: 0)

/**
 * Hands the core's log to the app, from [level] up, one record after the other on a thread of the core's own; null:
 * to nobody. It holds for the whole process. The log names no person.
 */
public fun logTo(level: LogLevel, sink: ((LogRecord) -> Unit)?): Unit =
    setLogSink(
        sink?.let {
            object : LogSink {
                override fun log(record: LogRecord) = it(record)
            }
        },
        level,
    )
