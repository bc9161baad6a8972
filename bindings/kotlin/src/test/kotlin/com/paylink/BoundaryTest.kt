package com.paylink

import kotlin.test.Test
import kotlin.test.assertEquals
import com.paylink.core.Paylink as Core

/** What `tests/bench/boundary` measures is the work that it says; how long it takes is no matter here. */
class BoundaryTest : AgainstSandbox() {
    @Test
    fun `every measurement from Kotlin does its work`() = test {
        val expected = listOf(
            "decimals 3" to "2",
            "check 3" to "56300",
            "link 3" to "56300",
            "links 1" to "1000",
            "events 1000" to "1000",
            "heard 200" to "200",
            "changes 200" to "200",
        )
        inMemory { data ->
            Core.open(Boundary.config(data.resolve("books")), MemoryStore()).use { core ->
                repeat(1_000) { core.create(Boundary.draft) }
                core.shutDown()
            }
            Boundary.open(data).use { boundary ->
                assertEquals(expected, expected.map { (asked, _) -> asked to boundary.answer(asked).split(" ")[1] })
            }
        }
    }
}
