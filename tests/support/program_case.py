"""Tests in Python of the program `lodestone`, each with a folder and a store of its own."""
import argparse
import pathlib
import subprocess
import sys
import tempfile
import unittest

ARGUMENTS = argparse.Namespace()


class ProgramCase(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name).resolve()
        self.store = str(self.root / "store")

    def run_lodestone(self, *arguments):
        """Runs a command, whatever comes of it."""
        return subprocess.run([ARGUMENTS.lodestone, "--store", self.store, *arguments], capture_output=True, text=True,
                              check=False)

    def lodestone(self, *arguments):
        """Standard output of a command that has to succeed."""
        done = self.run_lodestone(*arguments)
        self.assertEqual(done.returncode, 0, f"{arguments}: {done.stderr}")
        return done.stdout


def main(description, *options):
    """Runs the tests of the script. `options` are required on its command line, beside --lodestone, and end up in
    ARGUMENTS."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    for option in ("--lodestone", *options):
        parser.add_argument(option, required=True)
    parser.parse_args(namespace=ARGUMENTS)
    unittest.main(argv=sys.argv[:1], verbosity=2)
