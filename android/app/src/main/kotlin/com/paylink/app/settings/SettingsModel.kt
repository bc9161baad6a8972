package com.paylink.app.settings

import androidx.lifecycle.ViewModel
import androidx.lifecycle.viewModelScope
import com.paylink.app.core.Account
import com.paylink.app.core.CoreHolder
import com.paylink.app.core.told
import com.paylink.core.AccountState
import com.paylink.core.PaylinkException
import com.paylink.core.Pending
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.launch

data class SettingsState(
    val account: Account = Account(),
    val core: AccountState? = null,
    val pending: Pending? = null,
    val signedOut: Boolean = false,
    val error: PaylinkException? = null,
) {
    /** What keeps the seller from signing out; the core has the last word. */
    val unsent: Int get() = pending?.run { (queued + sending + waiting + unknown + held).toInt() } ?: 0
}

class SettingsModel(private val core: CoreHolder) : ViewModel() {
    private val current = MutableStateFlow(SettingsState())
    val state: StateFlow<SettingsState> = current

    /** For as long as somebody looks. */
    suspend fun watch(): Unit = coroutineScope {
        val paylink = core.paylink()
        core.account()?.let { account -> current.update { it.copy(account = account, signedOut = false) } }
        launch { paylink.observePending().told(::fail) { now -> current.update { it.copy(pending = now) } } }
        paylink.observeAccount().told(::fail) { now -> current.update { it.copy(core = now) } }
    }

    private fun fail(error: PaylinkException) = current.update { it.copy(error = error) }

    fun leavePractice() {
        viewModelScope.launch { core.leavePractice() }
    }

    fun signOut() {
        viewModelScope.launch {
            try {
                core.paylink().signOut()
                current.update { it.copy(signedOut = true, error = null) }
            } catch (refused: PaylinkException) {
                fail(refused)
            }
        }
    }
}
