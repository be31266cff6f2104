"""Seeds each kind of breach into a small tree: the checks must find it, and find nothing in its sound twin."""
import os
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import check_includes  # noqa: E402
import check_sizes  # noqa: E402

# check, path, text, whether it is a breach
CASES = [
    (check_includes, "catalog/filter/a.cc", '#include "catalog/model/type.h"\n', False),
    (check_includes, "catalog/model/a.cc", '#include "catalog/filter/filter.h"\n', True),
    (check_includes, "catalog/store/a.h", '#include "catalog/options.h"\n', True),
    (check_includes, "catalog/store/rocksdb/a.cc", '#include "rocksdb/db.h"\n', False),
    (check_includes, "catalog/record/a.cc", '#include "rocksdb/db.h"\n', True),
    (check_includes, "catalog/record/a.cc", "#include <rocksdb/db.h>\n", True),
    (check_includes, "catalog/session/a.cc", '#include "catalog/store/rocksdb/rocksdb_store.h"\n', False),
    (check_includes, "catalog/bulk/a.cc", '#include "catalog/store/rocksdb/rocksdb_store.h"\n', True),
    (check_includes, "catalog/filter/a.cc", '#include "lodestone/record/v1/record.pb.h"\n', True),
    (check_includes, "catalog/record/a.cc", '#include "lodestone/record/v1/record.pb.h"\n', False),
    (check_includes, "catalog/session.h", '#include "catalog/session/context.h"\n', True),
    (check_includes, "catalog/session.h", '#include "lodestone/model/v1/table.pb.h"\n', False),
    (check_includes, "tools/lodestone/main.cc", '#include "catalog/partition/reader.h"\n', True),
    (check_includes, "tools/lodestone/main.cc", '#include "catalog/catalog.h"\n', False),
    (check_includes, "catalog/newcomer/a.cc", '#include "catalog/base/strings.h"\n', True),
    (check_includes, "catalog/model/a.cc", '#include "tests/support/matchers.h"\n', True),
    (check_includes, "catalog/model/a.cc", '#include "bench/figures/stage.h"\n', True),
    (check_includes, "catalog/session/a.cc", '#include "bindings/c/lodestone.h"\n', True),
    (check_includes, "catalog/store/a.cc", "#include <memory>\n", False),
    (check_includes, "bindings/hive/a.cc", '#include "catalog/catalog.h"\n', False),
    (check_includes, "bindings/hive/a.cc", '#include "bindings/common/caller.h"\n', False),
    (check_includes, "bindings/hive/a.cc", '#include "bindings/http/server.h"\n', True),
    (check_includes, "bindings/common/a.cc", '#include "bindings/http/server.h"\n', True),
    (check_includes, "bindings/hive/a.cc", '#include "catalog/record/keys.h"\n', True),
    (check_includes, "bench/figures/a.cc", '#include "catalog/partition/reader.h"\n', True),
    (check_includes, "bench/micro/a.cc", '#include "catalog/partition/reader.h"\n', False),
    (check_includes, "bench/reference/a.cc", '#include "rocksdb/db.h"\n', False),
    (check_includes, "bench/figures/a.cc", '#include "rocksdb/db.h"\n', True),
    (check_includes, "tests/unit/record/a.cc", '#include "catalog/record/keys.h"\n', False),
    (check_includes, "tests/model/a.cc", '#include "tests/support/matchers.h"\n', False),
    (check_includes, "catalog/record/a.cc", "rocksdb::DB* db;\n", True),
    (check_includes, "catalog/record/a.cc", "// as rocksdb::DB does\n", False),
    (check_includes, "catalog/store/rocksdb/a.cc", "rocksdb::DB* db;\n", False),
    (check_sizes, "catalog/filter/a.cc", "x\n" * 600, False),
    (check_sizes, "catalog/filter/a.cc", "x\n" * 601, True),
    (check_sizes, "catalog/session.h", "// x\n" * 400, False),
    (check_sizes, "catalog/session.h", "// x\n" * 401, True),
    (check_sizes, "catalog/filter/a.h", "// x\n" * 401, True),
    (check_sizes, "catalog/filter/a.h", "#pragma once\n", True),
    (check_sizes, "catalog/filter/a.cc", "int F() {\n" + "  x;\n" * 78 + "}\n", False),
    (check_sizes, "catalog/filter/a.cc", "int F() {\n" + "  x;\n" * 79 + "}\n", True),
    (check_sizes, "catalog/filter/a.cc", "int F(int a,\n      int b) {\n" + "  x;\n\n" * 40 + "}\n", True),
    (check_sizes, "catalog/filter/a.cc", "F::F()\n    : a_(1) {\n" + "  x;\n" * 78 + "}\n", True),
    (check_sizes, "catalog/filter/a.cc", "class A {\n  int F() {\n" + "    x;\n" * 79 + "  }\n};\n", True),
    (check_sizes, "catalog/filter/a.cc", ("int F() {\n" + "  x;\n" * 50 + "}\n\n") * 2, False),
    (check_sizes, "catalog/filter/a.cc", "struct A {\n" + "  int x;\n" * 100 + "};\n", False),
    (check_sizes, "tests/unit/a.cc", "TEST(A, B) {\n" + "  x;\n" * 118 + "}\n", False),
    (check_sizes, "tests/unit/a.cc", "TEST(A, B) {\n" + "  x;\n" * 119 + "}\n", True),
]

# Circles, which take several files: {path: text}, and the circle; None for none.
CIRCLES = [
    ({"tools/a/a.cc": '#include "tools/b/b.h"\n', "tools/b/b.cc": '#include "tools/a/a.h"\n'},
     "tools/a -> tools/b -> tools/a"),
    ({"tools/a/a.cc": '#include "tools/b/b.h"\n', "tools/b/b.cc": '#include "tools/c/c.h"\n',
      "tools/c/c.cc": '#include "tools/a/a.h"\n'},
     "tools/a -> tools/b -> tools/c -> tools/a"),
    ({"tools/a/a.cc": '#include "tools/b/b.h"\n#include "tools/c/c.h"\n', "tools/b/b.cc": '#include "tools/c/c.h"\n'},
     None),
    ({"catalog/a.h": '#include "catalog/base/b.h"\n', "catalog/base/b.h": '#include "catalog/base/c.h"\n'}, None),
]


def write(root, path, text):
    os.makedirs(os.path.join(root, os.path.dirname(path)), exist_ok=True)
    with open(os.path.join(root, path), "w", encoding="utf-8") as file:
        file.write(text)


def check_circles():
    """The number of failures."""
    failures = 0
    for files, circle in CIRCLES:
        with tempfile.TemporaryDirectory() as root:
            for path, text in files.items():
                write(root, path, text)
            found = check_includes.check(root)
            if (circle is None) != (not found) or (circle and not found[0].startswith(circle + ": a circle")):
                failures += 1
                print(f"{files}: expected {circle}, found {found}")
    return failures


def main():
    failures = check_circles()
    for check, path, text, breach in CASES:
        with tempfile.TemporaryDirectory() as root:
            write(root, path, text)
            found = check.check(root)
            if bool(found) != breach:
                failures += 1
                print(f"{check.__name__} {path} {text[:60]!r}: expected breach={breach}, found {found}")
    print(f"{len(CASES) + len(CIRCLES)} cases, {failures} failures")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
