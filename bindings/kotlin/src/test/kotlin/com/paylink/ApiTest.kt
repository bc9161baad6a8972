package com.paylink

import java.nio.file.Files
import java.nio.file.Path
import kotlin.test.Test
import kotlin.test.assertEquals

/** What apps compile against changes only where somebody looks at it. */
class ApiTest {
    @Test
    fun `the API is the one that was reviewed`() {
        val file = Path.of(System.getProperty("paylink.api"))
        val now = Api.lines().joinToString("\n", postfix = "\n")
        if (System.getenv("PAYLINK_BLESS") != null) Files.writeString(file, now)
        assertEquals(Files.readString(file), now, "look at the difference; PAYLINK_BLESS=1 writes $file again")
    }
}
