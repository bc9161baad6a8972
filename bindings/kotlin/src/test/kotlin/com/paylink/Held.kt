package com.paylink

import com.sun.jna.Library
import com.sun.jna.Memory
import com.sun.jna.Native
import com.sun.jna.Pointer
import java.io.IOException
import java.net.InetAddress
import java.net.ServerSocket
import java.net.Socket
import java.net.URI
import java.nio.file.Path
import java.util.concurrent.ConcurrentLinkedQueue
import java.util.concurrent.CountDownLatch
import kotlin.concurrent.thread

/*
 * What calls wait for, held until a test lets go: then they are provably at work.
 */

/** Whether a thread is inside of a call of the library. */
internal fun inLibrary(): Boolean =
    Thread.getAllStackTraces().values.any { stack -> stack.any { it.isNativeMethod && CALL.containsMatchIn(it.methodName) } }

private val CALL = Regex("^uniffi_paylink_ffi_fn_(method|constructor)_paylink_")

/**
 * A database that another process is busy with: what reads or writes it waits in the core's store. SQLite gives up by
 * itself after five seconds at the earliest.
 *
 * The lock is one that does not belong to a process, so that it keeps this one out as well.
 */
internal class BusyDatabase private constructor(file: Path, private val from: Long, private val length: Long) {
    // Never closed: with the last descriptor SQLite's own locks of that file would go, too.
    private val file = C.open(file.toString(), READ_AND_WRITE).also { check(it >= 0) { "no $file" } }

    init {
        lock(EXCLUSIVE)
    }

    fun letGo() = lock(NONE)

    private fun lock(kind: Short) =
        Memory(32).use { lock ->
            lock.clear()
            lock.setShort(0, kind)
            lock.setLong(8, from)
            lock.setLong(16, length)
            check(C.fcntl(file, SET_LOCK, lock) == 0) { "it is locked: ${Native.getLastError()}" }
        }

    private interface C : Library {
        fun open(path: String, flags: Int): Int

        fun fcntl(file: Int, command: Int, lock: Pointer): Int

        companion object : C by Native.load("c", C::class.java)
    }

    companion object {
        /** Of a core that is open: the marks that readers set in the index of the log. */
        fun of(folder: Path) = BusyDatabase(folder.resolve("paylink.db-shm"), 123, 5)

        /** Of a core that is to be opened: the bytes by which SQLite shares a file. */
        fun closed(folder: Path) = BusyDatabase(folder.resolve("paylink.db"), 0x4000_0000, 512)

        private const val READ_AND_WRITE = 2
        private const val SET_LOCK = 37
        private const val EXCLUSIVE: Short = 1
        private const val NONE: Short = 2
    }
}

/** A way to the sandbox that takes requests, and hands nothing on until it lets go. */
internal class Relay(sandbox: String) : AutoCloseable {
    private val to = URI(sandbox)
    private val server = ServerSocket(0, 50, InetAddress.getLoopbackAddress())
    private val sockets = ConcurrentLinkedQueue<Socket>()
    private val gate = CountDownLatch(1)

    /** Counted down by the first request. */
    val asked = CountDownLatch(1)
    val origin = "http://127.0.0.1:${server.localPort}"

    init {
        aside {
            while (true) {
                val near = server.accept().also(sockets::add)
                aside { carry(near) }
            }
        }
    }

    fun letGo() = gate.countDown()

    /** Cuts what it holds. */
    override fun close() {
        server.close()
        sockets.forEach(Socket::close)
        letGo()
    }

    private fun carry(near: Socket) {
        val request = ByteArray(64 * 1024)
        val length = near.getInputStream().read(request)
        if (length < 0) return
        asked.countDown()
        gate.await()
        val far = Socket(to.host, to.port).also(sockets::add)
        far.getOutputStream().write(request, 0, length)
        aside { near.getInputStream().transferTo(far.getOutputStream()) }
        far.getInputStream().transferTo(near.getOutputStream())
    }

    private fun aside(work: () -> Unit) =
        thread(isDaemon = true) {
            try {
                work()
            } catch (_: IOException) {
                // Closed, here or there.
            }
        }
}
