#!/usr/bin/env python3
"""Runs transcripts of the command line against the real program, each in a fresh store.

usage: run_scripts.py --lodestone PROGRAM [--rewrite] [--jobs N] [SCRIPT or FOLDER]...

A script is a text file *.test. Its first line is a comment that says what it shows. Then come blocks, separated by empty
lines: command lines, a line `----`, and what they print:

    lodestone database create web
    lodestone database get nothing
    ----
    error(3): database nothing: not found

- Each command line is run by bash in a folder of the script's own; LODESTONE_STORE names the script's store. A line that
  ends with a backslash goes on in the next one.
- A block whose first line is `file NAME` writes the lines behind it, up to `----`, into that file instead.
- Shown are standard output; with an exit status other than 0 `error(STATUS): ` and standard error; otherwise each line of
  standard error behind `note: `. An empty line of output is shown as `<blank>`.
- What differs from run to run is replaced: times by <time>, durations by <duration>, the script's folder by <dir>.

--rewrite puts what is printed now into the scripts: read the difference before you commit it.
"""
import argparse
import concurrent.futures
import difflib
import os
import pathlib
import re
import subprocess
import sys
import tempfile

SECONDS_PER_COMMAND = 120
SEPARATOR = "----"

VARYING = [
    (re.compile(r"\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"), "<time>"),
    (re.compile(r'"(create_time|last_access_time|time_ms)":( ?)\d{10,}'), r'"\1":\2<time>'),
    (re.compile(r"\bin \d+(\.\d+)? (us|ms|s)\b"), "in <duration>"),
]


class Block:
    """Command lines, or a file, and what is expected of them. `first` is the number of the first line."""

    def __init__(self, first, lines, expected):
        self.first = first
        self.lines = lines
        self.expected = expected

    def commands(self):
        """The command lines, continued ones joined."""
        joined = []
        open_line = False
        for line in self.lines:
            if open_line:
                joined[-1] += "\n" + line
            elif not line.startswith("#"):
                joined.append(line)
            else:
                continue
            open_line = line.endswith("\\")
        return joined


def parse(path):
    """The heading (comment lines) and the blocks of a script."""
    lines = path.read_text(encoding="utf-8").split("\n")
    heading = []
    at = 0
    while at < len(lines) and lines[at].startswith("#"):
        heading.append(lines[at])
        at += 1
    if not heading:
        raise ValueError(f"{path}:1: expected a comment that says what the script shows")
    blocks = []
    while at < len(lines):
        if lines[at] == "":
            at += 1
            continue
        first = at
        is_file = lines[at].startswith("file ")
        while at < len(lines) and lines[at] != SEPARATOR:
            if lines[at] == "" and not is_file:
                raise ValueError(f"{path}:{at + 1}: expected {SEPARATOR} behind the commands, found an empty line")
            at += 1
        if at == len(lines):
            raise ValueError(f"{path}:{first + 1}: expected {SEPARATOR} behind the commands, found the end")
        commands = lines[first:at]
        at += 1
        expected = []
        while at < len(lines) and lines[at] != "":
            expected.append(lines[at])
            at += 1
        blocks.append(Block(first + 1, commands, expected))
    if not blocks:
        raise ValueError(f"{path}: expected commands, found none")
    return heading, blocks


def show(result, folder):
    """The lines that stand for what a command printed."""
    text = result.stdout
    if text and not text.endswith("\n"):
        text += "\n"
    errors = result.stderr
    if result.returncode != 0:
        errors = errors.removeprefix("lodestone: ")
        text += f"error({result.returncode}): {errors}"
    else:
        text += "".join(f"note: {line}\n" for line in errors.splitlines())
    text = text.replace(str(folder), "<dir>")
    for pattern, shown in VARYING:
        text = pattern.sub(shown, text)
    lines = text.split("\n")
    if lines and lines[-1] == "":
        lines.pop()
    return [line if line != "" else "<blank>" for line in lines]


def run_block(block, folder, environment):
    """What a block prints."""
    if block.lines[0].startswith("file "):
        name = block.lines[0].removeprefix("file ").strip()
        content = "".join(line + "\n" for line in block.lines[1:])
        (folder / name).write_text(content, encoding="utf-8")
        return []
    lines = []
    for command in block.commands():
        result = subprocess.run(["bash", "-o", "pipefail", "-c", command], cwd=folder, env=environment,
                                stdin=subprocess.DEVNULL, capture_output=True, encoding="utf-8", errors="replace",
                                timeout=SECONDS_PER_COMMAND, check=False)
        lines += show(result, folder)
    return lines


def run_script(path, program, rewrite):
    """Runs one script. Returns what differs, as text; empty when all is as expected."""
    heading, blocks = parse(path)
    differences = []
    with tempfile.TemporaryDirectory(prefix="lodestone-script-") as name:
        folder = pathlib.Path(name).resolve()
        keep = ("HOME", "LANG", "TMPDIR", "ASAN_OPTIONS", "LSAN_OPTIONS", "TSAN_OPTIONS", "UBSAN_OPTIONS")
        environment = {key: os.environ[key] for key in keep if key in os.environ}
        environment["PATH"] = f"{program.parent}:{os.environ['PATH']}"
        environment["LODESTONE_STORE"] = str(folder / "store")
        environment["LC_ALL"] = "C.UTF-8"
        for block in blocks:
            found = run_block(block, folder, environment)
            if found != block.expected:
                diff = difflib.unified_diff(block.expected, found, "expected", "found", lineterm="", n=2)
                differences.append("\n".join([f"{path}:{block.first}: {block.lines[0]}", *diff]))
                block.expected = found
    if rewrite and differences:
        parts = ["\n".join(heading)]
        parts += ["\n".join([*block.lines, SEPARATOR, *block.expected]) for block in blocks]
        path.write_text("\n\n".join(parts) + "\n", encoding="utf-8")
    return "\n".join(differences)


def main():
    parser = argparse.ArgumentParser(description="Runs transcripts of the command line.")
    parser.add_argument("--lodestone", required=True, type=pathlib.Path, help="the program")
    parser.add_argument("--rewrite", action="store_true", help="put what is printed now into the scripts")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("scripts", nargs="*", type=pathlib.Path, default=[pathlib.Path(__file__).parent])
    arguments = parser.parse_args()
    program = arguments.lodestone.resolve()
    scripts = sorted(path for given in arguments.scripts
                     for path in ([given] if given.is_file() else given.rglob("*.test")))
    if not scripts:
        sys.exit("run_scripts: no scripts found")

    failed = 0
    with concurrent.futures.ThreadPoolExecutor(arguments.jobs) as pool:
        runs = {path: pool.submit(run_script, path, program, arguments.rewrite) for path in scripts}
        for path, run in runs.items():
            try:
                difference = run.result()
            except (ValueError, subprocess.TimeoutExpired, OSError) as error:
                difference = f"{path}: {error}"
            if difference:
                failed += 1
                print(difference + "\n")
    if arguments.rewrite:
        print(f"{failed} of {len(scripts)} scripts rewritten")
        return 0
    print(f"{len(scripts) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
