"""Locks, transactions and write ids: calls of the judge (calls.py). Ids are told as their distance from the first one."""
import re

from hive_thrift.objects import ttypes as objects
from hive_thrift.transactions import ttypes as transactions

from calls import table

LOCK, LEVEL, OPERATION = transactions.LockType, transactions.LockLevel, transactions.DataOperationType


def failed(answer):
    return isinstance(answer, dict) and "!" in answer


def opened(ask, count, user="ann", kind=None):
    return ask("open_txns", transactions.OpenTxnRequest(num_txns=count, user=user, hostname="here", txn_type=kind))


def transaction_rules(ask, warehouse):
    ask("create_database", objects.Database(name="tx", parameters={}))
    ask("create_table", table("tx", "hits"))
    ids = opened(ask, 4)["txn_ids"]
    first = ids[0]
    near = lambda number: number - first if isinstance(number, int) else number
    yield "opened", [near(one) for one in ids]
    yield "opened none", opened(ask, 0)

    def told(answer):
        """Of a list of transactions: the mark, which of them are open or aborted, and the bits."""
        if failed(answer):
            return answer
        return {"mark": near(answer["txn_high_water_mark"]), "listed": [near(one) for one in answer["open_txns"]],
                "bits": answer.get("abortedBits"), "oldest": near(answer.get("min_open_txn"))}

    def infos():
        return [(near(one["id"]), one["state"], one["user"], one["hostname"]) for one in ask("get_open_txns_info")["open_txns"]]

    end = lambda call, request, number, **more: ask(call, request(txnid=number, **more))
    abort = lambda number: end("abort_txn", transactions.AbortTxnRequest, number)
    commit = lambda number: end("commit_txn", transactions.CommitTxnRequest, number)
    allocate = lambda numbers, name="hits": ask("allocate_table_write_ids", transactions.AllocateTableWriteIdsRequest(
        dbName="tx", tableName=name, txnIds=numbers))
    pairs = lambda answer: answer if failed(answer) else [
        (near(one["txnId"]), one["writeId"]) for one in answer["txnToWriteIds"]]
    most = lambda name: ask("get_max_allocated_table_write_id", transactions.MaxAllocatedTableWriteIdRequest("tx", name))
    unknown = first + 999
    yield "write ids", pairs(allocate(ids[:2]))
    yield "write id again", pairs(allocate(ids[:1]))
    yield "write id of a third one", pairs(allocate(ids[2:3]))
    yield "write ids of another table, one of them known", [pairs(allocate(ids[:1], "mixed")), pairs(allocate(ids[:2], "mixed"))]
    yield "write id of another table", pairs(allocate(ids[2:3], "other"))
    for label, numbers in (("none", []), ("nobody", None), ("unknown", [unknown])):
        yield f"write ids of {label}", allocate(numbers)
    yield "most", most("hits")
    yield "most of another table", most("other")
    yield "most of a missing table", most("nothing")

    yield "heartbeat of all", ask("heartbeat_txn_range", transactions.HeartbeatTxnRangeRequest(first, ids[3]))
    yield "aborted", abort(ids[1])
    yield "aborted again", abort(ids[1])
    yield "committed", commit(ids[0])
    yield "committed again", commit(ids[0])
    yield "aborted after commit", abort(ids[0])
    yield "committed after abort", commit(ids[1])
    yield "abort of an unknown one", abort(unknown)
    yield "commit of an unknown one", commit(unknown)
    yield "write ids of an aborted one", allocate([ids[1]])
    yield "write ids of a committed one", allocate([ids[0]])
    yield "listed", told(ask("get_open_txns"))
    yield "listed by request", told(ask("get_open_txns_req", transactions.GetOpenTxnsRequest()))
    yield "infos", infos()
    reader = opened(ask, 1, kind=transactions.TxnType.READ_ONLY)["txn_ids"]
    yield "reader opened", [near(one) for one in reader]
    yield "listed with a reader", told(ask("get_open_txns"))
    yield "listed without readers", told(ask("get_open_txns_req", transactions.GetOpenTxnsRequest(
        [transactions.TxnType.READ_ONLY])))
    yield "write ids of a reader", allocate(reader)
    yield "reader committed", commit(reader[0])

    def valid(names, text=None, number=None):
        answer = ask("get_valid_write_ids", transactions.GetValidWriteIdsRequest(names, text, number))
        if not failed(answer):
            for one in answer["tblValidWriteIds"]:
                one.pop("minOpenWriteId", None)
        return answer

    yield "valid", valid(["tx.hits"])
    yield "valid of two", valid(["tx.hits", "tx.other"])
    yield "valid of a missing table", valid(["tx.nothing"])
    yield "valid of no table", valid([])
    yield "valid without a database", valid(["hits"])
    for number in (1, 2, 3, 9):
        yield f"valid to the writer of {number}", valid(["tx.hits"], None, number)
    top = 2**63 - 1
    for label, text in (("none open", f"{ids[3]}:{top}::"), ("one open", f"{ids[3]}:{ids[2]}:{ids[2]}:"),
                        ("one aborted", f"{ids[3]}:{top}::{ids[1]}"), ("an early mark", f"{ids[0]}:{top}::"),
                        ("nonsense", "a:b")):
        yield f"valid where {label}", valid(["tx.hits"], text)

    beat = lambda lock=None, number=None: ask("heartbeat", transactions.HeartbeatRequest(lock, number))
    for label, number in (("open", ids[3]), ("aborted", ids[1]), ("committed", ids[0]), ("unknown", unknown)):
        yield f"heartbeat of {label}", beat(None, number)
    yield "heartbeat of nothing", beat()
    for call, arguments in (("add_write_ids_to_min_history", (ids[3], {"tx.hits": 1})),):
        yield call, ask(call, *arguments)
    yield "dynamic partitions", ask("add_dynamic_partitions", transactions.AddDynamicPartitions(
        ids[3], 1, "tx", "hits", ["dt=a"], OPERATION.INSERT))
    ranged = ask("heartbeat_txn_range", transactions.HeartbeatTxnRangeRequest(first, ids[3]))
    yield "heartbeat of a range", ranged if failed(ranged) else {name: [near(one) for one in found]
                                                                  for name, found in ranged.items()}
    yield "several aborted", ask("abort_txns", transactions.AbortTxnsRequest([ids[2], ids[3]]))
    yield "several aborted again", ask("abort_txns", transactions.AbortTxnsRequest([ids[2], ids[3]]))
    yield "several of which one is unknown", ask("abort_txns", transactions.AbortTxnsRequest([unknown]))
    yield "listed at last", told(ask("get_open_txns"))
    yield "valid at last", valid(["tx.hits"])


class Locks:
    """The locks of a family, under the names that it gives them."""

    def __init__(self, ask):
        self.ask, self.ids = ask, {}

    def lock(self, name, kind, table_name=None, part=None, number=None, operation=OPERATION.NO_TXN, **more):
        level = LEVEL.PARTITION if part else LEVEL.TABLE if table_name else LEVEL.DB
        component = transactions.LockComponent(type=kind, level=level, dbname="lk", tablename=table_name, partitionname=part,
                                               operationType=operation, isTransactional=number is not None)
        answer = self.ask("lock", transactions.LockRequest([component], number, "ann", "here", **more))
        return self.told(name, answer)

    def told(self, name, answer):
        if failed(answer):
            return self.without_ids(answer)
        self.ids.setdefault(name, answer["lockid"])
        return {"state": answer["state"], "same": self.ids[name] == answer["lockid"]}

    def check(self, name):
        return self.told(name, self.ask("check_lock", transactions.CheckLockRequest(self.ids.get(name, 10**6))))

    def unlock(self, name):
        return self.without_ids(self.ask("unlock", transactions.UnlockRequest(self.ids.get(name, 10**6))))

    def beat(self, name):
        return self.without_ids(self.ask("heartbeat", transactions.HeartbeatRequest(self.ids.get(name, 10**6))))

    def without_ids(self, answer):
        return {**answer, "text": re.sub(r"\d+", "N", answer["text"])} if failed(answer) else answer

    def shown(self, **asked):
        names = {number: name for name, number in self.ids.items()}
        answer = self.ask("show_locks", transactions.ShowLocksRequest(**asked))
        return sorted(([names.get(one["lockid"]), one["dbname"], one.get("tablename"), one.get("partname"), one["state"],
                        one["type"], one["user"], one["hostname"], names.get(one.get("blockedByExtId"))]
                       for one in answer["locks"]), key=str)


def lock_rules(ask, warehouse):
    ask("create_database", objects.Database(name="lk", parameters={}))
    ask("create_table", table("lk", "hits"))
    kinds = {"read": LOCK.SHARED_READ, "write": LOCK.SHARED_WRITE, "excl_write": LOCK.EXCL_WRITE, "exclusive": LOCK.EXCLUSIVE}
    places = {"database": (), "table": ("t",), "partition": ("t", "dt=a"), "sibling": ("t", "dt=b"), "other": ("u",)}
    for first, second in [(one, two) for one in kinds for two in kinds]:
        locks = Locks(ask)
        yield f"{first}: {second}: held", locks.lock("a", kinds[first], "t")
        yield f"{first}: {second}: asked", locks.lock("b", kinds[second], "t")
        yield f"{first}: {second}: unlocked", locks.unlock("a")
        yield f"{first}: {second}: checked", locks.check("b")
        yield f"{first}: {second}: unlocked too", locks.unlock("b")
    for first, second in [(one, two) for one in places for two in places]:
        locks = Locks(ask)
        held, asked = locks.lock("a", LOCK.EXCLUSIVE, *places[first]), locks.lock("b", LOCK.EXCLUSIVE, *places[second])
        yield f"exclusive {first} and {second}", [held, asked]
        for name in ("b", "a"):
            locks.unlock(name)
    locks = Locks(ask)
    yield "a queue", [locks.lock("a", LOCK.SHARED_READ, "t"), locks.lock("b", LOCK.EXCLUSIVE, "t"),
                      locks.lock("c", LOCK.SHARED_READ, "t")]
    yield "a queue, checked", [locks.check(name) for name in "abc"]
    yield "a queue, shown", locks.shown()
    for asked in ({"dbname": "lk"}, {"dbname": "lk", "tablename": "t"}, {"dbname": "lk", "tablename": "no"}, {"dbname": "no"}):
        yield f"shown of {asked}", locks.shown(**asked)
    yield "a queue without its first", [locks.unlock("a"), locks.check("b"), locks.check("c")]
    yield "a queue without its second", [locks.unlock("b"), locks.check("c"), locks.unlock("c")]
    yield "nothing is shown", locks.shown(dbname="lk")
    yield "unlocked again", locks.unlock("a")
    yield "checked what is unlocked", locks.check("a")
    yield "heartbeat of what is unlocked", locks.beat("a")
    for call in (locks.unlock, locks.check, locks.beat):
        yield f"{call.__name__} of an unknown one", call("unknown")
    yield "held again", locks.lock("d", LOCK.EXCLUSIVE, "t")
    yield "heartbeat", locks.beat("d")
    yield "not to wait", locks.lock("e", LOCK.SHARED_READ, "t", zeroWaitReadEnabled=True)
    locks.unlock("d")
    yield "of nothing", ask("lock", transactions.LockRequest([], None, "ann", "here"))

    number = opened(ask, 1)["txn_ids"][0]
    kept = Locks(ask)
    write = {"operation": OPERATION.UPDATE, "number": number}
    yield "of a transaction", kept.lock("t", LOCK.SHARED_WRITE, "hits", **write)
    yield "of a transaction: unlocked", kept.unlock("t")
    yield "of a transaction: another waits", kept.lock("w", LOCK.EXCLUSIVE, "hits")
    yield "of a transaction: ended", ask("commit_txn", transactions.CommitTxnRequest(txnid=number))
    yield "of a transaction: the other has it", kept.check("w")
    yield "of a transaction: unlocked by the other", kept.unlock("w")
    yield "of an ended transaction", kept.lock("x", LOCK.SHARED_WRITE, "hits", **write)
    yield "of an unknown transaction", kept.lock("y", LOCK.SHARED_WRITE, "hits", number=number + 999, operation=OPERATION.UPDATE)


FAMILIES = (transaction_rules, lock_rules)
