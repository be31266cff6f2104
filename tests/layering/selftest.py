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
    (check_sizes, "catalog/filter/a.cc", "x\n" * 600, False),
    (check_sizes, "catalog/filter/a.cc", "x\n" * 601, True),
    (check_sizes, "catalog/session.h", "// x\n" * 400, False),
    (check_sizes, "catalog/session.h", "// x\n" * 401, True),
    (check_sizes, "catalog/filter/a.h", "#pragma once\n", True),
]


def main():
    failures = 0
    for check, path, text, breach in CASES:
        with tempfile.TemporaryDirectory() as root:
            os.makedirs(os.path.join(root, os.path.dirname(path)))
            with open(os.path.join(root, path), "w", encoding="utf-8") as file:
                file.write(text)
            found = check.check(root)
            if bool(found) != breach:
                failures += 1
                print(f"{check.__name__} {path} {text[:60]!r}: expected breach={breach}, found {found}")
    print(f"{len(CASES)} cases, {failures} failures")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
