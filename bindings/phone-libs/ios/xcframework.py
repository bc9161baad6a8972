"""Lays out an XCFramework as `xcodebuild -create-xcframework` does, and reads one back.

    xcframework.py make FRAMEWORK HEADERS LIBRARY…     HEADERS: the folder with the header and the module map
    xcframework.py check FRAMEWORK MODULE

What a library is for is read from the library. Those for one system and several processors are joined into one file. The
headers go to a folder named after their module, because Xcode puts the headers of all frameworks of an app together.
"""

import pathlib
import plistlib
import re
import shutil
import struct
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from check import tell
from objects import CPUS, PLATFORMS, read_macho_archive

# A universal file: big-endian, whatever the processors are.
MAGIC = 0xCAFEBABE
SUBTYPES = {"arm64": 0, "x86_64": 3}
FIRST = 4096
MODULE = re.compile(r"^module\s+(\w+)\s*\{", re.M)


def made_for(path, begin=0, end=None):
    """The system, its variant and the processor."""
    found = read_macho_archive(path, begin, end)
    if len(found.platforms) != 1:
        sys.exit(f"{path}: for {len(found.platforms)} systems, not one")
    ((platform, cpu),) = found.platforms
    return *PLATFORMS[platform], CPUS[cpu], found


def join(libraries, path):
    """Writes a universal file of libraries by processor."""
    numbers = {name: number for number, name in CPUS.items()}
    table, at = struct.pack(">II", MAGIC, len(libraries)), FIRST
    for cpu, library in sorted(libraries.items()):
        size = library.stat().st_size
        table += struct.pack(">IIIII", numbers[cpu], SUBTYPES[cpu], at, size, 3)
        at += size + -size % 8
    with open(path, "wb") as out:
        out.write(table.ljust(FIRST, b"\0"))
        for _, library in sorted(libraries.items()):
            with open(library, "rb") as file:
                shutil.copyfileobj(file, out)
            out.write(bytes(-out.tell() % 8))


def parts(path):
    """The libraries in a file, universal or not: begin and end."""
    with open(path, "rb") as file:
        magic, count = struct.unpack(">II", file.read(8))
        if magic != MAGIC:
            return [(0, path.stat().st_size)]
        rows = [struct.unpack(">IIIII", file.read(20)) for _ in range(count)]
        return [(at, at + size) for _, _, at, size, _ in rows]


def make(framework, headers, *libraries):
    framework, headers, groups = pathlib.Path(framework), pathlib.Path(headers), {}
    for library in map(pathlib.Path, libraries):
        system, variant, cpu, _ = made_for(library)
        groups.setdefault((system, variant), {})[cpu] = library
    module = MODULE.search((headers / "module.modulemap").read_text())[1]
    new, listed = framework.with_name(framework.name + ".new"), []
    shutil.rmtree(new, ignore_errors=True)
    for (system, variant), of in sorted(groups.items()):
        name = "-".join(filter(None, [system, "_".join(sorted(of)), variant]))
        file = next(iter(of.values())).name
        folder = new / name / "Headers" / module
        folder.mkdir(parents=True)
        for header in [*headers.glob("*.h"), headers / "module.modulemap"]:
            shutil.copyfile(header, folder / header.name)
        if len(of) > 1:
            join(of, new / name / file)
        else:
            shutil.copyfile(next(iter(of.values())), new / name / file)
        entry = {"BinaryPath": file, "HeadersPath": "Headers", "LibraryIdentifier": name, "LibraryPath": file,
                 "SupportedArchitectures": sorted(of), "SupportedPlatform": system}
        listed.append(entry | ({"SupportedPlatformVariant": variant} if variant else {}))
    with open(new / "Info.plist", "wb") as file:
        plistlib.dump({"AvailableLibraries": listed, "CFBundlePackageType": "XFWK", "XCFrameworkFormatVersion": "1.0"}, file)
    shutil.rmtree(framework, ignore_errors=True)
    new.rename(framework)


def check(framework, module):
    framework, wrong, facts = pathlib.Path(framework), [], []
    with open(framework / "Info.plist", "rb") as file:
        info = plistlib.load(file)
    if info["CFBundlePackageType"] != "XFWK" or not info["AvailableLibraries"]:
        wrong.append("Info.plist is not that of an XCFramework")
    listed = {entry["LibraryIdentifier"] for entry in info["AvailableLibraries"]}
    there = {path.name for path in framework.iterdir() if path.is_dir()}
    if listed != there:
        wrong.append(f"Info.plist names {sorted(listed)}, there are {sorted(there)}")
    for entry in info["AvailableLibraries"]:
        folder = framework / entry["LibraryIdentifier"]
        said = (entry["SupportedPlatform"], entry.get("SupportedPlatformVariant", ""))
        headers = folder / entry["HeadersPath"] / module
        if MODULE.findall((headers / "module.modulemap").read_text()) != [module]:
            wrong.append(f"{folder.name}: the module map does not name {module}")
        declared = set(re.findall(r"\b((?:uniffi|ffi)_paylink_ffi_\w+)\(", (headers / f"{module}.h").read_text()))
        processors = []
        library = folder / entry["LibraryPath"]
        for begin, end in parts(library):
            system, variant, cpu, found = made_for(library, begin, end)
            processors.append(cpu)
            if (system, variant) != said:
                wrong.append(f"{folder.name}: the library is for {system} {variant}")
            absent = sorted(name for name in declared if "_" + name not in found.defined)
            if absent or not declared:
                wrong.append(f"{folder.name}, {cpu}: {len(absent)} of {len(declared)} declared are absent: {absent[:3]}")
        if sorted(processors) != entry["SupportedArchitectures"]:
            wrong.append(f"{folder.name}: Info.plist says {entry['SupportedArchitectures']}, the library {processors}")
        facts.append(f"{folder.name} ({library.stat().st_size / 1e6:.1f} MB, {len(declared)} declared and defined)")
    return tell(framework.name, [f"module {module}", *facts], wrong)


if __name__ == "__main__":
    sys.exit({"make": make, "check": check}[sys.argv[1]](*sys.argv[2:]))
