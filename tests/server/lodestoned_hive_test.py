#!/usr/bin/env python3
"""`lodestoned --hive` from outside: how it starts and stops, who comes in, and where folders go.

usage: lodestoned_hive_test.py --lodestone PROGRAM --lodestoned PROGRAM
"""
import json
import pathlib
import re
import signal
import subprocess
import unittest
import urllib.request

from hive_case import HiveCase
from hive_wire import Client, Failure, Long
from program_case import ARGUMENTS, main


class StartTest(HiveCase):
    def test_makes_the_store_with_default_under_the_warehouse(self):
        client = self.connect(self.start_hive("--insecure-no-auth")["thrift"])
        self.assertEqual(client.call("set_ugi", "ana", ["staff"]), ["staff", "ana"])
        self.assertEqual(client.call("get_all_databases"), ["default"])
        self.assertEqual(client.call("get_database", "default")[3], f"file:{self.warehouse}")
        self.assertEqual(client.call("get_config_value", "hive.metastore.warehouse.dir", ""), f"file:{self.warehouse}")

    def test_databases_have_folders_and_the_client_as_owner(self):
        client = self.connect(self.start_hive("--insecure-no-auth")["thrift"])
        client.call("set_ugi", "ana", ["staff"])
        client.call("create_database", [(1, "web")])
        self.assertTrue((self.warehouse / "web.db").is_dir())
        self.assertEqual(client.call("get_database", "web")[6], "ana")
        with self.assertRaises(Failure) as failure:
            client.call("create_database", [(1, "web")])
        self.assertEqual(failure.exception.field, 1)
        client.call("drop_database", "web", True, False)
        self.assertFalse((self.warehouse / "web.db").exists())

    def test_folders_outside_of_the_warehouse_need_a_permitted_root(self):
        outside = self.root / "outside"
        client = self.connect(self.start_hive("--insecure-no-auth")["thrift"])
        with self.assertRaises(Failure):
            client.call("create_database", [(1, "web"), (3, f"file:{outside}/web")])
        self.assertEqual(client.call("get_all_databases"), ["default"])
        self.assertFalse(outside.exists())
        self.server.terminate()
        self.server.wait(timeout=30)
        client = self.connect(self.start_hive("--insecure-no-auth", "--permitted-root", str(outside))["thrift"])
        client.call("create_database", [(1, "web"), (3, f"file:{outside}/web")])
        self.assertTrue((outside / "web").is_dir())

    def test_exit_status_tells_why_it_does_not_start(self):
        self.lodestone("database", "create", "web")
        base = ("--store", self.store)
        for options, status, text in (
                ((*base, "--hive", "nowhere"), 2, "--hive: expected an IP address and a port"),
                ((*base, "--hive", "0.0.0.0:0", "--insecure-no-auth"), 2, "--hive only on a loopback address"),
                ((*base, "--trash", "/tmp/trash", "--insecure-no-auth"), 2, "--trash and --hive-admin need --hive"),
                ((*base, "--hive", "127.0.0.1:0", "--trash", "relative"), 2, "expected an absolute path"),
                ((*base, "--hive", "127.0.0.1:0", "--hive-max-partitions", "-2"), 2, "--hive-max-partitions"),
                ((*base, "--hive", "127.0.0.1:0"), 1, "no accounts"),
        ):
            with self.subTest(options):
                done = subprocess.run([ARGUMENTS.lodestoned, *options], capture_output=True, text=True, timeout=60,
                                      check=False)
                self.assertEqual(done.returncode, status, done.stderr)
                self.assertIn(text, done.stderr)
                self.assertEqual(done.stdout, "")

    def test_http_and_hive_together_share_store_and_figures(self):
        found = self.start_hive("--insecure-no-auth", "--http", "127.0.0.1:0", listeners=2)
        client = self.connect(found["thrift"])
        client.call("create_database", [(1, "web")])
        with self.assertRaises(Failure):
            client.call("no_such_call")
        with urllib.request.urlopen(f"http://{found['http']}/metrics", timeout=30) as answer:
            text = answer.read().decode()
        self.assertIn('lodestone_hive_requests_total{adapter="hive",call="create_database",outcome="ok"} 1\n', text)
        self.assertIn('lodestone_hive_requests_total{adapter="hive",call="unknown",outcome="UNKNOWN_METHOD"} 1\n', text)
        self.assertIn("lodestone_hive_connections 1\n", text)
        self.assertIn("lodestone_store_databases 2\n", text)

    def test_sigterm_ends_connections_and_the_log_has_a_line_per_call(self):
        client = self.connect(self.start_hive("--insecure-no-auth")["thrift"])
        client.call("set_ugi", "ana", [])
        client.call("getName")
        self.server.send_signal(signal.SIGTERM)
        self.assertEqual(self.server.wait(timeout=30), 0)
        with self.assertRaises(EOFError):
            client.call("getName")
        lines = [json.loads(line) for line in (self.root / "server.log").read_text(encoding="utf-8").splitlines()]
        calls = [line for line in lines if line["event"] == "request"]
        self.assertEqual([line["call"] for line in calls], ["set_ugi", "getName"])
        self.assertEqual((calls[1]["adapter"], calls[1]["principal"], calls[1]["outcome"]), ("hive", "ana", "ok"))
        self.assertEqual(lines[-1]["requests"], "all were answered")

    def test_what_a_killed_server_did_not_come_to_delete_the_next_one_deletes(self):
        client = self.connect(self.start_hive("--insecure-no-auth")["thrift"])
        client.call("create_database", [(1, "web")])
        folder = self.warehouse / "web.db"
        for i in range(3000):
            (folder / f"t/k={i}").mkdir(parents=True)
            (folder / f"t/k={i}/file").touch()
        client.call("drop_database", "web", True, False)
        self.server.kill()
        self.server.wait(timeout=30)
        self.assertFalse(folder.exists())
        self.start_hive("--insecure-no-auth")
        self.server.terminate()
        self.assertEqual(self.server.wait(timeout=60), 0)
        self.assertEqual(list(self.warehouse.iterdir()), [])

    def test_options_can_stand_in_a_file(self):
        file = self.root / "server.toml"
        file.write_text(f'store = "{self.store}"\nhive = "127.0.0.1:0"\nwarehouse = "file:{self.warehouse}"\n'
                        'insecure-no-auth = true\nhive-admin = ["ana", "bob"]\nhive-max-partitions = 5\n'
                        f'trash = "{self.root}/trash"\n', encoding="utf-8")
        self.server = subprocess.Popen([ARGUMENTS.lodestoned, "--config", str(file)], stdout=subprocess.PIPE,
                                       stderr=subprocess.DEVNULL, text=True)
        self.addCleanup(self.server.stdout.close)
        self.addCleanup(self.stop_server)
        address = re.search(r"thrift://(\S+)", self.server.stdout.readline()).group(1)
        client = self.connect(address)
        self.assertEqual(client.call("get_config_value", "metastore.limit.partition.request", ""), "5")


class TransactionTest(HiveCase):
    def restart(self):
        self.server.terminate()
        self.assertEqual(self.server.wait(timeout=30), 0)
        return self.connect(self.start_hive("--insecure-no-auth")["thrift"])

    @staticmethod
    def valid_write_ids(client, table="web.hits"):
        """(high-water mark, what is invalid, bits of the aborted) of a reader outside of any transaction."""
        [answer] = client.call("get_valid_write_ids", [(1, [table])])[1]
        return answer[2], answer[3], answer[5]

    def test_transactions_and_write_ids_outlive_the_server(self):
        client = self.connect(self.start_hive("--insecure-no-auth")["thrift"])
        opened = client.call("open_txns", [(1, 3), (2, "ana"), (3, "host1"), (4, "writer")])
        self.assertEqual(opened, {1: [1, 2, 3]})
        allocated = client.call("allocate_table_write_ids", [(1, "web"), (2, "hits"), (3, [Long(1), Long(2), Long(3)])])
        self.assertEqual(allocated, {1: [{1: 1, 2: 1}, {1: 2, 2: 2}, {1: 3, 2: 3}]})
        client.call("abort_txn", [(1, Long(2))])
        self.assertEqual(self.valid_write_ids(client), (3, [1, 2, 3], "\2"))

        client = self.restart()
        client.call("commit_txn", [(1, Long(1))])
        self.assertEqual(self.valid_write_ids(client), (3, [2, 3], "\1"))
        with self.assertRaises(Failure) as failure:
            client.call("commit_txn", [(1, Long(2))])
        self.assertEqual(failure.exception.field, 2)
        with self.assertRaises(Failure) as failure:
            client.call("commit_txn", [(1, Long(99))])
        self.assertEqual(failure.exception.field, 1)
        answer = client.call("heartbeat_txn_range", [(1, Long(1)), (2, Long(3))])
        self.assertEqual(answer, {1: [2], 2: [1]})
        # Ids go on where they were.
        self.assertEqual(client.call("open_txns", [(1, 1), (2, "ana"), (3, "host1")]), {1: [4]})
        self.assertEqual(client.call("get_open_txns")[2], [2, 3, 4])
        with self.assertRaises(Failure) as failure:
            client.call("get_latest_txnid_in_conflict", Long(4))
        self.assertIn("Invalid method name", str(failure.exception))

    def test_what_clients_change_others_hear_of(self):
        client = self.connect(self.start_hive("--insecure-no-auth")["thrift"])
        before = client.call("get_current_notificationEventId")[1]
        client.call("create_database", [(1, "web")])
        descriptor = [(1, [[(1, "id"), (2, "bigint")]]), (7, [(2, "example.SerDe")])]
        client.call("create_table", [(1, "hits"), (2, "web"), (7, descriptor), (12, "MANAGED_TABLE")])
        client.call("drop_table", "web", "hits", True)
        client = self.restart()
        events = client.call("get_next_notification", [(1, Long(before))])[1]
        self.assertEqual([(event[1] - before, event[3], event[4], event.get(5)) for event in events],
                         [(1, "CREATE_DATABASE", "web", None), (2, "CREATE_TABLE", "web", "hits"),
                          (3, "DROP_TABLE", "web", "hits")])
        for event in events:
            self.assertEqual((event[7], event[8]), ("json-0.2", "hive"))
            message = json.loads(event[6])
            self.assertEqual((message["db"], message.get("table")), ("web", event.get(5)))
            self.assertEqual(message["timestamp"], event[2])
        self.assertEqual(client.call("get_current_notificationEventId")[1], before + 3)
        answer = client.call("get_notification_events_count", [(1, Long(before + 1)), (2, "web")])
        self.assertEqual(answer, {1: 2})
        [last] = client.call("get_next_notification", [(1, Long(before)), (3, ["CREATE_DATABASE", "CREATE_TABLE"])])[1]
        self.assertEqual(last[1], before + 3)


class AuthenticationTest(HiveCase):
    def test_keys_and_tokens_come_in_and_privileges_hold(self):
        key = self.make_account("ana")
        self.make_account("bob")
        token = self.make_token("bob")
        address = self.start_hive("--hive-admin", "ana")["thrift"]
        ana = self.connect(address, key)
        ana.call("set_ugi", "somebody", [])
        ana.call("create_database", [(1, "web")])
        self.assertEqual(ana.call("get_database", "web")[6], "ana")
        bob = self.connect(address, ("bob", token))
        with self.assertRaises(Failure) as failure:
            bob.call("create_database", [(1, "more")])
        self.assertEqual(failure.exception.field, 3)
        # What is not to be seen is not there, nor to be told from what is not there.
        self.assertNotIn("web", bob.call("get_all_databases"))
        for name in ("web", "nodb"):
            with self.assertRaises(Failure) as failure:
                bob.call("get_database", name)
            self.assertEqual((failure.exception.field, str(failure.exception)), (1, f"database hive.{name}"))
        for wrong in (("bob", "no"), ("ana", token), (key[0], "no")):
            with self.assertRaises(PermissionError):
                Client(address, wrong)
        stranger = self.connect(address)
        with self.assertRaises(Failure) as failure:
            stranger.call("get_all_databases")
        self.assertIn("SASL PLAIN", str(failure.exception))

    def test_grants_over_the_wire_decide_what_others_may_read(self):
        address = self.start_for("ana", "bob", "carl")
        ana, bob, carl = (self.connect(address, (name, self.tokens[name])) for name in ("ana", "bob", "carl"))
        ana.call("create_database", [(1, "web")])
        ana.call("create_table", [(1, "hits"), (2, "web"), (7, [(1, [[(1, "id"), (2, "bigint")]]), (7, [(1, "x")])])])
        table = [(1, 3), (2, "web"), (3, "hits")]
        user, role = 1, 2

        def bag(word, to, kind, option=False):
            return [(1, [[(1, table), (2, to), (3, kind), (4, [(1, word), (2, 0), (3, "zoe"), (4, user), (5, option)])]])]

        def reads(client):
            try:
                return client.call("get_table", "web", "hits")[1] == "hits"
            except Failure as failure:
                self.assertEqual((failure.field, str(failure)), (2, "hive.web.hits table not found"))
                return False

        self.assertEqual((reads(ana), reads(bob), reads(carl)), (True, False, False))
        # To bob with grant option, who passes it on to a role that carl has.
        self.assertTrue(ana.call("create_role", [(1, "readers"), (2, 0)]))
        self.assertTrue(ana.call("grant_role", "readers", "carl", user, "ana", user, False))
        self.assertTrue(ana.call("grant_privileges", bag("SELECT", "bob", user, True)))
        self.assertEqual((reads(bob), reads(carl)), (True, False))
        self.assertTrue(bob.call("grant_privileges", bag("SELECT", "readers", role)))
        self.assertTrue(reads(carl))
        rows = ana.call("list_privileges", None, None, table)
        # An administrator grants on behalf of others, and nobody else does.
        self.assertEqual(sorted((row[2], row[4][1], row[4][3], row[4][5]) for row in rows),
                         [("bob", "SELECT", "zoe", True), ("readers", "SELECT", "bob", False)])
        held = carl.call("get_privilege_set", table, "carl", None)
        self.assertEqual(held[1], {"carl": []})
        self.assertEqual([info[1] for info in held[3]["readers"]], ["SELECT"])
        roles = carl.call("get_role_grants_for_principal", [(1, "carl"), (2, user)])[1]
        self.assertEqual([grant[1] for grant in roles], ["readers", "public"])
        for client, call, arguments in ((carl, "grant_privileges", (bag("SELECT", "dora", user),)),
                                        (bob, "create_role", ([(1, "mine"), (2, 0)],)),
                                        (bob, "list_roles", ("carl", user)),
                                        (ana, "drop_role", ("admin",))):
            with self.subTest(call), self.assertRaises(Failure) as failure:
                client.call(call, *arguments)
            self.assertEqual(failure.exception.field, 1)
        # With the grant option goes what was granted by virtue of it.
        self.assertEqual(ana.call("grant_revoke_privileges", [(1, 2), (2, bag("SELECT", "bob", user)), (3, True)]),
                         {1: True})
        self.assertEqual((reads(bob), reads(carl)), (True, False))
        self.assertEqual(ana.call("refresh_privileges", table, "SQL", [(1, 1), (2, bag("SELECT", "readers", role))]),
                         {1: True})
        self.assertEqual((reads(bob), reads(carl)), (False, True))
        self.assertTrue(ana.call("drop_role", "readers"))
        self.assertFalse(reads(carl))

    def start_for(self, *names):
        """Starts it with an account for each, of whom the first one is an administrator."""
        self.tokens = {}
        for name in names:
            self.make_account(name)
            self.tokens[name] = self.make_token(name)
        return self.start_hive("--hive-admin", names[0])["thrift"]

    def test_a_missing_store_is_not_made_where_accounts_are_needed(self):
        missing = str(self.root / "missing")
        done = subprocess.run([ARGUMENTS.lodestoned, "--store", missing, "--hive", "127.0.0.1:0"], capture_output=True,
                              text=True, timeout=60, check=False)
        self.assertEqual(done.returncode, 3)
        self.assertFalse(pathlib.Path(missing).exists())


if __name__ == "__main__":
    main(__doc__, "--lodestoned")
