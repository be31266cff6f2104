"""Hive's own Java client (tests/clients/java) against `lodestoned --hive`.

usage: hive_java_test.py --lodestone PROGRAM --lodestoned PROGRAM --classpath FOLDER[:JAR...]
"""
import subprocess

import program_case
from hive_case import HiveCase
from program_case import ARGUMENTS


class HiveJavaTest(HiveCase):
    def test_every_part_passes(self):
        address = self.start_hive("--insecure-no-auth")["thrift"]
        done = subprocess.run(["java", "-cp", ARGUMENTS.classpath, "HiveClientTest", f"thrift://{address}"],
                              capture_output=True, text=True, timeout=300)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)


if __name__ == "__main__":
    program_case.main(__doc__, "--lodestoned", "--classpath")
