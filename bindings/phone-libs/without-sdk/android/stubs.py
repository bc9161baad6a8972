"""Writes assembler for an empty library that exports what one of Android's exports: stubs.py LIBRARY.so >STUB.s

A link against it with `-z defs` fails when the phone, from that version on, does not have what is called. What the
library keeps to itself and its like (versions named PRIVATE) is left out, as an NDK leaves it out.
"""

import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))
from objects import read_elf

written = set()
for symbol in read_elf(sys.argv[1]).symbols:
    name = symbol.name
    if not symbol.defined or symbol.kind == "other" or "PRIVATE" in symbol.version or name in written:
        continue
    if not re.fullmatch(r"[A-Za-z_][\w.$]*", name):
        continue
    written.add(name)
    data = symbol.kind == "object"
    room = max(symbol.size, 1) if data else 4
    print(".data" if data else ".text")
    print(f'.{"weak" if symbol.weak else "globl"} "{name}"')
    print(f'.type "{name}",%{"object" if data else "function"}')
    print(f'.size "{name}",{room}')
    print(f'"{name}": .zero {room}')
if not written:
    sys.exit(f"{sys.argv[1]} exports nothing")
