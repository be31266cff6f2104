#!/usr/bin/env python3
"""Makes the same calls to Hive's own metastore and to lodestoned, and compares the answers.

Exit status 0: they agree, but for the deviations that deviations.tsv lists with their reasons.

usage: hive_judge.py --lodestoned PROGRAM --stubs DIR [--classpath FILE --classpath-of-3 FILE [--record]]
                     [--only FAMILY] [--diffs FILE]
  --stubs        a folder with the Python client that thrift generated from bindings/hive/idl
  --classpath    a file with the class path of the real metastore 4.0.1 (scripts/judge-hive makes it). Without: against
                 what it answered when answers.json.gz was recorded
  --classpath-of-3   of the metastore 3.1.3, which is asked about events: the listener that writes them is not in
                 Maven Central for 4.0.1, and its messages there are of another format
  --record       keep its answers
  --diffs        a file for all that deviates, as JSON
"""
import argparse
import contextlib
import fnmatch
import gzip
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import time

from ports import free_port, wait_for

HERE = pathlib.Path(__file__).resolve().parent
ANSWERS = HERE / "answers.json.gz"
# What can't agree between two servers, or two runs.
VOLATILE_FIELDS = {"createTime", "id", "writeId", "creationMetadata", "lastAccessTime", "grantTime"}
VOLATILE_PARAMETERS = {"transient_lastDdlTime", "createdOn"}


def start_hive(root, classpath):
    """Hive's metastore over Derby, with its table transformer off, and with tables for transactions."""
    jars = pathlib.Path(classpath).read_text(encoding="utf-8").strip()
    subprocess.run(["java", "-cp", jars, str(HERE / "DerbyTables.java"), f"jdbc:derby:;databaseName={root}/derby;create=true",
                    str(HERE / "transactions.sql")], cwd=root, check=True)
    return run_hive(root, jars, {"metastore.metadata.transformer.class": " "})


def start_hive_3(root, classpath):
    """The one of 3.1.3, with the listener that writes down what happens."""
    return run_hive(root, pathlib.Path(classpath).read_text(encoding="utf-8").strip(), {
        "metastore.transactional.event.listeners": "org.apache.hive.hcatalog.listener.DbNotificationListener",
        "metastore.expression.proxy": "org.apache.hadoop.hive.metastore.DefaultPartitionExpressionProxy",
        "metastore.task.threads.always": "org.apache.hadoop.hive.metastore.events.EventCleanerTask",
        "metastore.metastore.event.db.notification.api.auth": "false"})


def run_hive(root, jars, more):
    port = free_port()
    settings = {"metastore.warehouse.dir": f"file:{root}/warehouse", "metastore.schema.verification": "false",
                "javax.jdo.option.ConnectionURL": f"jdbc:derby:;databaseName={root}/derby;create=true",
                "javax.jdo.option.ConnectionDriverName": "org.apache.derby.jdbc.EmbeddedDriver",
                "datanucleus.schema.autoCreateAll": "true", **more}
    rows = "".join(f"<property><name>{name}</name><value>{value}</value></property>" for name, value in settings.items())
    (root / "metastore-site.xml").write_text(f"<configuration>{rows}</configuration>", encoding="utf-8")
    log = open(root / "server.log", "w", encoding="utf-8")
    process = subprocess.Popen(["java", "-cp", f"{root}:{jars}", f"-Dderby.stream.error.file={root}/derby.log",
                                "org.apache.hadoop.hive.metastore.HiveMetaStore", "-p", str(port)],
                               stdout=log, stderr=subprocess.STDOUT, cwd=root)
    wait_for(port, process, root / "server.log")
    return process, port


def start_lodestone(root, program, store=None):
    process = subprocess.Popen([program, "--store", str(store or root / "store"), "--hive", "127.0.0.1:0", "--warehouse",
                                f"file:{root}/warehouse", "--insecure-no-auth"], stdout=subprocess.PIPE, text=True,
                               stderr=open(root / "server.log", "w", encoding="utf-8"))
    found = re.search(r"thrift://[^:\s]+:(\d+)", process.stdout.readline())
    if not found:
        sys.exit(f"hive_judge: lodestoned did not start, see {root}/server.log")
    return process, int(found.group(1))


@contextlib.contextmanager
def running(start, *arguments):
    """(folder, port) of a server in a folder of its own."""
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder).resolve()
        (root / "warehouse").mkdir()
        process, port = start(root, *arguments)
        try:
            yield root, port
        finally:
            process.terminate()
            process.wait()


class Client:
    """One connection, and answers in plain values."""

    def __init__(self, port, warehouse):
        from hive_thrift.hive_metastore import ThriftHiveMetastore
        from hive_thrift.transactions.ttypes import TxnInfo, TxnToWriteId
        from thrift.protocol.TBinaryProtocol import TBinaryProtocol
        from thrift.transport.TSocket import TSocket
        from thrift.transport.TTransport import TBufferedTransport
        self.transport = TBufferedTransport(TSocket("127.0.0.1", port))
        self.transport.open()
        self.calls = ThriftHiveMetastore.Client(TBinaryProtocol(self.transport))
        self.warehouse = str(warehouse)
        self.ids = {TxnInfo, TxnToWriteId}  # what is made of ids: its family tells them from their beginning
        self.calls.set_ugi("ann", ["staff"])

    def ask(self, call, *arguments):
        from thrift.Thrift import TException
        try:
            return self.plain(getattr(self.calls, call)(*arguments))
        except TException as failure:
            text = getattr(failure, "message", None) or ""
            return {"!": type(failure).__name__, "text": self.plain(text.split("\n")[0])}

    def plain(self, value, field=""):
        if isinstance(value, (list, tuple)):
            return [self.plain(item) for item in value]
        if isinstance(value, set):
            return sorted(self.plain(item) for item in value)
        if isinstance(value, dict):
            return {str(key): self.plain(item) for key, item in sorted(value.items()) if key not in VOLATILE_PARAMETERS}
        if isinstance(value, str):
            return re.sub("file:/+", "file:/", value.replace(self.warehouse, "/WAREHOUSE"))
        if isinstance(value, bytes):
            return value.hex()
        if hasattr(value, "thrift_spec"):
            return {name: self.plain(item) for name, item in sorted(vars(value).items())
                    if item is not None and (name not in VOLATILE_FIELDS or type(value) in self.ids)}
        return value


def answers(port, root, families):
    client = Client(port, root / "warehouse")
    for family in families:
        for label, answer in family(client.ask, root / "warehouse"):
            yield f"{family.__name__}: {label}", client.plain(answer)


def ask_all(name, start, program, families):
    """The answers of a server that is started for them, by label."""
    if not families:
        return {}
    with running(start, program) as (root, port):
        began = time.monotonic()
        found = dict(answers(port, root, families))
    print(f"{name}: {len(found)} answers in {time.monotonic() - began:.1f} s")
    return found


def families_of(only):
    """The families that Hive's 4.0.1 is asked, and those that its 3.1.3 is asked."""
    import calls
    import event_calls
    import guard_calls
    import projection_calls
    import transaction_calls
    wanted = lambda families: [family for family in families if only in (None, family.__name__)]
    return wanted((*calls.FAMILIES, *guard_calls.FAMILIES, *transaction_calls.FAMILIES,
                   *projection_calls.FAMILIES)), wanted(event_calls.FAMILIES)


def read_deviations():
    """(pattern of labels, reason), in the order of the file."""
    rows = (HERE / "deviations.tsv").read_text(encoding="utf-8").splitlines()
    return [tuple(row.split("\t", 1)) for row in rows if row and not row.startswith("#")]


def same_exception(one, other):
    return all(isinstance(answer, dict) and "!" in answer for answer in (one, other)) and one["!"] == other["!"]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for option in ("--lodestoned", "--stubs"):
        parser.add_argument(option, required=True)
    for option in ("--lodestone", "--classpath", "--classpath-of-3", "--only", "--diffs"):
        parser.add_argument(option)
    parser.add_argument("--record", action="store_true")
    arguments = parser.parse_args()
    try:
        import thrift  # noqa: F401
    except ImportError:
        print("skipped: Python's thrift is not installed (scripts/install-deps --with-tests)")
        sys.exit(77)
    sys.path[:0] = [arguments.stubs, str(HERE)]
    families, families_of_3 = families_of(arguments.only)
    found = {"lodestone": ask_all("lodestone", start_lodestone, arguments.lodestoned, families + families_of_3)}
    if arguments.classpath:
        found["hive"] = ask_all("hive", start_hive, arguments.classpath, families)
        found["hive"] |= ask_all("hive 3", start_hive_3, arguments.classpath_of_3, families_of_3)
        if arguments.record:
            kept = json.loads(gzip.decompress(ANSWERS.read_bytes())) if arguments.only else {}
            kept = {label: answer for label, answer in kept.items() if not label.startswith(f"{arguments.only}: ")}
            ANSWERS.write_bytes(gzip.compress(json.dumps(kept | found["hive"], indent=0, sort_keys=True).encode(), mtime=0))
    else:
        recorded = json.loads(gzip.decompress(ANSWERS.read_bytes()))
        found["hive"] = {label: answer for label, answer in recorded.items() if label in found["lodestone"] or not arguments.only}
    deviations = read_deviations()
    met, diffs = set(), []
    for label, expected in found["hive"].items():
        got = found["lodestone"].get(label, "not asked")
        if got == expected:
            continue
        matching = [pattern for pattern, reason in deviations if fnmatch.fnmatchcase(label, pattern) and
                    (not reason.startswith("words") or same_exception(got, expected))]
        met.update(matching)
        if not matching:
            diffs.append({"label": label, "hive": expected, "lodestone": got})
    for diff in diffs[:40]:
        print(f"\n{diff['label']}\n  hive      {json.dumps(diff['hive'])[:1500]}\n  lodestone {json.dumps(diff['lodestone'])[:1500]}")
    if arguments.diffs:
        pathlib.Path(arguments.diffs).write_text(json.dumps(diffs, indent=1), encoding="utf-8")
    stale = [pattern for pattern, _ in deviations if pattern not in met and
             (not arguments.only or pattern.startswith(arguments.only))]
    for pattern in stale:
        print(f"deviations.tsv: nothing deviates as {pattern} any more")
    print(f"\n{len(found['hive'])} answers, {len(diffs)} deviate unlisted, {len(met)} of {len(deviations)} listed deviations met")
    sys.exit(1 if diffs or stale else 0)


if __name__ == "__main__":
    main()
