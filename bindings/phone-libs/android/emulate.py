"""Runs the arm64 library in an emulator of the processor, on the C library of a real phone: emulate.py LIBRARY KOTLIN

It speaks UniFFI's C interface, as the generated Kotlin (the file) does; there is no Java. So it says that the library
loads, that it is the one which the Kotlin belongs to, that SQLite, threads and locks work on Android's C library, and
that arguments, results, errors and calls back to the app cross. It says nothing about the network: there is none.
"""

import pathlib
import re
import struct
import sys

from emulite import AndroidEmulator64
from emulite.cpu.flags.memory_protection_flag import MemoryProtectionFlag

FOLDER = "/tmp/paylink"  # the emulated phone's
CRATE = "paylink_ffi"
# The kernel's numbers.
EPOLL_PWAIT, FLOCK, MMAP = 22, 32, 222
WOULD_BLOCK = 11
MAP_SHARED, MAP_ANONYMOUS, PROT_WRITE = 0x1, 0x20, 0x2
ERROR = 1  # one that is declared, not a panic
# The place of `Refused` in PaylinkError.
REFUSED = 1

passed = failed = 0


def check(what, got, holds):
    global passed, failed
    good = bool(holds)
    passed, failed = passed + good, failed + (not good)
    print(f"{'ok' if good else 'FAILED'}      {what}" + ("" if good else f": {got!r}"))


def with_waiting(phone):
    """Lets tokio wait for events. The emulator knows no edges, so what is told once is taken away here; and no waiting
    without an end, so a thread is told now and then that there is nothing."""
    vfs = phone.vfs
    control, wait = vfs.epoll_ctl, vfs.epoll_wait

    def wait_once(poll, most):
        ready = wait(poll, most)
        for file, _, _ in ready or []:
            if type(vfs.handle(file)).__name__ == "EventFdIO":
                vfs.handle(file).read(8)
        return ready

    def epoll_pwait(_phone, original):
        poll, timeout = phone.get_argument(0), phone.get_argument(3) & 0xFFFFFFFF
        if timeout == 0 or wait(poll, 1):
            return original()
        now = phone.device.clock.monotonic_ns(advance=False)
        phone.threads.block_current("epoll", poll, deadline_ns=now + min(timeout, 10) * 1_000_000, timeout_result=0)
        return 0

    vfs.epoll_ctl = lambda poll, what, file, events, data: control(poll, what, file, events & 0x1FFF, data)
    vfs.epoll_wait = wait_once
    phone.hooks.hook_syscall(EPOLL_PWAIT, epoll_pwait)


def with_locks(phone):
    """`flock`, which the emulator lacks: whoever has locked a file keeps it until the file is closed."""
    holders = {}

    def flock(_phone, _original):
        file = phone.get_argument(0)
        handle = phone.vfs.handle(file)
        holder, held = holders.get(handle.path, (None, None))
        if held is not None and held is not handle and phone.vfs.handle(holder) is held:
            return -WOULD_BLOCK
        holders[handle.path] = file, handle
        return 0

    phone.hooks.hook_syscall(FLOCK, flock)


def with_shared_memory(phone):
    """Files mapped to be written together, which the emulator lacks. SQLite's index of its log is one, and has one
    process here, so that memory of that process will do."""

    def mmap(_phone, original):
        length, protection, flags = (phone.get_argument(n) for n in (1, 2, 3))
        if flags & MAP_SHARED and protection & PROT_WRITE and not flags & MAP_ANONYMOUS:
            return int(phone.mem.mmap(length, MemoryProtectionFlag.RW))
        return original()

    phone.hooks.hook_syscall(MMAP, mmap)


class Library:
    def __init__(self, path):
        self.phone = AndroidEmulator64()
        with_waiting(self.phone)
        with_locks(self.phone)
        with_shared_memory(self.phone)
        self.library = self.phone.load_library(path)
        # A result larger than two registers is written where x8 points, which the emulator's calls do not set.
        self.into_x8 = self.code(0xAA0703E8, 0xD61F00C0)  # mov x8, x7; br x6
        done = self.code(0xD65F03C0)  # ret: of a handle, the handle
        # The app's secure store, which is locked: mov w8, 2; strb w8, [status]; ret
        locked = [self.code(0x52800048, 0x39000008 | status << 5, 0xD65F03C0) for status in (3, 4, 3)]
        self.store = self.phone.allocate_bytes(struct.pack("<5Q", done, done, *locked))
        self.library.call_symbol(f"uniffi_{CRATE}_fn_init_callback_vtable_securestore", self.store)

    def code(self, *words):
        place = self.phone.mem.mmap(4096, MemoryProtectionFlag.RW | MemoryProtectionFlag.EXEC)
        self.phone.pointer(place).write(struct.pack(f"<{len(words)}I", *words))
        return self.phone.pointer(place).address

    def room(self, size):
        return self.phone.allocate_bytes(bytes(size))

    def plain(self, name, *arguments):
        return self.library.call_symbol(name, *arguments)

    def large(self, name, into, *arguments):
        arguments = [*arguments, *[0] * (6 - len(arguments))]
        self.phone.call(self.into_x8, *arguments, self.library.require_symbol_pointer(name), into)

    def give(self, data):
        """A buffer of UniFFI's, which the call takes over."""
        buffer, source = self.room(24), self.phone.allocate_bytes(data or b"\0")
        view = self.phone.allocate_bytes(struct.pack("<i4xQ", len(data), source.address))
        self.large(f"ffi_{CRATE}_rustbuffer_from_bytes", buffer, *struct.unpack("<QQ", view.read(16)), self.room(32))
        return buffer

    def taken(self, buffer):
        _, length, data = struct.unpack("<QQQ", buffer.read(24))
        return bytes(self.phone.pointer(data).read(length)) if length else b""

    def call(self, name, *arguments, data=False):
        """The result and nothing, or the kind of error and its bytes."""
        status, buffer = self.room(32), self.room(24)
        if data:
            self.large(f"uniffi_{CRATE}_fn_{name}", buffer, *arguments, status)
            result = self.taken(buffer)
        else:
            result = self.plain(f"uniffi_{CRATE}_fn_{name}", *arguments, status)
        code = status.read(1)[0]
        if code:
            return code, self.taken(self.phone.pointer(status.address + 8))
        return result, None

    def open(self, config):
        return self.call("constructor_paylink_open_unscheduled", self.give(config), 1, self.give(b"\0"))

    def method(self, core, name, *arguments, **how):
        handle, _ = self.call("clone_paylink", core)
        return self.call(f"method_paylink_{name}", handle, *arguments, **how)


def text(value):
    return struct.pack(">i", len(value.encode())) + value.encode()


def config(account="T12345678"):
    given = [FOLDER, account, "Skogens Honning AS", "https://example.com/paid"]
    return b"".join(map(text, given + [""] * 13)) + b"\0" * 2 + b"\1"  # neither hours nor days; offline


def draft(amount):
    none = struct.pack(">i", 0)  # no items; no methods, after amount, currency and reference
    return none + text(amount) + text("") + text("ORDER-1042") + none + text("") * 14


def main(path, kotlin):
    library, kotlin = Library(path), pathlib.Path(kotlin).read_text()

    version = int(re.search(r"bindings_contract_version = (\d+)", kotlin)[1])
    got = library.plain(f"ffi_{CRATE}_uniffi_contract_version")
    check("the library speaks the generated Kotlin's version of UniFFI", got, got == version)
    sums = re.findall(rf"\.(uniffi_{CRATE}_checksum_\w+)\(\) and 0xFFFF\) != (\d+)", kotlin)
    other = [name for name, value in sums if library.plain(name) & 0xFFFF != int(value)]
    check(f"all {len(sums)} calls have the sums that the generated Kotlin expects", other, sums and not other)

    got = library.call("func_currency_decimals", library.give(b"NOK"), data=True)
    check("a currency's decimals", got, got == (struct.pack(">bI", 1, 2), None))
    got = library.open(config("nobody"))
    check("a wrong account is refused", got, got[0] == ERROR and b"account" in got[1])

    core, error = library.open(config())
    check("the core opens: lock, SQLite, threads, a locked secure store", (core, error), error is None)
    if error is None:
        got = library.open(config())
        check("a second one is told that it is in use", got, got[0] == ERROR)
        got = library.method(core, "check", library.give(draft("12,x")), data=True)
        check("a wrong amount is a problem", got, got[1] is None and b"amount" in got[0])
        got = library.method(core, "create", library.give(draft("12,x")), data=True)
        check("a wrong sale is refused", got, got[0] == ERROR and struct.unpack(">i", got[1][:4])[0] == REFUSED)
        got = library.method(core, "create", library.give(draft("298,00")), data=True)
        check("a sale is saved", got, got[1] is None and b"ORDER-1042" in got[0])
        waiting = struct.pack(">I", 1)
        got = library.method(core, "pending", data=True)
        check("and waits to be sent", got, got[1] is None and got[0][:4] == waiting)
        got = library.method(core, "close")
        check("the core closes", got, got[1] is None)
        core, error = library.open(config())
        check("and opens again", (core, error), error is None)
        got = library.method(core, "pending", data=True)
        check("with the sale still there", got, got[1] is None and got[0][:4] == waiting)
        library.method(core, "close")
    library.phone.close()
    print(f"arm64 library on Android's C library, emulated: {passed} passed, {failed} failed")
    return failed > 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
