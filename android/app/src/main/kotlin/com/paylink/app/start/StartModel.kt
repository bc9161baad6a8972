package com.paylink.app.start

import androidx.lifecycle.SavedStateHandle
import androidx.lifecycle.ViewModel
import androidx.lifecycle.viewModelScope
import com.paylink.Paylink
import com.paylink.app.core.Account
import com.paylink.app.core.CoreHolder
import com.paylink.core.PaylinkException
import com.paylink.core.Problem
import com.paylink.core.SetupCheck
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.launch

data class StartState(
    val account: Account = Account(),
    val clientId: String = "",
    /** In memory alone: no system keeps it for a process that dies. */
    val clientSecret: String = "",
    /** A set-up link or an invitation, as it was pasted, and what the core reads in it. */
    val link: String = "",
    val code: String = "",
    val setup: SetupCheck? = null,
    val step: Int = 1,
    val busy: Boolean = false,
    /** The field that is wrong, by the contract's name; null with an [error]: none in particular. */
    val wrong: String? = null,
    val error: PaylinkException? = null,
    /** It was set up before: only the credentials are asked for. */
    val known: Boolean = false,
    val done: Boolean = false,
) {
    /** The set-up that the seller agrees to; nothing of it is stored before. */
    val agreed: SetupCheck? get() = setup?.takeIf { it.setup != null }

    /** An invitation that is still closed. */
    val sealed: Boolean get() = agreed == null && setup?.sealed != null

    /** By hand there are two steps; of a set-up the second is known. */
    val last: Boolean get() = step == 2 || known || agreed != null

    fun problem(field: String): Problem? = setup?.problems?.firstOrNull { it.field == field }
}

/** The first start by a link, an invitation or by hand, or signing in again. What is right is the core's to say. */
class StartModel(private val core: CoreHolder, private val saved: SavedStateHandle) : ViewModel() {
    private val current = MutableStateFlow(
        StartState(
            Account(text("account"), text("seller_name"), text("return_url"), text("reference_prefix")),
            text("client_id"), step = saved["step"] ?: 1,
        ),
    )
    val state: StateFlow<StartState> = current

    init {
        viewModelScope.launch {
            core.account()?.let { known -> current.update { it.copy(account = known, known = true) } }
            saved.get<String>("link")?.let(::link)
        }
    }

    fun account(edit: Account.() -> Account) {
        current.update { it.copy(account = it.account.edit(), wrong = null, error = null) }
        with(current.value.account) {
            saved["account"] = account
            saved["seller_name"] = sellerName
            saved["return_url"] = returnUrl
            saved["reference_prefix"] = referencePrefix
        }
    }

    /** Reads a link, and stores nothing: the seller sees what it says first. */
    fun link(text: String) {
        saved["link"] = text
        current.update { it.copy(link = text, code = "", setup = null, wrong = null, error = null) }
        if (text.isBlank()) return
        viewModelScope.launch { take(Paylink.checkSetup(text, config())) }
    }

    /** The core's own practice account: nobody signs in, and nothing leaves the phone. */
    fun practice() {
        viewModelScope.launch {
            try {
                core.practice()
            } catch (failed: PaylinkException) {
                current.update { it.copy(error = failed) }
            }
        }
    }

    fun code(text: String) = current.update { it.copy(code = text) }

    fun open() {
        val typed = current.value
        if (typed.busy) return
        current.update { it.copy(busy = true) }
        viewModelScope.launch {
            take(Paylink.openInvitation(typed.link, typed.code, config()))
            current.update { it.copy(busy = false) }
        }
    }

    private fun take(check: SetupCheck) = current.update { before ->
        val account = check.setup?.let(Account::of) ?: before.account
        val credentials = check.credentials
        before.copy(
            setup = check.copy(sealed = check.sealed ?: before.setup?.sealed), account = account,
            clientId = credentials?.clientId ?: before.clientId, clientSecret = credentials?.clientSecret ?: before.clientSecret,
        )
    }

    private suspend fun config() = core.account()?.let(core::config)

    fun clientId(text: String) {
        saved["client_id"] = text
        current.update { it.copy(clientId = text, wrong = null, error = null) }
    }

    fun clientSecret(text: String) = current.update { it.copy(clientSecret = text, wrong = null, error = null) }

    fun step(step: Int) {
        saved["step"] = step
        current.update { it.copy(step = step) }
    }

    /** Opens, signs in, and says at which field it failed. */
    fun test() {
        val typed = current.value
        if (typed.busy) return
        current.update { it.copy(busy = true, wrong = null, error = null) }
        viewModelScope.launch {
            try {
                core.setUp(typed.account, typed.clientId, typed.clientSecret)
                current.update { StartState(typed.account, done = true, known = true) }
            } catch (failed: PaylinkException) {
                val wrong = when (failed) {
                    is PaylinkException.Config -> failed.field
                    is PaylinkException.SignInNeeded -> "client_secret"
                    else -> null
                }
                current.update { it.copy(busy = false, wrong = wrong, error = failed) }
                if (wrong != null) step(if (wrong in FIRST) 1 else 2)
            }
        }
    }

    private fun text(name: String): String = saved[name] ?: ""

    companion object {
        /** The fields of the first step. */
        val FIRST = setOf("account", "client_id", "client_secret")
    }
}
