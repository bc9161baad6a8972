package com.paylink.app.sent

import androidx.lifecycle.SavedStateHandle
import androidx.lifecycle.ViewModel
import androidx.lifecycle.viewModelScope
import com.paylink.app.core.CoreHolder
import com.paylink.app.core.told
import com.paylink.core.Channel
import com.paylink.core.Delivered
import com.paylink.core.Delivery
import com.paylink.core.Message
import com.paylink.core.PaylinkException
import com.paylink.core.PaymentLink
import com.paylink.core.QrModules
import com.paylink.core.ShareChannel
import com.paylink.core.ShareOutcome
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.receiveAsFlow
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.launch

data class SentState(
    val link: PaymentLink? = null,
    val qr: QrModules? = null,
    /** The text as the customer gets it from this phone. */
    val message: Message? = null,
    val waiting: Int = 0,
    val failed: Delivery? = null,
    val copied: Boolean = false,
    val error: PaylinkException? = null,
    val seller: String = "",
)

/** A text that an app of the phone is to get now. */
data class ToHand(val link: String, val delivery: Delivery, val message: Message)

/** A sale after Send: saved, then a link, then with the customer. What is sent from the phone is opened once by itself. */
class SentModel(private val id: String, private val core: CoreHolder, private val saved: SavedStateHandle, fresh: Boolean) : ViewModel() {
    private val current = MutableStateFlow(SentState())
    private val hands = kotlinx.coroutines.channels.Channel<ToHand>(kotlinx.coroutines.channels.Channel.BUFFERED)
    private var mayOpen: Boolean = saved[MAY_OPEN] ?: fresh
        set(may) {
            saved[MAY_OPEN] = may
            field = may
        }

    val state: StateFlow<SentState> = current
    val toHand = hands.receiveAsFlow()

    /** For as long as somebody looks. */
    suspend fun watch(): Unit = coroutineScope {
        val paylink = core.paylink()
        core.account()?.let { account -> current.update { it.copy(seller = account.sellerName) } }
        launch { paylink.observePending().told(::fail) { now -> current.update { it.copy(waiting = (now.queued + now.sending + now.waiting).toInt()) } } }
        paylink.observe(id).told(::fail) { link ->
            current.update { it.copy(link = link) }
            if (link.url != null) withText(link)
        }
    }

    /** Hands the text to an app of the phone. */
    fun hand(delivery: Delivery) {
        attempt { hands.send(ToHand(id, delivery, core.paylink().message(id, textOf(delivery)))) }
    }

    /** What the phone said of it. */
    fun handed(delivery: Delivery, outcome: ShareOutcome?) {
        current.update { it.copy(failed = delivery.takeIf { outcome == ShareOutcome.Failed }, copied = delivery == Delivery.Copy && outcome == ShareOutcome.HandedOver) }
        if (outcome == null) return
        val channel = channelOf(delivery) ?: return
        attempt { core.paylink().markShared(id, channel, outcome) }
    }

    /** The code faces the customer. */
    fun shown() {
        if (current.value.link?.delivery?.state == Delivered.Ready) handed(Delivery.Qr, ShareOutcome.HandedOver)
    }

    private suspend fun withText(link: PaymentLink) {
        try {
            val paylink = core.paylink()
            val message = current.value.message ?: paylink.message(id, textOf(link.delivery.channel))
            val qr = current.value.qr ?: paylink.qr(id)
            current.update { it.copy(message = message, qr = qr) }
            if (mayOpen && link.delivery.state == Delivered.Ready) {
                mayOpen = false
                if (opensByItself(link.delivery.channel)) hands.send(ToHand(id, link.delivery.channel, message))
            }
        } catch (failed: PaylinkException) {
            fail(failed)
        }
    }

    private fun fail(error: PaylinkException) = current.update { it.copy(error = error) }

    private fun attempt(what: suspend () -> Unit) {
        viewModelScope.launch {
            try {
                what()
            } catch (failed: PaylinkException) {
                fail(failed)
            }
        }
    }

    private companion object {
        const val MAY_OPEN = "may_open"

        fun opensByItself(delivery: Delivery): Boolean = when (delivery) {
            Delivery.Phone, Delivery.Mail, Delivery.Share, Delivery.Copy -> true
            // What the provider sends, or shows: never a second message by itself.
            Delivery.Sms, Delivery.Qr, is Delivery.Unrecognised -> false
        }
    }
}

/** Which of the core's texts goes this way. */
fun textOf(delivery: Delivery): Channel = when (delivery) {
    Delivery.Sms, Delivery.Phone, Delivery.Qr -> Channel.Sms
    Delivery.Mail -> Channel.Mail
    Delivery.Share, Delivery.Copy, is Delivery.Unrecognised -> Channel.Share
}

/** As the core counts it. */
fun channelOf(delivery: Delivery): ShareChannel? = when (delivery) {
    Delivery.Sms, Delivery.Phone -> ShareChannel.Sms
    Delivery.Mail -> ShareChannel.Mail
    Delivery.Share -> ShareChannel.Share
    Delivery.Copy -> ShareChannel.Copy
    Delivery.Qr -> ShareChannel.Qr
    is Delivery.Unrecognised -> null
}
