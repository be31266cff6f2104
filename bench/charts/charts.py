"""Draws time against the number of partitions, ours beside the references, from the JSON of several runs of
bench/figures: one SVG per chart, both axes logarithmic, with nothing but Python's own library.

usage: charts.py OUTPUT_FOLDER FILE.json [FILE.json ...]

Each run has its own number of partitions; their order doesn't matter. Where two runs have the same figure for the same
number, the later file counts. A chart is drawn when ours is known for two numbers at least.
"""
import json
import math
import os
import re
import sys
from html import escape

WIDTH, HEIGHT = 760, 400
LEFT, RIGHT, TOP, BOTTOM = 76, 220, 48, 56

ROW_SCAN, GET, SQLITE, DUCKDB = "row scan", "one RocksDB point Get", "SQLite", "DuckDB, one thread"
# File, title, and the lines: label, which figure (a regular expression), its reference, and which side of it.
CHARTS = [
    ("names", "Names of all partitions",
     [("Lodestone", r"names of [\d,]+ partitions into", ROW_SCAN, "ours"),
      ("RocksDB row scan", r"names of [\d,]+ partitions into", ROW_SCAN, "reference"),
      ("SQLite", r"names of [\d,]+ partitions$", SQLITE, "reference"),
      ("DuckDB", r"names of [\d,]+ partitions$", DUCKDB, "reference")]),
    ("filter", "Count what passes a filter on the third key",
     [("Lodestone", r"filter on a non-leading key over", ROW_SCAN, "ours"),
      ("RocksDB row scan", r"filter on a non-leading key over", ROW_SCAN, "reference"),
      ("SQLite", r"filter on a non-leading key, count", SQLITE, "reference"),
      ("DuckDB", r"filter on a non-leading key, count", DUCKDB, "reference")]),
    ("objects", "All partitions as protobuf messages",
     [("Lodestone", r"full objects of", "row scan parsing the same messages", "ours"),
      ("RocksDB scan, parse", r"full objects of", "row scan parsing the same messages", "reference")]),
    ("one-day", "Names of one day of 480 partitions",
     [("Lodestone", r"one day of 480 partitions out of", GET, "ours"),
      ("RocksDB Get of one", r"one day of 480 partitions out of", GET, "reference"),
      ("SQLite", r"one day of 480, names", SQLITE, "reference"),
      ("DuckDB", r"one day of 480, names", DUCKDB, "reference")]),
    ("get", "One partition by its values, median",
     [("Lodestone", r"one partition by its values", GET, "ours"),
      ("RocksDB Get", r"one partition by its values", GET, "reference")]),
    ("load", "Load all partitions",
     [("Lodestone, NDJSON", r"bulk load from NDJSON", "simdjson parsing the same file", "ours"),
      ("simdjson, parse only", r"bulk load from NDJSON", "simdjson parsing the same file", "reference"),
      ("Lodestone, memory", r"load of [\d,]+, from memory", "SQLite, one transaction", "ours"),
      ("SQLite, memory", r"load of [\d,]+, from memory", "SQLite, one transaction", "reference")]),
    ("add-batches", "Add all partitions in batches of 500",
     [("Lodestone", r"add [\d,]+ in batches of 500", "RocksDB write batches of 500 records", "ours"),
      ("RocksDB batches", r"add [\d,]+ in batches of 500", "RocksDB write batches of 500 records", "reference")]),
    ("add-one", "Add one partition to a table of so many, median",
     [("Lodestone", r"add one, relaxed sync", "RocksDB Put of one record", "ours"),
      ("RocksDB Put", r"add one, relaxed sync", "RocksDB Put of one record", "reference")]),
]

# An opaque card with colours of its own, so that it can be read on any page; darker where the reader's system is.
STYLE = """
  text { font: 13px system-ui, sans-serif; fill: #24292f }
  .card { fill: #ffffff; stroke: #d0d7de }
  .grid { stroke: #d8dee4 }
  .title { font-size: 16px; font-weight: 600 }
  .line { fill: none; stroke-width: 2.5 }
  .c0 { stroke: #0b7a53 } .c1 { stroke: #b3421f } .c2 { stroke: #2b5fb3 } .c3 { stroke: #7a4fa8 }
  .t0 { fill: #0b7a53 } .t1 { fill: #b3421f } .t2 { fill: #2b5fb3 } .t3 { fill: #7a4fa8 }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3 }
    .card { fill: #0d1117; stroke: #30363d }
    .grid { stroke: #2b323b }
    .c0 { stroke: #3fd39b } .c1 { stroke: #ff9a76 } .c2 { stroke: #82b1ff } .c3 { stroke: #cfa8ff }
    .t0 { fill: #3fd39b } .t1 { fill: #ff9a76 } .t2 { fill: #82b1ff } .t3 { fill: #cfa8ff }
  }
"""


def duration(seconds):
    """0.001 -> `1 ms`."""
    for unit, size in (("s", 1), ("ms", 1e-3), ("\u00b5s", 1e-6)):
        if seconds >= size * 0.9999:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds / 1e-9:.3g} ns"


def spread(places, least):
    """Moves places apart, downwards and then up again, so that neighbours are at least `least` away."""
    order = sorted(range(len(places)), key=lambda i: places[i])
    out = list(places)
    for before, this in zip(order, order[1:]):
        out[this] = max(out[this], out[before] + least)
    surplus = max([out[i] - (HEIGHT - BOTTOM) for i in order] + [0])
    return [place - surplus for place in out]


def draw(title, lines):
    """An SVG of `lines`: pairs of a label and {partitions: seconds}."""
    counts = sorted({count for _, series in lines for count in series})
    values = [value for _, series in lines for value in series.values()]
    low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
    high = max(high, low + 1)
    first, last = math.log10(counts[0]), math.log10(counts[-1])

    def x(count):
        return LEFT + (math.log10(count) - first) / (last - first) * (WIDTH - LEFT - RIGHT)

    def y(seconds):
        return TOP + (high - math.log10(seconds)) / (high - low) * (HEIGHT - TOP - BOTTOM)

    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img">',
           f'<title>{escape(title)}</title>', f'<style>{STYLE}</style>',
           f'<rect class="card" x="0.5" y="0.5" width="{WIDTH - 1}" height="{HEIGHT - 1}" rx="8"/>',
           f'<text class="title" x="{LEFT}" y="28">{escape(title)}</text>']
    for power in range(low, high + 1):
        at = y(10 ** power)
        out.append(f'<line class="grid" x1="{LEFT}" y1="{at:.1f}" x2="{WIDTH - RIGHT}" y2="{at:.1f}"/>')
        out.append(f'<text x="{LEFT - 8}" y="{at + 4:.1f}" text-anchor="end">{duration(10 ** power)}</text>')
    for power in range(math.ceil(first), math.floor(last) + 1):
        at = x(10 ** power)
        out.append(f'<line class="grid" x1="{at:.1f}" y1="{TOP}" x2="{at:.1f}" y2="{HEIGHT - BOTTOM}"/>')
        out.append(f'<text x="{at:.1f}" y="{HEIGHT - BOTTOM + 20}" text-anchor="middle">{10 ** power:,}</text>')
    out.append(f'<text x="{(LEFT + WIDTH - RIGHT) / 2}" y="{HEIGHT - 14}" text-anchor="middle">partitions</text>')
    out.append(f'<text x="20" y="{(TOP + HEIGHT - BOTTOM) / 2}" text-anchor="middle" '
               f'transform="rotate(-90 20 {(TOP + HEIGHT - BOTTOM) / 2})">time</text>')
    ends = spread([y(series[max(series)]) for _, series in lines], 17)
    for number, (label, series) in enumerate(lines):
        points = [(x(count), y(series[count])) for count in sorted(series)]
        path = " ".join(f"{px:.1f},{py:.1f}" for px, py in points)
        out.append(f'<polyline class="line c{number}" points="{path}"/>')
        out += [f'<circle class="t{number}" cx="{px:.1f}" cy="{py:.1f}" r="3.5"/>' for px, py in points]
        out.append(f'<text class="t{number}" x="{WIDTH - RIGHT + 10}" y="{ends[number] + 4:.1f}">{escape(label)}, '
                   f'{duration(series[max(series)])}</text>')
    return "\n".join(out) + "\n</svg>\n"


def collect(figures, pattern, reference, side):
    """{partitions: seconds} of one line."""
    return {figure["partitions"]: figure[side] for figure in figures
            if figure["unit"] == "seconds" and figure["reference_name"] == reference
            and re.match(pattern, figure["what"]) and figure[side] > 0}


def main():
    if len(sys.argv) < 3:
        raise SystemExit(__doc__)
    folder, figures = sys.argv[1], []
    for path in sys.argv[2:]:
        with open(path, encoding="utf-8") as file:
            figures += json.load(file)
    os.makedirs(folder, exist_ok=True)
    for name, title, wanted in CHARTS:
        lines = [(label, collect(figures, pattern, reference, side)) for label, pattern, reference, side in wanted]
        if len(lines[0][1]) < 2:
            print(f"{name}: not drawn, {len(lines[0][1])} of the runs have it")
            continue
        path = os.path.join(folder, name + ".svg")
        with open(path, "w", encoding="utf-8") as file:
            file.write(draw(title, [(label, series) for label, series in lines if series]))
        print("wrote", path)


if __name__ == "__main__":
    main()
