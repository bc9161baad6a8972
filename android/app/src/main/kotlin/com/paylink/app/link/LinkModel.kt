package com.paylink.app.link

import androidx.lifecycle.ViewModel
import androidx.lifecycle.viewModelScope
import com.paylink.app.core.CoreHolder
import com.paylink.app.core.told
import com.paylink.core.Action
import com.paylink.core.LinkDetail
import com.paylink.core.PaylinkException
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
    val error: PaylinkException? = null,
)

/** One link: what happened, and what the core allows now. */
class LinkModel(private val id: String, private val core: CoreHolder) : ViewModel() {
    private val current = MutableStateFlow(LinkState())
    private val replacements = Channel<String>(Channel.BUFFERED)

    val state: StateFlow<LinkState> = current

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

    /** [Action.Share] and [Action.ResolveUnknown] are pages of their own. */
    fun act(action: Action) = attempt {
        val paylink = core.paylink()
        when (action) {
            Action.Cancel -> paylink.cancel(id)
            Action.Retry -> paylink.retry(id)
            Action.Discard -> paylink.discard(id)
            Action.Replace -> replacements.send(paylink.replace(id).id)
            Action.Share, Action.ResolveUnknown, is Action.Unrecognised -> Unit
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
