"""Reads what a linker and a loader read: shared libraries for Android (ELF) and static ones for iOS (Mach-O archives)."""

import mmap
import re
import struct
from dataclasses import dataclass, field

MACHINES = {0xB7: "aarch64", 0x3E: "x86_64", 0x28: "arm"}
CPUS = {0x0100000C: "arm64", 0x01000007: "x86_64"}
PLATFORMS = {2: ("ios", ""), 7: ("ios", "simulator")}


@dataclass
class Symbol:
    name: str
    version: str
    kind: str  # func, object, other
    weak: bool
    defined: bool
    size: int


@dataclass
class Elf:
    machine: str
    needed: list
    load_alignments: list
    symbols: list  # the dynamic ones
    sections: dict  # name: (offset, size)
    text_relocations: bool
    api_level: int


def text_at(data, at):
    return data[at:data.find(b"\0", at)].decode()


def read_elf(path):
    with open(path, "rb") as file:
        data = file.read()
    if data[:4] != b"\x7fELF":
        raise ValueError(f"{path} is no ELF file")
    wide = data[4] == 2
    header = struct.unpack_from("<HHIQQQIHHHHHH" if wide else "<HHIIIIIHHHHHH", data, 16)
    _, machine, _, _, ph_at, sh_at, _, _, ph_size, ph_count, sh_size, sh_count, names_index = header

    loads = []
    for n in range(ph_count):
        words = struct.unpack_from("<IIQQQQQQ" if wide else "<IIIIIIII", data, ph_at + n * ph_size)
        if words[0] == 1:
            loads.append(words[7])
    rows = []
    for n in range(sh_count):
        name, kind, _, _, offset, size, link, _, _, _ = struct.unpack_from(
            "<IIQQQQIIQQ" if wide else "<IIIIIIIIII", data, sh_at + n * sh_size)
        rows.append((name, kind, offset, size, link))
    names = rows[names_index][2]
    sections = {text_at(data, names + row[0]): row[2:4] for row in rows}

    found = Elf(MACHINES.get(machine, hex(machine)), [], loads, [], sections, False, 0)
    for name, kind, offset, size, link in rows:
        if kind == 6:  # dynamic
            strings, step, form = rows[link][2], (16, "<QQ") if wide else (8, "<II"), None
            for at in range(offset, offset + size, step[0]):
                tag, value = struct.unpack_from(step[1], data, at)
                if tag == 1:
                    found.needed.append(text_at(data, strings + value))
                elif tag == 22 or (tag == 30 and value & 4):
                    found.text_relocations = True
        elif kind == 11:  # dynamic symbols
            found.symbols = list(elf_symbols(data, wide, offset, size, rows[link][2], sections))
    if ".note.android.ident" in sections:
        found.api_level = struct.unpack_from("<i", data, sections[".note.android.ident"][0] + 20)[0]
    return found


def elf_symbols(data, wide, offset, size, strings, sections):
    versions = elf_versions(data, sections)
    marks = sections.get(".gnu.version", (0, 0))[0]
    for n, at in enumerate(range(offset, offset + size, 24 if wide else 16)):
        if wide:
            name, info, _, section, _, length = struct.unpack_from("<IBBHQQ", data, at)
        else:
            name, _, length, info, _, section = struct.unpack_from("<IIIBBH", data, at)
        bind, kind = info >> 4, info & 15
        if bind == 0 or not name:
            continue
        version = struct.unpack_from("<H", data, marks + 2 * n)[0] & 0x7FFF if marks else 0
        yield Symbol(text_at(data, strings + name), versions.get(version, ""),
                     {1: "object", 2: "func", 10: "func"}.get(kind, "other"), bind == 2,
                     section not in (0, 0xFFF1), length)


def elf_versions(data, sections):
    """The names of the versions that a library defines."""
    names = {}
    if ".gnu.version_d" in sections:
        at, strings = sections[".gnu.version_d"][0], sections[".dynstr"][0]
        while True:
            _, _, index, _, _, first, following = struct.unpack_from("<HHHHIII", data, at)
            names[index] = text_at(data, strings + struct.unpack_from("<I", data, at + first)[0])
            if not following:
                break
            at += following
    return names


@dataclass
class MachO:
    platforms: set = field(default_factory=set)  # (number of the platform, number of the processor)
    least: tuple = (0, 0)
    members: int = 0
    without_platform: list = field(default_factory=list)
    defined: set = field(default_factory=set)
    undefined: set = field(default_factory=set)
    debug_sections: int = 0


def members(data, begin=0, end=None):
    """The files in an archive, as name, begin and end."""
    end = len(data) if end is None else end
    if data[begin:begin + 8] != b"!<arch>\n":
        raise ValueError("no archive")
    at, long_names = begin + 8, b""
    while at + 60 <= end:
        head = data[at:at + 60]
        size, at = int(head[48:58]), at + 60
        name, body = head[:16].decode().rstrip(), at
        if name.startswith("#1/"):  # BSD's: the name is the beginning of the content
            body += int(name[3:])
            name = data[at:body].rstrip(b"\0").decode()
        elif name == "//":
            long_names = data[at:at + size]
        elif re.fullmatch(r"/\d+", name):  # GNU's: the name is in a table
            name = long_names[int(name[1:]):].split(b"\n", 1)[0].rstrip(b"/").decode()
        yield name, body, at + size
        at += size + (size & 1)


def read_macho_archive(path, begin=0, end=None):
    found = MachO()
    with open(path, "rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        for name, at, _ in members(data, begin, end):
            if data[at:at + 4] == b"\xcf\xfa\xed\xfe":
                read_macho(data, at, name, found)
    found.undefined -= found.defined
    return found


def read_macho(data, begin, name, found):
    cpu, _, _, commands = struct.unpack_from("<IIII", data, begin + 4)
    at, platform = begin + 32, None
    for _ in range(commands):
        command, size = struct.unpack_from("<II", data, at)
        if command == 0x32:  # for which system
            platform, least = struct.unpack_from("<II", data, at + 8)
            found.least = max(found.least, (least >> 16, least >> 8 & 255))
        elif command == 0x19:  # a segment; in an object file there is one
            for n in range(struct.unpack_from("<I", data, at + 64)[0]):
                segment = data[at + 72 + 80 * n + 16:at + 72 + 80 * n + 32].rstrip(b"\0")
                found.debug_sections += segment == b"__DWARF"
        elif command == 2:  # symbols
            table, count, strings = struct.unpack_from("<III", data, at + 8)
            for n in range(count):
                index, kind, _, _, value = struct.unpack_from("<IBBHQ", data, begin + table + 16 * n)
                if kind & 0xE0 or not kind & 1:  # of a debugger, or local
                    continue
                symbol = text_at(data, begin + strings + index)
                # Undefined with a value is a common block, which the linker makes room for.
                (found.defined if kind & 0x0E or value else found.undefined).add(symbol)
        at += size
    found.members += 1
    if platform is None:
        found.without_platform.append(name)
    else:
        found.platforms.add((platform, cpu))
