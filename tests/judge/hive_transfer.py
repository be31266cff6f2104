#!/usr/bin/env python3
"""Moves what Hive's own metastore holds into a store, and from there into another metastore of Hive's; each of the three is
read by the same calls, and has to answer as the first.

Exit status 0: they do.

usage: hive_transfer.py --lodestone PROGRAM --lodestoned PROGRAM --stubs DIR --classpath FILE
  as of hive_judge.py
"""
import argparse
import json
import pathlib
import subprocess
import sys
import tempfile

import hive_judge

# A metastore says of what it made itself, and by whom; of that a copy has its own.
OWN_FIELDS = {"grantor", "grantorName", "grantorType", "authorizer"}
OWN_PARAMETERS = {"numFiles", "totalSize", "numFilesErasureCoded", "COLUMN_STATS_ACCURATE", "bucketing_version"}


def common(value):
    """Without what each server says of its own."""
    if isinstance(value, dict):
        return {key: common(item) for key, item in value.items() if key not in OWN_FIELDS | OWN_PARAMETERS}
    return [common(item) for item in value] if isinstance(value, list) else value


def read_from(port, warehouse):
    import transfer_content
    client = hive_judge.Client(port, warehouse)
    return {label: common(answer) for label, answer in transfer_content.read(client.ask)}


def move(program, store, *arguments):
    done = subprocess.run([program, "--store", store, *arguments, "-o", "json"], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"hive_transfer: {arguments[0]} ended with {done.returncode}: {done.stderr}")
    rows = json.loads(done.stdout)
    print(f"{arguments[0]}: " + ", ".join(f"{row.get('added', 0)} {row['kind']}" for row in rows))
    left = [row for row in rows if row.get("left_out") or row.get("different")]
    return [f"{' '.join(arguments)}: {row}" for row in left] + (done.stderr.splitlines() if left else [])


def compare(name, expected, found):
    lines = []
    for label, answer in expected.items():
        if found.get(label) != answer:
            lines.append(f"{name}: {label}\n  hive  {json.dumps(answer, ensure_ascii=False)[:3000]}\n"
                         f"  there {json.dumps(found.get(label), ensure_ascii=False)[:3000]}")
    return lines


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for option in ("--lodestone", "--lodestoned", "--stubs", "--classpath"):
        parser.add_argument(option, required=True)
    arguments = parser.parse_args()
    sys.path[:0] = [arguments.stubs, str(hive_judge.HERE)]
    import transfer_content
    differences = []
    with hive_judge.running(hive_judge.start_hive, arguments.classpath) as (root, port):
        transfer_content.fill(hive_judge.Client(port, root / "warehouse").ask, root / "warehouse")
        expected = read_from(port, root / "warehouse")
        differences += [f"the metastore refused: {label}: {answer}" for label, answer in expected.items()
                        if isinstance(answer, dict) and "!" in answer]
        with tempfile.TemporaryDirectory() as folder:
            store = str(pathlib.Path(folder) / "store")
            import_it = ("import", "--hive", f"127.0.0.1:{port}")
            differences += move(arguments.lodestone, store, *import_it)
            differences += move(arguments.lodestone, store, *import_it, "--update")
            served = lambda own: hive_judge.start_lodestone(own, arguments.lodestoned, store)
            with hive_judge.running(served) as (_, own_port):
                differences += compare("the store", expected, read_from(own_port, root / "warehouse"))
            with hive_judge.running(hive_judge.start_hive, arguments.classpath) as (_, other_port):
                differences += move(arguments.lodestone, store, "export", "--hive", f"127.0.0.1:{other_port}")
                differences += compare("the other metastore", expected, read_from(other_port, root / "warehouse"))
    print("\n".join(differences))
    print(f"\n{len(expected)} answers of each, {len(differences)} differences")
    sys.exit(1 if differences else 0)


if __name__ == "__main__":
    main()
