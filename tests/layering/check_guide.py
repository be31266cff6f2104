"""Checks that the worked examples in catalog/catalog.h (indented by four in its comment), README.md and docs/guide.md
(```cpp blocks) are parts of the programs in examples/embed, which a test builds and runs. White space is not compared.

usage: check_guide.py ROOT
"""
import glob
import os
import re
import sys


def squeeze(text):
    return " ".join(text.split())


def header_blocks(text):
    """Runs of comment lines that are indented like code."""
    block = []
    for line in text.splitlines() + [""]:
        match = re.match(r"//     (.*)$", line)
        if match:
            block.append(match.group(1))
        elif block:
            yield "\n".join(block)
            block = []


def markdown_blocks(text):
    return re.findall(r"```cpp\n(.*?)```", text, re.DOTALL)


def main():
    root = sys.argv[1]
    programs = []
    for path in sorted(glob.glob(os.path.join(root, "examples/embed/*.cc"))):
        with open(path, encoding="utf-8") as file:
            programs.append(squeeze(file.read()))
    failures = checked = 0
    for name, blocks_of in (("catalog/catalog.h", header_blocks), ("docs/guide.md", markdown_blocks),
                            ("README.md", markdown_blocks)):
        with open(os.path.join(root, name), encoding="utf-8") as file:
            blocks = list(blocks_of(file.read()))
        if not blocks:
            print(f"{name}: no examples found")
            failures += 1
        for block in blocks:
            checked += 1
            if not any(squeeze(block) in program for program in programs):
                failures += 1
                print(f"{name}: not part of examples/embed:\n{block}")
    print(f"{checked} examples, {failures} failures")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
