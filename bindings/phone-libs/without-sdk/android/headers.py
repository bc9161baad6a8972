"""Makes C header files of the table in bionic.abi: headers.py TABLE FOLDER"""

import pathlib
import re
import sys
from dataclasses import dataclass


@dataclass
class Line:
    header: str
    word: str
    name: str
    of: str  # the processor that a struct is for, or nothing
    value: str
    compared: bool


def read_table(path):
    """The headers with what each includes, and the lines of all of them."""
    includes, lines, header = {}, [], None
    for number, row in enumerate(pathlib.Path(path).read_text().splitlines(), 1):
        if not row or row.startswith("#"):
            continue
        word, rest = row.split(" ", 1)
        compared, word = not word.startswith("~"), word.lstrip("~")
        if word == "header":
            header, *includes_of = rest.split()
            includes[header] = includes_of
        elif word in ("type", "opaque", "struct", "record", "value"):
            name, value = (part.strip() for part in rest.split(" = ", 1))
            name, _, of = name.partition(" @")
            lines.append(Line(header, word, name, of, value, compared))
        elif word in ("call", "call64"):
            name = re.match(r"[\w ]+?[ *]+(\w+)\(", rest)[1]
            lines.append(Line(header, word, name, "", rest, compared))
        elif word == "kernel":
            lines.extend(Line(header, word, name, "", "", compared) for name in rest.split())
        elif word == "c":
            lines.append(Line(header, word, "", "", rest, False))
        else:
            sys.exit(f"{path}:{number}: no such word: {word}")
    return includes, lines


def fields(line):
    """A struct's fields as declaration and name, without the mark that more may follow."""
    for field in line.value.split(";"):
        field = field.strip()
        if field != "...":
            yield field, re.search(r"(\w+)(\[\d+\])?$", field)[1]


def by_width(value, write):
    """C that `write` makes of a value, which may be another one for 32 bits."""
    wide, _, narrow = (part.strip() for part in value.partition(" | "))
    if not narrow:
        return write(wide)
    return f"#ifdef __LP64__\n{write(wide)}\n#else\n{write(narrow)}\n#endif"


def declaration(line):
    """A line of the table in C."""
    name = line.name
    if line.word == "type":
        return by_width(line.value, lambda value: f"typedef {value} {name};")
    if line.word == "opaque":
        def room(value):
            of, count = re.fullmatch(r"(\w+)\[(\d+)\]", value).groups()
            return f"typedef struct {{ {of} room[{count}]; }} {name};"
        return by_width(line.value, room)
    if line.word in ("struct", "record"):
        body = "{ " + " ".join(field + ";" for field, _ in fields(line)) + " }"
        text = f"struct {name} {body};" if line.word == "struct" else f"typedef struct {body} {name};"
        return f"#ifdef __{line.of}__\n{text}\n#endif" if line.of else text
    if line.word == "value":
        return by_width(line.value, lambda value: f"#define {name} {value}")
    if line.word == "call":
        return f"extern {line.value};"
    if line.word == "call64":
        return f'#ifdef WIDE_FILES\nextern {line.value} __asm__("{name}64");\n#else\nextern {line.value};\n#endif'
    return line.value if line.word == "c" else ""


def write_headers(table, folder):
    includes, lines = read_table(table)
    for header, included in includes.items():
        text = "/* Made of bionic.abi. */\n"
        # What an assertion does depends on NDEBUG each time again.
        if header != "assert.h":
            text += "#pragma once\n"
        text += "".join(f"#include <{file}>\n" for file in included)
        text += "#ifdef __cplusplus\nextern \"C\" {\n#endif\n"
        text += "".join(f"{c}\n" for line in lines if line.header == header and (c := declaration(line)))
        text += "#ifdef __cplusplus\n}\n#endif\n"
        path = pathlib.Path(folder, header)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


if __name__ == "__main__":
    write_headers(*sys.argv[1:])
