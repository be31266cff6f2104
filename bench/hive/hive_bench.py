#!/usr/bin/env python3
"""The same client program against Hive's own metastore 4.0.1 over PostgreSQL and against lodestoned, one after the other,
and the ratios: how many times less wall time at the client, and CPU time of the server with its database.

usage: hive_bench.py --lodestoned PROGRAM --classpath FILE --classes DIR [--partitions N]... [--json FILE]
"""
import argparse
import contextlib
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

from ports import free_port, wait_for

POSTGRES = pathlib.Path("/usr/lib/postgresql/15/bin")


def say(text):
    print(text, file=sys.stderr, flush=True)


@contextlib.contextmanager
def running(command, port, log, **options):
    with open(log, "w", encoding="utf-8") as out:
        process = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT, **options)
    try:
        wait_for(port, process, log)
        yield process.pid
    finally:
        process.terminate()
        process.wait()


@contextlib.contextmanager
def postgres(root):
    """A cluster of its own: (pid, port). PostgreSQL refuses to run as root."""
    user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    folder, port = root / "postgres", free_port()
    folder.mkdir()
    if user:
        shutil.chown(folder, "postgres")
    subprocess.run([*user, POSTGRES / "initdb", "-D", folder / "data", "-U", "hive", "-A", "trust", "-E", "UTF8",
                    "--locale=C"], check=True, stdout=subprocess.DEVNULL, cwd="/")
    command = [*user, POSTGRES / "postgres", "-D", folder / "data", "-p", str(port), "-k", folder]
    with running(command, port, root / "postgres.log", cwd="/"):
        subprocess.run([POSTGRES / "createdb", "-h", "127.0.0.1", "-p", str(port), "-U", "hive", "metastore"], check=True)
        yield int((folder / "data" / "postmaster.pid").read_text(encoding="utf-8").split()[0]), port


@contextlib.contextmanager
def hive(root, classpath):
    """Hive's metastore as it is set up by default, its pool of connections included: (port, pids)."""
    with postgres(root) as (database, database_port):
        port = free_port()
        settings = {"metastore.warehouse.dir": f"file:{root}/warehouse", "metastore.schema.verification": "false",
                    "javax.jdo.option.ConnectionURL": f"jdbc:postgresql://127.0.0.1:{database_port}/metastore",
                    "javax.jdo.option.ConnectionDriverName": "org.postgresql.Driver",
                    "javax.jdo.option.ConnectionUserName": "hive", "javax.jdo.option.ConnectionPassword": "hive",
                    "datanucleus.schema.autoCreateAll": "true"}
        rows = "".join(f"<property><name>{name}</name><value>{value}</value></property>" for name, value in settings.items())
        (root / "metastore-site.xml").write_text(f"<configuration>{rows}</configuration>", encoding="utf-8")
        command = ["java", "-Xmx4g", "-cp", f"{root}:{classpath}", "org.apache.hadoop.hive.metastore.HiveMetaStore", "-p",
                   str(port)]
        with running(command, port, root / "hive.log", cwd=root) as pid:
            yield port, [pid, database]


@contextlib.contextmanager
def lodestone(root, program):
    port = free_port()
    command = [program, "--store", root / "store", "--hive", f"127.0.0.1:{port}", "--warehouse", f"file:{root}/warehouse",
               "--insecure-no-auth"]
    with running(command, port, root / "lodestoned.log") as pid:
        yield port, [pid]


def rows_of(name, server, classpath, partitions):
    """What the client program prints: {row: figures}."""
    figures = {}
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder).resolve()
        root.chmod(0o755)
        (root / "warehouse").mkdir()
        with server(root) as (port, pids):
            client = subprocess.Popen(["java", "-Xmx4g", "-cp", classpath, "HiveBench", "127.0.0.1", str(port),
                                       str(partitions), ",".join(map(str, pids))], stdout=subprocess.PIPE, text=True)
            for line in client.stdout:
                row = json.loads(line)
                figures[row.pop("row")] = row
                say(f"{name}, {partitions:,} partitions: {line.strip()}")
            if client.wait() != 0:
                sys.exit(f"bench-hive: the client failed against {name}")
    return figures


def ratio(slow, fast):
    """A bound where less than a tick of the clock was seen."""
    return f"{slow / fast:,.1f}" if fast > 0 else f"> {slow / 10:,.0f}"


def print_table(partitions, theirs, ours):
    print(f"\n{partitions:,} partitions of 3 keys and 20 columns; milliseconds a call\n")
    print(f"{'':32}{'Hive':>12}{'Lodestone':>12}{'ratio':>9}   {'Hive CPU':>12}{'Lodestone':>12}{'ratio':>9}")
    for row, their in theirs.items():
        our = ours[row]
        cells = [f"{row:32}"]
        for kind in ("wall_ms", "cpu_ms"):
            times = f"{their[kind] / our[kind]:,.1f}" if kind == "wall_ms" else ratio(their[kind], our[kind])
            cells.append(f"{their[kind] / their['calls']:12,.3f}{our[kind] / our['calls']:12,.3f}{times:>9}")
        print("   ".join(cells).replace("   ", "", 1))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for option in ("--lodestoned", "--classpath", "--classes"):
        parser.add_argument(option, required=True)
    parser.add_argument("--partitions", type=int, action="append")
    parser.add_argument("--json")
    arguments = parser.parse_args()
    jars = pathlib.Path(arguments.classpath).read_text(encoding="utf-8").strip()
    classpath = f"{arguments.classes}:{jars}"
    found = {}
    for partitions in arguments.partitions or [10000, 100000]:
        ours = rows_of("Lodestone", lambda root: lodestone(root, arguments.lodestoned), classpath, partitions)
        theirs = rows_of("Hive", lambda root: hive(root, jars), classpath, partitions)
        found[partitions] = {"lodestone": ours, "hive": theirs}
        print_table(partitions, theirs, ours)
    if arguments.json:
        pathlib.Path(arguments.json).write_text(json.dumps(found, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
