package com.paylink

import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.suspendCancellableCoroutine

/**
 * Makes a blocking call on a thread that may block. A coroutine that is cancelled stops waiting at once: a call that has
 * begun goes on, and its answer goes nowhere; one that has not begun never does.
 */
internal suspend fun <T> waiting(call: () -> T): T = suspendCancellableCoroutine { waiting ->
    Dispatchers.IO.dispatch(waiting.context) {
        if (waiting.isActive) waiting.resumeWith(runCatching(call))
    }
}
