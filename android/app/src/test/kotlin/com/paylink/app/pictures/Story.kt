package com.paylink.app.pictures

import com.paylink.core.Action
import com.paylink.core.AddressMode
import com.paylink.core.Capture
import com.paylink.core.Customer
import com.paylink.core.Delivered
import com.paylink.core.Delivery
import com.paylink.core.DeliveryState
import com.paylink.core.Draft
import com.paylink.core.DraftItem
import com.paylink.core.EventKind
import com.paylink.core.Expiry
import com.paylink.core.Item
import com.paylink.core.Language
import com.paylink.core.LineTotals
import com.paylink.core.LinkDetail
import com.paylink.core.LinkStatus
import com.paylink.core.Money
import com.paylink.core.PaymentLink
import com.paylink.core.Reason
import com.paylink.core.ReasonCode
import com.paylink.core.TimelineEvent
import com.paylink.core.Totals
import com.paylink.core.VatTotals
import java.time.LocalDateTime
import java.time.ZoneId

/** One Saturday of a seller of honey, as the core would tell it. */
object Story {
    fun at(time: String): Long {
        val (hour, minute) = time.split(':').map(String::toInt)
        return LocalDateTime.now().withHour(hour).withMinute(minute).atZone(ZoneId.systemDefault()).toInstant().toEpochMilli()
    }

    fun kroner(ore: Long) = Money(ore, "NOK")

    fun link(
        number: Int,
        ore: Long,
        status: LinkStatus,
        who: String?,
        phone: String? = "+4795000012",
        delivered: Delivered = Delivered.Sent,
        time: String = "14:02",
        delivery: Delivery = Delivery.Sms,
        reason: ReasonCode? = null,
        actions: List<Action> = emptyList(),
    ) = PaymentLink(
        id = "0193-$number", reference = "HON-7K2MQX-$number", status = status, reason = reason?.let { Reason(it, null) }, supersededBy = null,
        amount = kroner(ore), captured = kroner(if (status == LinkStatus.Captured) ore else 0), refunded = kroner(0), summary = "Honning 500 g", itemCount = 2u,
        url = "https://checkout.dintero.com/v1/view/P00000000.4XGmsggrbFpzT7FTm1FxTQ", urlWarning = false, sessionId = null, transactionId = null,
        createdAt = at(time), sentAt = at(time), expiresAt = null, openedAt = at(time), paidAt = at(time),
        delivery = DeliveryState(delivery, delivered, null), customer = Customer(who, phone, null), attempts = 0u, nextAttemptAt = null, methods = emptyList(),
        paymentMethod = if (status == LinkStatus.Captured) "bambora.vipps" else null, capture = Capture.Auto, expiry = Expiry.Week, address = AddressMode.Known,
        language = Language.Nb, actions = actions,
    )

    val draft = Draft(
        items = listOf(DraftItem("Honning 500 g", "2", "149", item = "Honning 500 g"), DraftItem("Bivokslys", "1", "99", item = "Bivokslys")),
        name = "Kari Nordmann", phone = "950 00 012", delivery = "sms", expiry = "1w",
    )

    val totals = Totals(
        lines = listOf(
            LineTotals(1u, kroner(29800), kroner(0), kroner(29800), "15", kroner(3887)),
            LineTotals(2u, kroner(9900), kroner(0), kroner(9900), "25", kroner(1980)),
        ),
        byVat = listOf(VatTotals("15", kroner(29800), kroner(3887), kroner(25913)), VatTotals("25", kroner(9900), kroner(1980), kroner(7920))),
        total = kroner(39700), vat = kroner(5867), net = kroner(33833),
    )

    val dayTotals = Totals(
        lines = emptyList(),
        byVat = listOf(
            VatTotals("15", kroner(167900), kroner(21899), kroner(146001)),
            VatTotals("25", kroner(42600), kroner(8520), kroner(34080)),
            VatTotals("0", kroner(24900), kroner(0), kroner(24900)),
        ),
        total = kroner(235400), vat = kroner(30419), net = kroner(204981),
    )

    fun detail(link: PaymentLink, vararg events: Pair<EventKind, String>) = LinkDetail(
        link,
        listOf(
            Item("Honning 500 g", "2", kroner(14900), "15", null, kroner(29800), kroner(0), kroner(29800), kroner(3887)),
            Item("Bivokslys", "1", kroner(9900), "25", null, kroner(9900), kroner(0), kroner(9900), kroner(1980)),
        ),
        totals,
        events.mapIndexed { index, (kind, time) -> TimelineEvent(index.toLong(), link.id, at(time), kind, emptyMap()) },
    )

    val text = "Hei! Betal 397,00 kr til Skogens Honning AS for 2 x Honning 500 g, Bivokslys. Ordre HON-7K2MQX-42. " +
        "https://checkout.dintero.com/v1/view/P00000000.4XGmsggrbFpzT7FTm1FxTQ"
}
