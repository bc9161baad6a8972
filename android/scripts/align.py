"""Aligns what is stored in an APK: libraries to pages of 16 KB, everything else to 4 bytes: align.py IN OUT; or check: align.py APK.

The alignment is also written into an extra field of each entry, which the signer reads: it moves entries and keeps to it.
"""

import struct
import sys
import zipfile

LIBRARY, OTHER = 16384, 4
FIELD = 0xD935


def alignment(name):
    return LIBRARY if name.endswith(".so") else OTHER


def align(source, to):
    with zipfile.ZipFile(source) as read, zipfile.ZipFile(to, "w") as written:
        for entry in read.infolist():
            new = zipfile.ZipInfo(entry.filename, (1980, 1, 1, 0, 0, 0))
            new.compress_type = entry.compress_type
            new.external_attr = 0o644 << 16
            if entry.compress_type == zipfile.ZIP_STORED:
                wanted = alignment(entry.filename)
                # The local header, the name, and the field's own four bytes and two for the alignment.
                data_at = written.start_dir + 30 + len(entry.filename.encode()) + 6
                padding = -data_at % wanted
                new.extra = struct.pack("<HHH", FIELD, 2 + padding, wanted) + bytes(padding)
            written.writestr(new, read.read(entry))


def check(apk):
    with zipfile.ZipFile(apk) as read, open(apk, "rb") as raw:
        libraries = 0
        for entry in read.infolist():
            if entry.compress_type != zipfile.ZIP_STORED:
                if entry.filename.endswith(".so"):
                    sys.exit(f"{entry.filename} is packed")
                continue
            raw.seek(entry.header_offset + 26)
            name, extra = struct.unpack("<HH", raw.read(4))
            at = entry.header_offset + 30 + name + extra
            if at % alignment(entry.filename):
                sys.exit(f"{entry.filename} begins at {at}")
            libraries += entry.filename.endswith(".so")
    print(f"{libraries} libraries, each at a page of 16 KB")


if len(sys.argv) == 3:
    align(*sys.argv[1:])
else:
    check(sys.argv[1])
