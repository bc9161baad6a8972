package com.paylink.app.day

import androidx.lifecycle.SavedStateHandle
import androidx.lifecycle.ViewModel
import com.paylink.app.core.CoreHolder
import com.paylink.app.core.told
import com.paylink.core.DayReport
import com.paylink.core.PaylinkException
import java.time.LocalDate
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.combine
import kotlinx.coroutines.flow.conflate
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.flow.onStart
import kotlinx.coroutines.flow.update

data class DayState(
    val date: LocalDate,
    val today: Boolean,
    val report: DayReport? = null,
    val error: PaylinkException? = null,
)

/** What was sold and paid on one day, as the core adds it up. */
class DayModel(private val core: CoreHolder, private val saved: SavedStateHandle) : ViewModel() {
    private val date = MutableStateFlow(saved.get<String>(DATE)?.let(LocalDate::parse) ?: LocalDate.now())
    private val current = MutableStateFlow(DayState(date.value, date.value == LocalDate.now()))

    val state: StateFlow<DayState> = current

    /** For as long as somebody looks: any event may be a change of a day. */
    suspend fun watch() {
        val paylink = core.paylink()
        read(date.value)
        combine(date, paylink.events().map { it.cursor }.onStart { emit(0) }) { day, _ -> day }.conflate().told(::fail) { read(it) }
    }

    fun go(days: Long) {
        val to = date.value.plusDays(days)
        if (to > LocalDate.now()) return
        saved[DATE] = to.toString()
        date.value = to
    }

    private suspend fun read(day: LocalDate) {
        val today = day == LocalDate.now()
        try {
            val report = core.paylink().day(day)
            current.value = DayState(day, today, report)
        } catch (failed: PaylinkException) {
            current.update { it.copy(date = day, today = today, error = failed) }
        }
    }

    private fun fail(error: PaylinkException) = current.update { it.copy(error = error) }

    private companion object {
        const val DATE = "date"
    }
}
