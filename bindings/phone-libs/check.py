"""Looks at a library as a phone's loader or Xcode's linker will: check.py TARGET LIBRARY [FOLDER OF THE SYSTEM'S LIBRARIES]

Prints a line of facts, and one for each that must not be. Exit 0 when there is none of those.
"""

import pathlib
import re
import sys

from objects import CPUS, PLATFORMS, read_elf, read_macho_archive

HERE = pathlib.Path(__file__).resolve().parent
OURS = re.compile(r"(uniffi|ffi)_\w+")
SYSTEM = ["libc.so", "libm.so", "libdl.so", "liblog.so"]
PAGE = 16384
API_LEVEL = 24
LEAST_IOS = (17, 0)
ABIS = {
    "aarch64-linux-android": ("arm64-v8a", "aarch64"),
    "x86_64-linux-android": ("x86_64", "x86_64"),
    "armv7-linux-androideabi": ("armeabi-v7a", "arm"),
}
IOS = {
    "aarch64-apple-ios": ("", "arm64"),
    "aarch64-apple-ios-sim": ("simulator", "arm64"),
    "x86_64-apple-ios": ("simulator", "x86_64"),
}
# What is of the two frameworks that an app would have to link.
FRAMEWORKS = re.compile(r"_(k?CF|k?Sec|SSL)\w+")


def budget_of(target):
    for line in (HERE / "budget").read_text().splitlines():
        if line.startswith(target + " "):
            return int(line.split()[2])
    return None


def size_of(target, path, wrong):
    size, budget = path.stat().st_size, budget_of(target)
    if budget is None:
        return f"{size / 1e6:.2f} MB, no budget"
    if size > budget:
        wrong.append(f"{size} bytes are {size - budget} more than the budget allows")
    return f"{size / 1e6:.2f} MB, {100 * size / budget:.0f} % of the budget of {budget / 1e6:.2f}"


def paths_in(path):
    """Folders of the machine that built it: below the home folder or the project's."""
    data, found = path.read_bytes(), set()
    for folder in {str(pathlib.Path.home()), str(HERE.parent.parent)}:
        found |= set(re.findall(re.escape(folder.encode()) + rb"/[\w./@+-]*", data))
    return sorted(text.decode() for text in found)


def check_android(target, path, system):
    wrong, elf = [], read_elf(path)
    abi, machine = ABIS[target]
    if elf.machine != machine:
        wrong.append(f"made for {elf.machine}")
    if elf.api_level != API_LEVEL:
        wrong.append(f"made for API level {elf.api_level}, not {API_LEVEL}")
    pages = min(elf.load_alignments, default=0)
    if pages < PAGE:
        wrong.append(f"a segment is aligned to {pages} bytes, less than a page of 16 KB")
    wrong += [f"needs {name}, which no phone has" for name in elf.needed if name not in SYSTEM]
    if elf.text_relocations:
        wrong.append("text relocations")
    if ".symtab" in elf.sections or any(name.startswith(".debug") for name in elf.sections):
        wrong.append("not stripped")
    exported = [symbol.name for symbol in elf.symbols if symbol.defined]
    foreign = [name for name in exported if not OURS.fullmatch(name)]
    if foreign:
        wrong.append(f"exports {len(foreign)} that are not UniFFI's: {' '.join(foreign[:5])} …")
    if not any(name.startswith("uniffi_paylink_ffi_") for name in exported):
        wrong.append("exports nothing of UniFFI's")
    undefined = [symbol for symbol in elf.symbols if not symbol.defined]
    weak = [symbol.name for symbol in undefined if symbol.weak]
    absent = []
    if system:
        there = {symbol.name for name in SYSTEM for symbol in read_elf(pathlib.Path(system, name)).symbols if symbol.defined}
        absent = [symbol.name for symbol in undefined if symbol.name not in there]
        wrong += [f"calls {name}, which API level {API_LEVEL} does not have" for name in absent if name not in weak]
    facts = [
        size_of(target, path, wrong),
        "needs " + " ".join(name.removesuffix(".so") for name in elf.needed),
        f"pages {pages // 1024} KB",
        f"API {elf.api_level}",
        f"{len(exported)} exported, {len(foreign)} foreign",
        f"{len(undefined)} imported" + (f" (asked for, may be absent: {' '.join(absent)})" if absent else ""),
    ]
    return abi, facts, wrong


def check_ios(target, path, system):
    wrong, found = [], read_macho_archive(path)
    variant, architecture = IOS[target]
    kinds = {(PLATFORMS.get(platform), CPUS.get(cpu)) for platform, cpu in found.platforms}
    if kinds != {(("ios", variant), architecture)}:
        wrong.append(f"made for {sorted(map(str, kinds))}")
    if found.without_platform:
        wrong.append(f"{len(found.without_platform)} members that name no system: {found.without_platform[:3]}")
    if found.least > LEAST_IOS:
        wrong.append(f"needs iOS {found.least[0]}.{found.least[1]}")
    if found.debug_sections:
        wrong.append("has debug information")
    ours = [name for name in found.defined if OURS.fullmatch(name.removeprefix("_"))]
    if not any(name.startswith("_uniffi_paylink_ffi_") for name in ours):
        wrong.append("has nothing of UniFFI's")
    of_frameworks = [name for name in found.undefined if FRAMEWORKS.fullmatch(name)]
    if system:
        there = set(re.findall(r"_[\w$]+", pathlib.Path(system, "libSystem.tbd").read_text()))
        absent = sorted(found.undefined - there - set(of_frameworks))
        wrong += [f"calls {name}, which iOS's libSystem does not have" for name in absent]
    facts = [
        size_of(target, path, wrong),
        f"{'simulator' if variant else 'device'} {architecture}",
        f"least iOS {found.least[0]}.{found.least[1]}",
        f"{found.members} members",
        f"{len(ours)} of UniFFI's",
        f"{len(found.undefined)} imported, {len(of_frameworks)} of them not of libSystem: link Security and CoreFoundation"
        if of_frameworks else f"{len(found.undefined)} imported, all of libSystem",
    ]
    return target, facts, wrong


def tell(name, facts, wrong):
    """Says what was seen. Whether any of it must not be."""
    print(f"{name + ':':<22} " + "; ".join(facts))
    for reason in wrong:
        print(f"WRONG  {name}: {reason}")
    return bool(wrong)


def main(target, library, system=""):
    path = pathlib.Path(library)
    name, facts, wrong = check_android(target, path, system) if target in ABIS else check_ios(target, path, system)
    left = paths_in(path)
    if left:
        wrong.append(f"{len(left)} paths of this machine: {' '.join(left[:3])} …")
    return tell(name, facts, wrong)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
