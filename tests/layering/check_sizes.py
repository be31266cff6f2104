"""Checks that what is read fits a reader: source files of at most 600 lines, public headers of at most 400, and a header
that starts with a comment. (The length of functions is clang-tidy's business.)

usage: check_sizes.py ROOT
"""
import os
import sys

LONGEST_FILE = 600
LONGEST_PUBLIC_HEADER = 400
TOPS = ("catalog", "tools", "bindings", "bench", "tests", "examples")
SOURCES = (".h", ".cc", ".py")


def check_file(root, path):
    """Yields what is wrong with one file."""
    with open(os.path.join(root, path), encoding="utf-8") as file:
        lines = file.read().splitlines()
    public = path.count("/") == 1 and path.startswith("catalog/") and path.endswith(".h")
    longest = LONGEST_PUBLIC_HEADER if public else LONGEST_FILE
    if len(lines) > longest:
        yield f"{path}: {len(lines)} lines, at most {longest}"
    if path.endswith(".h") and not (lines and lines[0].startswith("//")):
        yield f"{path}:1: a header begins with a comment that says what it is"


def check(root):
    """All breaches under `root`."""
    found = []
    for top in TOPS:
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
