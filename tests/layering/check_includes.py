"""Checks that include arrows point down only (docs/layout.md): every include of a project header must be one that the
table below allows, and RocksDB's headers stand in catalog/store/rocksdb alone.

usage: check_includes.py ROOT
"""
import os
import re
import sys

# Folder of the library -> folders that it may include. `public` stands for catalog/*.h, `proto` for the public model,
# `proto_record` for the stored records.
ALLOWED = {
    "base": set(),
    "store": {"base"},
    "model": {"base", "proto", "public"},
    "filter": {"model", "base", "proto", "public"},
    "record": {"model", "store", "base", "proto", "proto_record", "public"},
    "event": {"record", "model", "store", "base", "proto", "proto_record", "public"},
    "partition": {"filter", "record", "model", "store", "base", "proto", "proto_record", "public"},
    "bulk": {"partition", "filter", "record", "model", "store", "base", "proto", "public"},
    "session": {"bulk", "event", "partition", "filter", "record", "model", "store", "store/rocksdb", "base", "proto",
                "proto_record", "public"},
    "store/rocksdb": {"store", "base"},
    "public": {"base", "proto"},
    # Users of the library: public headers, and the text and status helpers of base.
    "tools": {"public", "proto", "base"},
    "examples": {"public", "proto"},
}
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')
SOURCES = (".h", ".cc", ".cpp", ".hpp")


def folder_of(path):
    """The folder, as the table names it, of a path below the root; None for what the table does not govern."""
    parts = path.split("/")
    if parts[0] in ("tools", "examples"):
        return parts[0]
    if parts[0] == "lodestone":
        return "proto_record" if parts[1:2] == ["record"] else "proto"
    if parts[0] != "catalog":
        return None
    if len(parts) == 2:
        return "public"
    if parts[1:3] == ["store", "rocksdb"]:
        return "store/rocksdb"
    return parts[1]


def check_file(root, path):
    """Yields what is wrong with the includes of one file."""
    here = folder_of(path)
    with open(os.path.join(root, path), encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            match = INCLUDE.match(line)
            if not match:
                continue
            target = match.group(2)
            where = f"{path}:{number}"
            if target.startswith("rocksdb/"):
                if here != "store/rocksdb":
                    yield f"{where}: {target}: RocksDB belongs to catalog/store/rocksdb alone"
                continue
            there = folder_of(target)
            if match.group(1) == "<" and there is None:
                continue
            if there is None:
                # A neighbour ("args.h" beside main.cc), or another library's header in quotes.
                if os.path.exists(os.path.join(root, os.path.dirname(path), target)) and "/" not in target:
                    if path.startswith("catalog/"):
                        yield f"{where}: {target}: name it from the root of the project"
                continue
            if here not in ALLOWED:
                yield f"{where}: the folder {here} is not in the table of tests/layering/check_includes.py"
                return
            if there != here and there not in ALLOWED[here]:
                yield f"{where}: {target}: {here} may not include {there}"


def check(root):
    """All breaches under `root`."""
    found = []
    for top in ("catalog", "tools", "examples"):
        for folder, _, files in sorted(os.walk(os.path.join(root, top))):
            for name in sorted(files):
                if name.endswith(SOURCES):
                    found.extend(check_file(root, os.path.relpath(os.path.join(folder, name), root)))
    return found


def main():
    found = check(sys.argv[1])
    for line in found:
        print(line)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
