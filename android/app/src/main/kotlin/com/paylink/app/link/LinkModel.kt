package com.paylink.app.link

import androidx.lifecycle.ViewModel
import androidx.lifecycle.viewModelScope
import com.paylink.app.core.CoreHolder
import com.paylink.app.core.told
import com.paylink.app.sent.ToHand
import com.paylink.app.sent.channelOf
import com.paylink.app.sent.textOf
import com.paylink.core.Action
import com.paylink.core.Delivery
import com.paylink.core.Draft
import com.paylink.core.LinkDetail
import com.paylink.core.PaylinkException
import com.paylink.core.ShareOutcome
import com.paylink.core.UnknownAnswer
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.receiveAsFlow
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.launch

data class LinkState(
    val detail: LinkDetail? = null,
    val busy: Boolean = false,
    /** The customer was reminded less than a day ago: asked whether to do it all the same. */
    val tooSoon: Boolean = false,
    val error: PaylinkException? = null,
)

/** One link: what happened, and what the core allows now. */
class LinkModel(private val id: String, private val core: CoreHolder) : ViewModel() {
    private val current = MutableStateFlow(LinkState())
    private val replacements = Channel<String>(Channel.BUFFERED)

    val state: StateFlow<LinkState> = current

    private val hands = Channel<ToHand>(Channel.BUFFERED)
    private val drafts = Channel<Draft>(Channel.BUFFERED)
    val toHand = hands.receiveAsFlow()

    /** The same sale again, for the seller to look at and send. */
    val again = drafts.receiveAsFlow()

    /** The order that took this one's place. */
    val replaced = replacements.receiveAsFlow()

    /** For as long as somebody looks; what happened meanwhile is asked for first. */
    suspend fun watch(): Unit = coroutineScope {
        val paylink = core.paylink()
        launch {
            try {
                paylink.refresh(id)
            } catch (_: PaylinkException) {
                // What is known is shown; the core asks again by itself.
            }
        }
        paylink.observeDetail(id).told({ error -> current.update { it.copy(error = error) } }) { detail -> current.update { it.copy(detail = detail) } }
    }

    /** Hands a reminder to the phone; one that comes too soon is asked about first, unless [anyway]. */
    fun remind(anyway: Boolean = false) = attempt {
        val customer = current.value.detail?.link?.customer
        val delivery = if (customer?.phone != null) Delivery.Phone else if (customer?.email != null) Delivery.Mail else Delivery.Share
        val reminder = core.paylink().remind(id, textOf(delivery))
        val asked = reminder.tooSoon && !anyway
        current.update { it.copy(tooSoon = asked) }
        if (!asked) hands.send(ToHand(id, delivery, reminder.message))
    }

    fun reminded(delivery: Delivery, outcome: ShareOutcome?) {
        // Of the share sheet nothing comes back: then it counts when it was opened.
        val channel = channelOf(delivery) ?: return
        attempt { core.paylink().markReminded(id, channel, outcome ?: ShareOutcome.HandedOver) }
    }

    fun notReminded() = current.update { it.copy(tooSoon = false) }

    /** The others are pages of their own, or hand something over. */
    fun act(action: Action) = attempt {
        val paylink = core.paylink()
        when (action) {
            Action.Cancel -> paylink.cancel(id)
            Action.Retry -> paylink.retry(id)
            Action.Discard -> paylink.discard(id)
            Action.Replace -> replacements.send(paylink.replace(id).id)
            Action.RequestAgain -> drafts.send(paylink.requestAgain(id))
            Action.Share, Action.ShowQr, Action.Remind, Action.ResolveUnknown, is Action.Unrecognised -> Unit
        }
    }

    fun answer(answer: UnknownAnswer) = attempt { core.paylink().resolveUnknown(id, answer) }

    private fun attempt(what: suspend () -> Unit) {
        if (current.value.busy) return
        current.update { it.copy(busy = true, error = null) }
        viewModelScope.launch {
            try {
                what()
                current.update { it.copy(busy = false) }
            } catch (failed: PaylinkException) {
                current.update { it.copy(busy = false, error = failed) }
            }
        }
    }
}
