#!/usr/bin/env python3
"""Holds the calls that are served against the interface description: names, types and ids of arguments, results,
exceptions and their fields.

usage: call_table_test.py PROGRAM FOLDER      the program that prints the table, the folder of the .thrift files
"""
import json
import pathlib
import re
import subprocess
import sys
import unittest

ARGUMENTS = sys.argv[1:3]

TYPE = r"[\w.]+(?:\s*<[^()]*?>)?"
METHOD = re.compile(rf"(oneway\s+)?({TYPE})\s+(\w+)\s*\(([^()]*)\)(?:\s*throws\s*\(([^()]*)\))?")
FIELD = re.compile(rf"(\d+)\s*:\s*(?:optional\s+|required\s+)?({TYPE})\s+(\w+)(?:\s*=\s*([\w.-]+))?")
# What is another word for the same.
SAME = {"byte": "i8", "binary": "string"}


def without_comments(text):
    return re.sub(r"//[^\n]*|#[^\n]*|/\*.*?\*/", "", text, flags=re.DOTALL)


def plain(name, typedefs):
    """A type as the table writes it: without the file that it stands in, and what typedefs stand for."""
    words = re.split(r"([<>,])", re.sub(r"\s+", "", name))
    return "".join(SAME.get(word, typedefs.get(word, word)) for word in (w.split(".")[-1] for w in words))


def fields_of(text, typedefs):
    """[(id, type, default)] of arguments or exceptions. Fails on what is left over: nothing is overlooked."""
    left = FIELD.sub("", text)
    assert not re.sub(r"[\s,;]", "", left), f"not understood: {text!r}"
    return [(int(number), plain(kind, typedefs), default) for number, kind, _, default in FIELD.findall(text)]


def read_services(folder):
    """{method: {oneway, result, arguments, throws}} of all services."""
    typedefs, methods = {}, {}
    texts = [without_comments(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.thrift"))]
    for text in texts:
        typedefs.update({name: plain(kind, {}) for kind, name in re.findall(rf"typedef\s+({TYPE})\s+(\w+)", text)})
    for text in texts:
        for body in re.findall(r"service\s+\w+(?:\s+extends\s+[\w.]+)?\s*\{(.*?)\}", text, flags=re.DOTALL):
            left = METHOD.sub("", body)
            assert not re.sub(r"[\s,;]", "", left), f"not understood: {left!r}"
            for oneway, result, name, arguments, throws in METHOD.findall(body):
                methods[name] = {"oneway": bool(oneway), "result": plain(result, typedefs),
                                 "arguments": fields_of(arguments, typedefs), "throws": fields_of(throws, typedefs)}
    return methods


def read_table(program):
    output = subprocess.run([program], check=True, capture_output=True, text=True).stdout
    return {call["name"]: call for call in map(json.loads, output.splitlines())}


class CallTableTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.table = read_table(ARGUMENTS[0])
        cls.services = read_services(pathlib.Path(ARGUMENTS[1]))

    def test_every_call_is_as_the_interface_describes_it(self):
        self.assertGreater(len(self.table), 20)
        for name, call in self.table.items():
            with self.subTest(name):
                self.assertIn(name, self.services)
                method = self.services[name]
                self.assertEqual(call["oneway"], method["oneway"])
                self.assertEqual(call["result"], method["result"])
                expected = [kind if default is None or default == "" else f"{kind} = {default}"
                            for _, kind, default in method["arguments"]]
                self.assertEqual(call["arguments"], expected)
                self.assertEqual(call["throws"], [kind for _, kind, _ in method["throws"]])

    def test_every_call_is_made_by_a_test(self):
        tests = pathlib.Path(__file__).parents[2]
        unit = "".join(path.read_text(encoding="utf-8") for path in sorted(tests.glob("unit/hive/*_test.cc")))
        others = "".join(path.read_text(encoding="utf-8") for folder in ("server", "judge")
                         for path in sorted(tests.glob(f"{folder}/*.py")))
        for name in self.table:
            with self.subTest(name):
                self.assertTrue(f'"{name}"' in unit or re.search(rf"\b{name}\b", others), "no test makes it")

    def test_ids_count_from_one(self):
        # The table relies on it.
        for name, method in self.services.items():
            for part in ("arguments", "throws"):
                with self.subTest(name):
                    self.assertEqual([number for number, _, _ in method[part]], list(range(1, len(method[part]) + 1)))

    def test_reads_what_it_compares_with(self):
        self.assertEqual(self.services["set_ugi"]["arguments"], [(1, "string", ""), (2, "list<string>", "")])
        self.assertEqual(self.services["get_type_all"]["result"], "map<string,Type>")
        self.assertEqual(self.services["get_table_names_by_filter"]["arguments"][2], (3, "i16", "-1"))
        self.assertGreater(len(self.services), 150)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
