"""A peer for bench/figures: DuckDB in memory on one thread, over the partitions of bench/workload/generator.cc in the same
order. Prints `name seconds` per line, medians of several runs.

usage: duckdb_peer.py PARTITIONS DAY REGION
"""
import statistics
import sys
import time

import duckdb

LAST_DAY = 20849  # as in bench/workload/generator.cc
PER_DAY = 480
HOURS = sorted(str(hour) for hour in range(24))
REGIONS = [
    "af-south-1", "ap-east-1", "ap-northeast-1", "ap-northeast-2", "ap-south-1", "ap-southeast-1", "ca-central-1",
    "cn-north-1", "cn-north-4", "eu-central-1", "eu-north-1", "eu-west-1", "eu-west-2", "eu-west-3", "il-central-1",
    "me-south-1", "sa-east-1", "us-east-1", "us-east-2", "us-west-2"]
NAME = "'dt=' || dt || '/hour=' || hour || '/region=' || region"


def median_seconds(run, least=5):
    """The median over at least `least` runs, more while the whole takes less than a second; one unmeasured run first."""
    run()
    seconds = []
    begin = time.perf_counter()
    while len(seconds) < least or (len(seconds) < 25 and time.perf_counter() - begin < 1):
        start = time.perf_counter()
        run()
        seconds.append(time.perf_counter() - start)
    return statistics.median(seconds)


def as_list(texts):
    return "[" + ", ".join(f"'{text}'" for text in texts) + "]"


def main():
    partitions, day, region = int(sys.argv[1]), sys.argv[2], sys.argv[3]
    days = -(-partitions // PER_DAY)
    db = duckdb.connect()
    db.execute("SET threads = 1")
    db.execute(f"""
        CREATE TABLE partitions AS
        SELECT strftime(DATE '1970-01-01' + CAST({LAST_DAY - days + 1} + i // {PER_DAY} AS INTEGER), '%Y-%m-%d') AS dt,
               ({as_list(HOURS)})[1 + (i % {PER_DAY}) // 20] AS hour,
               ({as_list(REGIONS)})[1 + i % 20] AS region,
               CAST(1 + hash(i) % 40 AS VARCHAR) AS num_files,
               CAST(1 + hash(i) % 5000000 AS VARCHAR) AS num_rows,
               CAST(hash(i) % 500000000 AS VARCHAR) AS total_size,
               CAST(1500000000 + i AS VARCHAR) AS ddl_time,
               1500000000 + i AS create_time
        FROM range({partitions}) t(i)""")

    # All names in one string: the cheapest way to get them out.
    cases = {
        "names": f"SELECT string_agg({NAME}, '') FROM partitions",
        "filter": f"SELECT count(*) FROM partitions WHERE region = '{region}'",
        "one_day": f"SELECT string_agg({NAME}, '') FROM partitions WHERE dt = '{day}'",
    }
    for name, query in cases.items():
        value = db.execute(query).fetchone()[0]
        if not value:
            raise SystemExit(f"duckdb_peer: {name} found nothing")
        print(name, median_seconds(lambda: db.execute(query).fetchone()))


if __name__ == "__main__":
    main()
