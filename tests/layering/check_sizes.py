"""Checks that what is read fits a reader: source files of at most 600 lines, headers of the library of at most 400,
functions of at most 80 (tests: 120, for their tables of cases), and a header that starts with a comment.

usage: check_sizes.py ROOT
"""
import os
import sys

LONGEST_FILE = 600
LONGEST_LIBRARY_HEADER = 400
LONGEST_FUNCTION = 80
LONGEST_TEST = 120
TOPS = ("catalog", "tools", "bindings", "bench", "tests", "examples")
SOURCES = (".h", ".cc", ".py")


def indent_of(line):
    return len(line) - len(line.lstrip(" "))


def functions(lines):
    """Yields (first line, number of lines) of what ends in a closing brace of its own at the left edge or one level in:
    functions and methods, as clang-format lays them out. The last line before it at the same indentation began it, or,
    where arguments or initializers follow on lines of their own, was part of its head."""
    for indent in (0, 2):
        start = None
        for i, line in enumerate(lines):
            if not line.strip() or line.startswith("#") or indent_of(line) > indent:
                continue
            if line == " " * indent + "}" and start is not None:
                yield start + 1, i - start + 1
            start = i if indent_of(line) == indent and not line.lstrip().startswith(("//", "}")) else None


def check_file(root, path):
    """Yields what is wrong with one file."""
    with open(os.path.join(root, path), encoding="utf-8") as file:
        lines = file.read().splitlines()
    header = path.endswith(".h")
    longest = LONGEST_LIBRARY_HEADER if header and path.startswith("catalog/") else LONGEST_FILE
    if len(lines) > longest:
        yield f"{path}: {len(lines)} lines, at most {longest}"
    if header and not (lines and lines[0].startswith("//")):
        yield f"{path}:1: a header begins with a comment that says what it is"
    if path.endswith(".py"):
        return
    longest = LONGEST_TEST if path.startswith("tests/") else LONGEST_FUNCTION
    for first, length in functions(lines):
        if length > longest:
            yield f"{path}:{first}: a function of {length} lines, at most {longest}"


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
