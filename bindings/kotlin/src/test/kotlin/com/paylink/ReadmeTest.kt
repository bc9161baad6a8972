package com.paylink

import java.io.ByteArrayOutputStream
import java.io.PrintStream
import kotlin.test.Test
import kotlin.test.assertTrue

/** The program in `bindings/README.md`, as a newcomer copies it: `bindings/kotlin/readme` takes it out, Maven compiles it. */
class ReadmeTest : AgainstSandbox() {
    @Test
    fun `the program in the README makes a link`() {
        val main = Class.forName("NewcomerKt").getMethod("main", Array<String>::class.java)
        val data = folder.resolve("newcomer").toString()
        val printed = printed {
            main.invoke(null, arrayOf(sandbox.origin, sandbox.account, sandbox.clientId, sandbox.clientSecret, data))
        }
        assertTrue(printed.startsWith(sandbox.origin), printed)
    }

    private fun printed(work: () -> Unit): String {
        val before = System.out
        val bytes = ByteArrayOutputStream()
        System.setOut(PrintStream(bytes, true))
        try {
            work()
        } finally {
            System.setOut(before)
        }
        return bytes.toString()
    }
}
