package com.paylink.app.core

import com.paylink.core.PaylinkException
import kotlinx.coroutines.flow.Flow

/** Collects what the core tells; when it cannot read any more, that is said, and nobody crashes of it. */
suspend fun <T> Flow<T>.told(failed: (PaylinkException) -> Unit, each: suspend (T) -> Unit) {
    try {
        collect { each(it) }
    } catch (error: PaylinkException) {
        failed(error)
    }
}
