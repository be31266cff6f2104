"""Checks that include arrows point down only (docs/layout.md): every include of a project header must be one that the
table below allows, no folders include each other in a circle, and RocksDB's headers and names stand in
catalog/store/rocksdb alone (and in bench/reference, which measures it).

usage: check_includes.py ROOT
"""
import os
import re
import sys

LIBRARY = {"base", "store", "store/rocksdb", "model", "record", "filter", "event", "partition", "bulk", "privilege",
           "account", "audit", "transaction", "session", "warehouse"}
USER = {"public", "proto", "base"}

# Folder -> folders that it may include. The library's folders go by their name below catalog/. `public` stands for
# catalog/*.h, `proto` for the public model, `proto_record` for the stored records.
ALLOWED = {
    "base": set(),
    "store": {"base"},
    "store/rocksdb": {"store", "base"},
    "public": {"base", "proto"},
    "model": {"base", "proto", "public"},
    "filter": {"model", "base", "proto", "public"},
    "record": {"model", "store", "base", "proto", "proto_record", "public"},
    "event": {"record", "model", "store", "base", "proto", "proto_record", "public"},
    "partition": {"filter", "record", "model", "store", "base", "proto", "proto_record", "public"},
    "bulk": {"partition", "filter", "record", "model", "store", "base", "proto", "public"},
    "privilege": {"record", "model", "store", "base", "proto", "proto_record", "public"},
    "account": {"record", "model", "store", "base", "proto", "proto_record", "public"},
    "transaction": {"record", "model", "store", "base", "proto", "proto_record", "public"},
    "audit": {"base", "public"},
    "session": {"bulk", "privilege", "account", "audit", "transaction", "event", "partition", "filter", "record",
                "model", "store", "store/rocksdb", "base", "proto", "proto_record", "public"},
    "warehouse": {"session", "bulk", "privilege", "model", "base", "proto", "public"},
    # Users of the library: public headers, and the text and status helpers of base.
    "tools": USER | {"bindings/common", "bindings/http", "bindings/http/dla", "bindings/http/dli",
                     "bindings/hive", "bindings/hive/transfer"},
    "examples": {"public", "proto"},
    "bindings/common": USER,
    # Each adapter; two never include each other.
    "bindings": USER | {"bindings/common"},
    "bindings/http": USER | {"bindings/common"},
    "bindings/http/dla": USER | {"bindings/common", "bindings/http"},
    "bindings/http/dli": USER | {"bindings/common", "bindings/http"},
    "bindings/hive": USER | {"bindings/common", "bindings/hive/convert", "bindings/hive/idl"},
    "bindings/hive/convert": USER | {"bindings/hive/idl"},
    "bindings/hive/idl": set(),
    "bindings/hive/transfer": USER | {"bindings/hive", "bindings/hive/convert", "bindings/hive/idl"},
    "bench": USER | {"bindings/common", "bindings/http", "bindings/http/dla"},
    "bench/micro": USER | LIBRARY | {"proto_record", "bench"},
    # Tests reach everything, and nothing but tests reaches them.
    "tests": USER | LIBRARY | {"proto_record", "tools", "bindings", "bindings/common", "bindings/http", "bindings/http/dla",
                               "bindings/http/dli", "bindings/hive", "bindings/hive/convert", "bindings/hive/idl",
                               "bindings/hive/transfer", "bench"},
}
ROCKSDB_PLACES = ("catalog/store/rocksdb/", "bench/reference/", "tests/")
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')
ROCKSDB_NAME = re.compile(r"\brocksdb::|\bROCKSDB_NAMESPACE\b")
TOPS = ("catalog", "tools", "bindings", "bench", "tests", "examples")
SOURCES = (".h", ".cc", ".cpp", ".hpp")


def folder_of(path):
    """The folder, as the table names it, of a path below the root; None for what is none of the project's."""
    parts = path.split("/")
    if len(parts) < 2:
        return None
    if parts[0] in ("tools", "examples", "tests"):
        return parts[0]
    if parts[0] == "bench":
        return "bench/micro" if parts[1] == "micro" else "bench"
    if parts[0] == "bindings":
        for folder in ("/".join(parts[:3]), "/".join(parts[:2])):
            if folder in ALLOWED:
                return folder
        return "bindings"
    if parts[0] == "lodestone":
        return "proto_record" if parts[1] == "record" else "proto"
    if parts[0] != "catalog":
        return None
    if len(parts) == 2:
        return "public"
    if parts[1:3] == ["store", "rocksdb"]:
        return "store/rocksdb"
    return parts[1]


def includes_of(root, path):
    """Yields (line number, header, whether it is named without a folder) of what a file includes of the project or of
    RocksDB."""
    with open(os.path.join(root, path), encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            match = INCLUDE.match(line)
            if not match:
                continue
            target = match.group(2)
            if folder_of(target) is not None or target.startswith("rocksdb/"):
                yield number, target, False
            elif match.group(1) == '"' and os.path.isfile(os.path.join(root, os.path.dirname(path), target)):
                yield number, os.path.normpath(os.path.join(os.path.dirname(path), target)), True


def arrow_breach(here, there, path, target):
    """What is wrong with an include of `target` in `path`; None when nothing is."""
    if here not in ALLOWED:
        return f"the folder {here} is not in the table of tests/layering/check_includes.py"
    if there == "bindings" and here == "bindings" and path.split("/")[1] != target.split("/")[1]:
        return "one binding may not include another"
    if there != here and there not in ALLOWED[here]:
        return f"{here} may not include {there}"
    return None


def check_file(root, path):
    """Yields what is wrong with the includes of one file."""
    here = folder_of(path)
    for number, target, bare in includes_of(root, path):
        where = f"{path}:{number}: {target}"
        if target.startswith("rocksdb/"):
            if not path.startswith(ROCKSDB_PLACES):
                yield f"{where}: RocksDB belongs to catalog/store/rocksdb alone"
            continue
        if bare and path.startswith("catalog/"):
            yield f"{where}: name it from the root of the project"
        breach = arrow_breach(here, folder_of(target), path, target)
        if breach:
            yield f"{where}: {breach}"


def check_names(root, path):
    """Yields where a file speaks RocksDB's names outside of comments."""
    if path.startswith(ROCKSDB_PLACES):
        return
    with open(os.path.join(root, path), encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            if ROCKSDB_NAME.search(line.split("//")[0]):
                yield f"{path}:{number}: RocksDB's names belong to catalog/store/rocksdb alone"


def check_cycles(arrows):
    """Yields each circle of folders, given {folder: {included folder: where}}."""
    done = set()

    def visit(folder, trail):
        if folder in trail:
            circle = trail[trail.index(folder):] + [folder]
            places = [arrows[a][b] for a, b in zip(circle, circle[1:])]
            yield f"{' -> '.join(circle)}: a circle of folders, by {'; '.join(places)}"
            return
        if folder in done:
            return
        for there in sorted(arrows.get(folder, {})):
            yield from visit(there, trail + [folder])
        done.add(folder)

    for folder in sorted(arrows):
        yield from visit(folder, [])


def sources(root):
    for top in TOPS:
        for folder, _, files in sorted(os.walk(os.path.join(root, top))):
            for name in sorted(files):
                if name.endswith(SOURCES):
                    yield os.path.relpath(os.path.join(folder, name), root)


def check(root):
    """All breaches under `root`."""
    found = []
    arrows = {}
    for path in sources(root):
        found.extend(check_file(root, path))
        found.extend(check_names(root, path))
        here = os.path.dirname(path)
        for number, target, _ in includes_of(root, path):
            there = os.path.dirname(target)
            if there != here and not target.startswith("rocksdb/"):
                arrows.setdefault(here, {}).setdefault(there, f"{path}:{number}")
    found.extend(check_cycles(arrows))
    return found


def main():
    found = check(sys.argv[1])
    for line in found:
        print(line)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
