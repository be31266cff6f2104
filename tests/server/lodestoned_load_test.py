#!/usr/bin/env python3
"""The server `lodestoned` under load: what it acknowledged survives SIGKILL, and hostile clients cost others little.

usage: lodestoned_load_test.py --lodestone PROGRAM --lodestoned PROGRAM
"""
import concurrent.futures
import http.client
import multiprocessing
import os
import re
import signal
import socket
import statistics
import threading
import time
import unittest
import urllib.parse
import urllib.request

from dla_calls import Dla
from program_case import main
from server_case import ServerCase

GONE = (OSError, http.client.HTTPException)


class KillTest(ServerCase):
    def test_what_was_acknowledged_survives_sigkill(self):
        for turn in range(3):
            url = self.start_server("--insecure-no-auth", "--rate", "0")
            acknowledged, counted = [set() for _ in range(8)], threading.Event()

            def write(writer, turn=turn, url=url, acknowledged=acknowledged, counted=counted):
                call = Dla(url, ("ana", None))
                for number in range(100_000):
                    name = f"t{turn}_w{writer}_n{number}"
                    try:
                        status, answer = call("CreateDatabase", Name=name, Description="", LocationUri="")
                    except GONE:
                        return number + 1
                    self.assertTrue(status == 200 and answer["Success"], answer)
                    acknowledged[writer].add(name)
                    if number == 20:
                        counted.set()
                return 0

            with concurrent.futures.ThreadPoolExecutor(8) as pool:
                writers = [pool.submit(write, writer) for writer in range(8)]
                self.assertTrue(counted.wait(timeout=60))
                self.server.send_signal(signal.SIGKILL)
                self.server.wait(timeout=30)
                begun = [writer.result() for writer in writers]
            found = {name for name in self.lodestone("database", "list", "-o", "names").split()
                     if name.startswith(f"t{turn}_")}
            self.assertEqual(set().union(*acknowledged) - found, set())
            # Nothing that nobody asked for; what was asked for last may be there without its answer.
            asked = {f"t{turn}_w{writer}_n{number}" for writer, count in enumerate(begun) for number in range(count)}
            self.assertEqual(found - asked, set())
            self.lodestone("verify")

    def stop_server(self):
        if self.server.poll() is None:
            super().stop_server()


def resident_bytes(pid):
    with open(f"/proc/{pid}/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGESIZE")


class HostileTest(ServerCase):
    CAP = 32 << 20  # --max-buffered
    HEAD = b"POST / HTTP/1.1\r\nHost: h\r\n"

    def setUp(self):
        super().setUp()
        self.url = self.start_server(
            "--insecure-no-auth", "--rate", "0", "--log-level", "warning", "--max-buffered", "32mb", "--max-body", "16mb",
            "--request-timeout", "3s", "--idle-timeout", "3s", "--write-timeout", "1s", "--block-cache", "16mb",
            "--max-connections", "400", "--max-connections-per-peer", "300")
        self.address = (urllib.parse.urlsplit(self.url).hostname, urllib.parse.urlsplit(self.url).port)
        self.over = multiprocessing.Event()
        self.assertTrue(self.calls(200))  # warm

    def calls(self, count):
        """The times of honest calls in milliseconds, each of which must succeed."""
        call, times = Dla(self.url, ("ana", None)), []
        for _ in range(count):
            begin = time.monotonic()
            try:
                status, answer = call("GetAllDatabases")
            except GONE:  # idle for too long, or no place among so many connections
                call.close()
                time.sleep(0.01)
                continue
            self.assertTrue(status == 200 and answer["Success"], answer)
            times.append((time.monotonic() - begin) * 1000)
        call.close()
        return times

    def refused(self, reason):
        with urllib.request.urlopen(self.url + "/metrics", timeout=30) as answer:
            text = answer.read().decode()
        return int(re.search(f'refused_total{{reason="{reason}"}} (\\d+)', text).group(1))

    def flood(self, send):
        """Does `send` on connection after connection until the test is over."""
        while not self.over.is_set():
            try:
                with socket.create_connection(self.address, timeout=5) as client:
                    send(client)
            except OSError:
                time.sleep(0.01)

    def attack(self, send, clients):
        """So many floods at a time, in a process of their own: honest calls are timed without waiting for this one's."""
        threads = [threading.Thread(target=self.flood, args=(send,)) for _ in range(clients)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def wait_for_end(self, client):
        client.settimeout(5)
        while not self.over.is_set() and client.recv(65536):
            pass

    def hold_body(self, client):
        """A body that is announced, sent but for its end, and held."""
        client.sendall(self.HEAD + b"Content-Length: 16000000\r\n\r\n" + b"x" * 15_999_999)
        self.wait_for_end(client)

    def endless_chunks(self, client):
        client.sendall(self.HEAD + b"Transfer-Encoding: chunked\r\n\r\n")
        while not self.over.is_set():
            client.sendall(b"10000\r\n" + b"x" * 65536 + b"\r\n")

    def endless_line(self, client):
        client.sendall(b"GET /")
        while not self.over.is_set():
            client.sendall(b"x" * 65536)

    def endless_header(self, client):
        client.sendall(self.HEAD)
        while not self.over.is_set():
            client.sendall(b"X: y\r\n" * 1000)

    def trickle(self, client):
        client.sendall(b"GET /")
        while not self.over.wait(0.1):
            client.sendall(b"x")

    def idle(self, client):
        self.wait_for_end(client)

    def no_reading(self, client):
        for _ in range(10_000):
            if self.over.is_set():
                break
            client.sendall(b"GET /metrics HTTP/1.1\r\nHost: h\r\n\r\n")

    def announce(self, client):
        """A body larger than anything, of which nothing comes."""
        client.sendall(self.HEAD + b"Content-Length: 9000000000000000000\r\n\r\n")
        self.wait_for_end(client)

    def garbage(self, client):
        client.sendall(os.urandom(1000) + b"\r\n\r\n")
        self.wait_for_end(client)

    @unittest.skipIf("LODESTONE_SANITIZED" in os.environ, "sanitizers keep what was freed")
    def test_memory_stays_within_its_cap_and_honest_calls_go_on(self):
        before = resident_bytes(self.server.pid)
        quiet = self.calls(1000)
        report = []
        for attack, clients in ((self.hold_body, 24), (self.endless_chunks, 8), (self.endless_line, 8),
                                (self.endless_header, 8), (self.trickle, 200), (self.idle, 290), (self.no_reading, 8),
                                (self.announce, 50), (self.garbage, 20)):
            with self.subTest(attack.__name__):
                self.over.clear()
                attacker = multiprocessing.get_context("fork").Process(target=self.attack, args=(attack, clients))
                attacker.start()
                most, times, begin, busy = 0, [], time.monotonic(), self.refused("busy")
                # So long, and the one that is about memory until it has hit the limit.
                while time.monotonic() < begin + 3 or (
                        attack == self.hold_body and self.refused("busy") == busy and time.monotonic() < begin + 60):
                    times += self.calls(20)
                    most = max(most, resident_bytes(self.server.pid))
                self.over.set()
                attacker.join()
                self.assertLess(most - before, 2 * self.CAP)
                self.assertTrue(times, "no honest call got through")
                begin = time.monotonic()
                self.assertEqual(len(self.calls(50)), 50)
                if attack == self.hold_body:
                    self.assertGreater(self.refused("busy"), busy)
                report.append((attack.__name__, clients, (most - before) >> 20, statistics.quantiles(times, n=100)[98],
                               time.monotonic() - begin))
        p99 = statistics.quantiles(quiet, n=100)[98]
        print(f"\nhonest calls: p99 {p99:.1f} ms without attack; cap {self.CAP >> 20} MiB")
        for name, clients, grown, under_attack, recovered in report:
            print(f"{name:16} {clients:4} clients: {grown:4} MiB more, p99 {under_attack:7.1f} ms "
                  f"({under_attack / p99:.1f} times), 50 calls right after it in {recovered:.2f} s")


if __name__ == "__main__":
    main(__doc__, "--lodestoned")
