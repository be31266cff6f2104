"""Draws time against the number of partitions, ours beside the reference, from the JSON of several runs of bench/figures:
one SVG per figure, log-log, without any library.

usage: charts.py OUTPUT_FOLDER SIZE=FILE.json [SIZE=FILE.json ...]
"""
import json
import math
import os
import sys

WIDTH, HEIGHT = 640, 360
LEFT, RIGHT, TOP, BOTTOM = 70, 170, 40, 50
# Start of the figure's text -> file name, title.
CHARTS = [
    ("names of ", "row scan", "names", "Names of all partitions"),
    ("filter on a non-leading key", "row scan", "filter", "Filter on a non-leading key, count"),
    ("full objects of ", "row scan parsing the same messages", "objects", "All partitions as protobuf messages"),
    ("bulk load from NDJSON", "simdjson parsing the same file", "load", "Bulk load from NDJSON"),
]


def duration(seconds):
    """1e-3 -> `1 ms`."""
    for unit, size in (("s", 1), ("ms", 1e-3), ("us", 1e-6)):
        if seconds >= size * 0.9999:
            return f"{seconds / size:g} {unit}"
    return f"{seconds / 1e-9:g} ns"


def number(count):
    for unit, size in (("M", 1e6), ("k", 1e3)):
        if count >= size:
            return f"{count / size:g}{unit}"
    return str(count)


def draw(title, sizes, lines):
    """An SVG of `lines` (name, colour, seconds per size) over `sizes`."""
    values = [value for _, _, series in lines for value in series]
    low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
    first, last = math.log10(sizes[0]), math.log10(sizes[-1])

    def x(size):
        return LEFT + (math.log10(size) - first) / max(last - first, 1e-9) * (WIDTH - LEFT - RIGHT)

    def y(seconds):
        return TOP + (high - math.log10(seconds)) / max(high - low, 1) * (HEIGHT - TOP - BOTTOM)

    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" '
           f'font-size="12"><rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
           f'<text x="{LEFT}" y="22" font-size="15">{title}</text>']
    for power in range(low, high + 1):
        at = y(10 ** power)
        out.append(f'<line x1="{LEFT}" y1="{at:.1f}" x2="{WIDTH - RIGHT}" y2="{at:.1f}" stroke="#ddd"/>')
        out.append(f'<text x="{LEFT - 8}" y="{at + 4:.1f}" text-anchor="end">{duration(10 ** power)}</text>')
    for size in sizes:
        out.append(f'<text x="{x(size):.1f}" y="{HEIGHT - BOTTOM + 20}" text-anchor="middle">{number(size)}</text>')
    out.append(f'<text x="{(LEFT + WIDTH - RIGHT) / 2}" y="{HEIGHT - 10}" text-anchor="middle">partitions</text>')
    for name, colour, series in lines:
        points = " ".join(f"{x(size):.1f},{y(value):.1f}" for size, value in zip(sizes, series))
        out.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>')
        for size, value in zip(sizes, series):
            out.append(f'<circle cx="{x(size):.1f}" cy="{y(value):.1f}" r="3" fill="{colour}"/>')
        out.append(f'<text x="{x(sizes[-1]) + 8:.1f}" y="{y(series[-1]) + 4:.1f}" fill="{colour}">'
                   f'{name} {duration(float(f"{series[-1]:.2g}"))}</text>')
    return "\n".join(out) + "\n</svg>\n"


def main():
    folder, runs = sys.argv[1], {}
    for argument in sys.argv[2:]:
        size, path = argument.split("=", 1)
        with open(path, encoding="utf-8") as file:
            runs.setdefault(int(size), []).extend(json.load(file))
    sizes = sorted(runs)
    os.makedirs(folder, exist_ok=True)
    for prefix, reference, name, title in CHARTS:
        found = [next((figure for figure in runs[size]
                       if figure["what"].startswith(prefix) and figure["reference_name"] == reference), None)
                 for size in sizes]
        if None in found:
            continue
        lines = [("lodestone", "#0b6e4f", [figure["ours"] for figure in found]),
                 (reference.split(" parsing")[0], "#b04a2f", [figure["reference"] for figure in found])]
        path = os.path.join(folder, name + ".svg")
        with open(path, "w", encoding="utf-8") as file:
            file.write(draw(f"{title}: time against number of partitions", sizes, lines))
        print("wrote", path)


if __name__ == "__main__":
    main()
