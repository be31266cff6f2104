#!/usr/bin/env python3
"""The server `lodestoned` from outside: how it starts and stops, what it prints, logs and counts, and what it reads again.

usage: lodestoned_test.py --lodestone PROGRAM --lodestoned PROGRAM
"""
import http.client
import json
import pathlib
import re
import shutil
import signal
import socket
import ssl
import subprocess
import time
import unittest
import urllib.parse
import urllib.request

from dla_calls import Dla, signed_query
from program_case import ARGUMENTS, main
from server_case import ServerCase


def fetch(url, **options):
    """(status, headers, text), also of failures."""
    request = urllib.request.Request(url, **options)
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, answer.headers, answer.read().decode()
    except urllib.error.HTTPError as failure:
        return failure.code, failure.headers, failure.read().decode()


class StartTest(ServerCase):
    def run_server(self, *options):
        return subprocess.run([ARGUMENTS.lodestoned, *options], capture_output=True, text=True, timeout=60, check=False)

    def test_exit_status_tells_why_it_does_not_start(self):
        self.lodestone("database", "create", "web")
        taken = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(taken.close)
        port = taken.getsockname()[1]
        missing = str(self.root / "missing")
        (self.root / "bad.toml").write_text("no-such-option = 1\n", encoding="utf-8")
        (self.root / "garbage.pem").write_text("garbage\n", encoding="utf-8")
        garbage = str(self.root / "garbage.pem")
        insecure = ("--store", self.store, "--insecure-no-auth")
        for options, status, text in (
                ((), 2, "either --store or --demo"),
                (("--demo", "--store", self.store), 2, "either --store or --demo"),
                (("--store", self.store, "--http", "nowhere"), 2, "--http: expected an IP address and a port"),
                (("--store", self.store, "--http", "127.0.0.1:65536"), 2, "--http: expected an IP address and a port"),
                (("--store", self.store, "--rate", "-1"), 2, "--rate"),
                (("--store", self.store, "--idle-timeout", "5"), 2, "--idle-timeout"),
                (("--store", self.store, "--no-such-option"), 2, "--no-such-option"),
                (("--store", self.store, "--config", str(self.root / "bad.toml")), 2, "no-such-option"),
                (("--store", self.store, "--config", missing), 2, "missing"),
                (("--store", self.store, "--tls-cert", garbage), 2, "--tls-cert and --tls-key go together"),
                (("--store", self.store, "--permitted-root", "relative"), 2, "expected an absolute path"),
                ((*insecure, "--http", "0.0.0.0:0"), 2, "only on a loopback address"),
                (("--store", missing), 3, ""),
                (("--store", self.store), 1, "no accounts"),
                ((*insecure, "--http", f"127.0.0.1:{port}"), 1, f"can't listen on 127.0.0.1:{port}"),
                ((*insecure, "--tls-cert", garbage, "--tls-key", garbage), 1, "TLS certificate"),
                ((*insecure, "--audit", "/nowhere/at/all"), 1, "/nowhere/at/all"),
        ):
            with self.subTest(options):
                done = self.run_server(*options)
                self.assertEqual(done.returncode, status, done.stderr)
                self.assertIn(text, done.stderr)
                self.assertEqual(done.stdout, "")
        self.assertFalse(pathlib.Path(missing).exists())

    def test_help_and_version(self):
        done = self.run_server("--help")
        self.assertEqual(done.returncode, 0)
        for option in ("--store", "--http", "--config", "--tls-cert", "--insecure-no-auth", "--demo", "--audit",
                       "--key-file", "--permitted-root", "--max-body", "--rate"):
            self.assertIn(option, done.stdout)
        self.assertRegex(self.run_server("--version").stdout, r"^lodestoned \d+\.\d+\.\d+\n$")

    def test_the_example_configuration_is_understood(self):
        example = pathlib.Path(__file__).resolve().parents[2] / "tools/lodestoned/lodestoned.toml"
        text = example.read_text(encoding="utf-8")
        defaults = re.sub(r"^# ([a-z-]+ = )", r"\1", text, flags=re.MULTILINE)
        self.assertGreater(defaults.count("\nmax-"), 5)
        # Files that are not there: the parser has taken everything when it is their turn.
        for name, config in (("as it is", text), ("with all defaults", re.sub(r"tls-.*\n", "", defaults))):
            with self.subTest(name):
                (self.root / "example.toml").write_text(config, encoding="utf-8")
                done = self.run_server("--config", str(self.root / "example.toml"), "--store", str(self.root / "missing"),
                                       "--audit", str(self.root / "audit.log"))
                self.assertEqual((done.returncode, done.stdout), (3, ""), done.stderr)

    def test_one_server_a_store(self):
        self.lodestone("account", "create", "ana")
        self.start_server()
        done = self.run_server("--store", self.store, "--http", "127.0.0.1:0")
        self.assertEqual(done.returncode, 1)
        self.assertNotEqual(done.stderr, "")

    def test_listens_on_ipv6_too(self):
        if not socket.has_ipv6 or not pathlib.Path("/proc/net/if_inet6").exists():
            self.skipTest("no IPv6 here")
        self.lodestone("account", "create", "ana")
        server = subprocess.Popen([ARGUMENTS.lodestoned, "--store", self.store, "--http", "[::1]:0"],
                                  stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.addCleanup(server.wait)
        self.addCleanup(server.terminate)
        self.addCleanup(server.stdout.close)
        url = server.stdout.readline().split()[-1]
        self.assertRegex(url, r"^http://\[::1\]:\d+$")
        self.assertEqual(fetch(url + "/healthz")[0], 200)


class PagesTest(ServerCase):
    def setUp(self):
        super().setUp()
        self.url = self.start_server("--insecure-no-auth")

    def test_pages_of_the_server(self):
        for method, path, status in (("GET", "/healthz", 200), ("HEAD", "/healthz", 200), ("GET", "/readyz", 200),
                                     ("POST", "/readyz", 405), ("GET", "/metrics", 200), ("GET", "/nothing", 404),
                                     ("GET", "/healthz/x", 404), ("OPTIONS", "/healthz", 204)):
            with self.subTest(f"{method} {path}"):
                found, headers, text = fetch(self.url + path, method=method)
                self.assertEqual(found, status)
                self.assertRegex(headers["X-Request-Id"], r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")
                if path != "/metrics" and text:
                    json.loads(text)

    def test_metrics_tell_of_calls_and_the_store(self):
        dla = Dla(self.url, ("ana", None))
        self.addCleanup(dla.close)
        self.assertTrue(dla("CreateDatabase", Name="web", Description="", LocationUri="")[1]["Success"])
        self.assertFalse(dla("GetTable", DbName="web", TableName="none")[1]["Success"])
        text = fetch(self.url + "/metrics")[2]
        self.assertIn('lodestone_http_requests_total{adapter="dla",call="CreateDatabase",outcome="ok"} 1\n', text)
        self.assertIn('lodestone_http_requests_total{adapter="dla",call="GetTable",outcome="NO_SUCH_OBJECT"} 1\n', text)
        self.assertIn("lodestone_store_databases 2\n", text)
        self.assertRegex(text, r"\nprocess_resident_memory_bytes [1-9]")
        for line in text.splitlines():
            self.assertRegex(line, r"^(# (HELP|TYPE) \w+ .+|\w+(\{[^{}]*\})? \S+)$")

    def test_logs_are_lines_of_json_without_secrets(self):
        fetch(self.url + "/v1.0/hive/databases?secret=CANARY1", headers={"X-Auth-Token": "CANARY2"})
        fetch(self.url + "/?Action=GetTable&AccessKeyId=CANARY3&Signature=CANARY4", data=b"Signature=CANARY5")
        fetch(self.url + "/", headers={"Authorization": "ACS3-HMAC-SHA256 Credential=a,SignedHeaders=host,Signature=CANARY6"})
        metrics = fetch(self.url + "/metrics")[2]
        self.stop_server()
        text = (self.root / "server.log").read_text(encoding="utf-8")
        lines = [json.loads(line) for line in text.splitlines()]
        requests = [line for line in lines if line["event"] == "request"]
        self.assertEqual(len(requests), 4)
        # A request is logged behind its answer: the last one perhaps while the server is stopping already.
        self.assertEqual([line["event"] for line in lines if line["event"] != "request"],
                         ["listening", "stopping", "stopped"])
        self.assertEqual([lines[0]["event"], lines[-1]["event"]], ["listening", "stopped"])
        for line in requests:
            self.assertLessEqual({"time", "level", "request_id", "peer", "method", "path", "adapter", "call", "outcome",
                                  "status", "ms", "bytes_in", "bytes_out"}, line.keys())
            self.assertNotIn("?", line["path"])
        # The name of a user may be told; here, where nobody proves anything, it is the caller's claim.
        for secret in ("CANARY1", "CANARY4", "CANARY5", "CANARY6"):
            self.assertNotIn(secret, text)
            self.assertNotIn(secret, metrics)


class StopTest(ServerCase):
    def test_a_request_under_way_is_answered(self):
        url = self.start_server("--insecure-no-auth")
        address = urllib.parse.urlsplit(url)
        body = signed_query(("ana", None), "CreateDatabase", Name="web", Description="", LocationUri="").encode()
        client = socket.create_connection((address.hostname, address.port), timeout=30)
        self.addCleanup(client.close)
        client.sendall(b"POST / HTTP/1.1\r\nHost: h\r\nContent-Type: application/x-www-form-urlencoded\r\n"
                       b"Content-Length: %d\r\n\r\n" % len(body) + body[:20])
        self.assertEqual(fetch(url + "/healthz")[0], 200)
        self.server.send_signal(signal.SIGTERM)
        for _ in range(1000):  # until nobody else is let in
            try:
                socket.create_connection((address.hostname, address.port), timeout=5).close()
                time.sleep(0.01)
            except ConnectionRefusedError:
                break
        client.sendall(body[20:])
        answer = b""
        while piece := client.recv(65536):
            answer += piece
        self.assertIn(b"200 OK", answer)
        self.assertIn(b'"Success":true', answer)
        self.assertEqual(self.server.wait(timeout=30), 0)
        self.assertIn("web", self.lodestone("database", "list", "-o", "names"))

    def test_sigint_ends_it_too(self):
        self.start_server("--insecure-no-auth")
        self.server.send_signal(signal.SIGINT)
        self.assertEqual(self.server.wait(timeout=30), 0)


class ReloadTest(ServerCase):
    def wait_for_log(self, event, count):
        for _ in range(1000):
            lines = (self.root / "server.log").read_text(encoding="utf-8").splitlines()
            if sum(json.loads(line)["event"] == event for line in lines) >= count:
                return
            time.sleep(0.01)
        self.fail(f"no {count} times {event} in the log")

    def test_limits_of_the_file_are_taken_over(self):
        config = self.root / "lodestoned.toml"
        config.write_text('max-body = "1kb"\nidle-timeout = "30s"\n', encoding="utf-8")
        url = self.start_server("--insecure-no-auth", "--config", str(config))
        self.assertEqual(fetch(url + "/", data=b"x" * 2000)[0], 413)
        config.write_text('max-body = "4kb"\n', encoding="utf-8")
        self.server.send_signal(signal.SIGHUP)
        self.wait_for_log("configuration reloaded", 1)
        self.assertNotEqual(fetch(url + "/", data=b"x" * 2000)[0], 413)
        config.write_text('max-body = "nonsense"\n', encoding="utf-8")
        self.server.send_signal(signal.SIGHUP)
        self.wait_for_log("configuration not taken over", 1)
        self.assertNotEqual(fetch(url + "/", data=b"x" * 2000)[0], 413)
        self.assertEqual(fetch(url + "/", data=b"x" * 5000)[0], 413)

    def make_certificate(self, name):
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days",
                        "2", "-subj", f"/CN={name}", "-keyout", self.root / "key.pem", "-out", self.root / "cert.pem"],
                       check=True, capture_output=True)

    def shown_certificate(self, url):
        address = urllib.parse.urlsplit(url)
        return ssl.get_server_certificate((address.hostname, address.port))

    def test_tls_files_are_read_again(self):
        if shutil.which("openssl") is None:
            self.skipTest("no openssl to make certificates with")
        self.make_certificate("first")
        url = self.start_server("--insecure-no-auth", "--tls-cert", str(self.root / "cert.pem"),
                                "--tls-key", str(self.root / "key.pem"))
        self.assertTrue(url.startswith("https://"))
        first = (self.root / "cert.pem").read_text(encoding="utf-8")
        self.assertEqual(self.shown_certificate(url).split(), first.split())
        context = ssl.create_default_context(cafile=self.root / "cert.pem")
        context.check_hostname = False
        address = urllib.parse.urlsplit(url)
        kept = http.client.HTTPSConnection(address.hostname, address.port, context=context, timeout=30)
        self.addCleanup(kept.close)
        kept.request("GET", "/healthz")
        self.assertEqual(kept.getresponse().read(), b'{"status":"ok"}')
        self.make_certificate("second")
        self.server.send_signal(signal.SIGHUP)
        self.wait_for_log("configuration reloaded", 1)
        second = (self.root / "cert.pem").read_text(encoding="utf-8")
        self.assertEqual(self.shown_certificate(url).split(), second.split())
        kept.request("GET", "/healthz")
        self.assertEqual(kept.getresponse().read(), b'{"status":"ok"}')
        (self.root / "cert.pem").write_text("garbage", encoding="utf-8")
        self.server.send_signal(signal.SIGHUP)
        self.wait_for_log("TLS files not taken over", 1)
        self.assertEqual(self.shown_certificate(url).split(), second.split())


class RateTest(ServerCase):
    def test_who_calls_too_often_waits_and_others_do_not(self):
        keys = {name: self.make_account(name) for name in ("ana", "ben")}
        url = self.start_server("--rate", "0.001", "--burst", "3")
        calls = {name: Dla(url, key) for name, key in keys.items()}
        for call in calls.values():
            self.addCleanup(call.close)
        # The first is on the account of the address: only then the key is known to be hers.
        self.assertEqual([calls["ana"]("GetAllDatabases")[0] for _ in range(5)], [200, 200, 200, 200, 429])
        self.assertEqual([calls["ben"]("GetAllDatabases")[0] for _ in range(5)], [200, 200, 200, 200, 429])
        self.assertEqual(fetch(url + "/healthz")[0], 200)
        self.assertEqual(fetch(url + "/metrics")[2].count('refused_total{reason="rate"} 2\n'), 1)


class DemoTest(unittest.TestCase):
    def test_prints_accounts_that_work_and_leaves_nothing(self):
        demo = subprocess.Popen([ARGUMENTS.lodestoned, "--demo", "--http", "127.0.0.1:0"], stdout=subprocess.PIPE,
                                stderr=subprocess.DEVNULL, text=True)
        self.addCleanup(demo.stdout.close)
        self.addCleanup(demo.wait)
        self.addCleanup(demo.terminate)
        lines = []
        for line in demo.stdout:
            lines.append(line)
            if line.startswith("listening on "):
                break
        text = "".join(lines)
        url = lines[-1].split()[-1]
        users = {found[0]: found[1:] for found in
                 re.findall(r"^(admin|ana|ben) +([A-Z0-9]{20}) +([A-Za-z0-9]{40}) +(\S+)$", text, re.MULTILINE)}
        self.assertEqual(set(users), {"admin", "ana", "ben"})
        seen = {}
        for name, (key_id, secret, token) in users.items():
            self.assertIn(token, text)
            dla = Dla(url, (key_id, secret))
            self.addCleanup(dla.close)
            seen[name] = dla("GetAllTables", DbName="travel")[1].get("Data")
            self.assertEqual(dla("GetTable", DbName="travel", TableName="crew")[1]["Success"], name != "ben")
            tables = json.loads(fetch(f"{url}/v1.0/hive/databases/travel/tables", headers={"X-Auth-Token": token})[2])
            self.assertEqual(tables["table_count"], 1 if name == "ben" else 2)
            status, answer = dla("GetPartitions", DbName="travel", TableName="flights", MaxParts="3")
            self.assertEqual((status, len(answer["Partitions"])), (200, 3))
        self.assertEqual(seen, {"admin": ["crew", "flights"], "ana": ["crew", "flights"], "ben": ["flights"]})
        forged = Dla(url, (users["admin"][0], "wrong"))
        self.addCleanup(forged.close)
        self.assertEqual(forged("GetAllDatabases")[1]["Code"], "SignatureDoesNotMatch")
        folders = [pathlib.Path(path) for path in pathlib.Path(f"/proc/{demo.pid}/fd").iterdir()]
        store = next(path for path in (folder.resolve() for folder in folders) if "lodestone-demo-" in str(path))
        folder = next(path for path in store.parents if path.name.startswith("lodestone-demo-"))
        self.assertTrue(folder.exists())
        demo.terminate()
        self.assertEqual(demo.wait(timeout=30), 0)
        self.assertFalse(folder.exists())


if __name__ == "__main__":
    main(__doc__, "--lodestoned")
