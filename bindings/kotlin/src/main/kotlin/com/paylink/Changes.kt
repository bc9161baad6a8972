package com.paylink

import com.paylink.core.LinkListener
import com.paylink.core.OrderId
import com.paylink.core.PaylinkException
import com.paylink.core.TimelineEvent
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.FlowCollector
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.distinctUntilChanged
import kotlinx.coroutines.flow.emitAll
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.flow.takeWhile
import kotlinx.coroutines.flow.transform
import kotlinx.coroutines.flow.update
import com.paylink.core.Paylink as Core

/**
 * Turns the core's listener into flows. The core says only that something changed, and each flow reads what it shows:
 * a reader that is slow reads once for many changes and never sees an old state after a newer one.
 *
 * The listener holds a counter and not the core, so they do not keep each other alive.
 */
internal class Changes(core: Core) : AutoCloseable {
    private val count = MutableStateFlow(0L)
    private val subscription = core.subscribe(Counter(count))

    /** Something may have changed. */
    fun tell() = count.next()

    /** What [read] returns now, then after each change that made a difference. */
    fun <T : Any> latest(read: () -> T): Flow<T> =
        whileOpen { opened(read)?.let { emit(it) } }.distinctUntilChanged()

    /** Every event after a cursor, page by page. */
    fun each(cursor: Long?, read: (Long?) -> List<TimelineEvent>): Flow<TimelineEvent> = flow {
        var seen = cursor
        val events = whileOpen {
            do {
                val page = opened { read(seen) }.orEmpty()
                page.forEach { event ->
                    emit(event)
                    seen = event.cursor
                }
            } while (page.isNotEmpty())
        }
        emitAll(events)
    }

    override fun close() {
        count.value = CLOSED
        subscription.cancel()
        subscription.close()
    }

    private fun <T> whileOpen(told: suspend FlowCollector<T>.() -> Unit): Flow<T> =
        count.takeWhile { it != CLOSED }.transform { told() }

    /** What was read; null while the core is suspended (the last value stays until [tell]) and once it is closed. */
    private suspend fun <T : Any> opened(read: () -> T): T? =
        try {
            waiting(read)
        } catch (_: PaylinkException.Suspended) {
            null
        } catch (_: PaylinkException.Closed) {
            null
        } catch (gone: IllegalStateException) {
            // The core's handle was let go of between two looks.
            if (count.value == CLOSED && gone !is CancellationException) null else throw gone
        }

    private class Counter(private val count: MutableStateFlow<Long>) : LinkListener {
        override fun onChange(link: OrderId, cursor: Long) = count.next()

        override fun onAccountChange() = count.next()

        override fun onCatalogueChange() = count.next()
    }

    private companion object {
        const val CLOSED = -1L

        fun MutableStateFlow<Long>.next() = update { if (it == CLOSED) it else it + 1 }
    }
}
