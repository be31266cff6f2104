"""Roles, grants and what they say of objects: calls of the judge (calls.py)."""
from hive_thrift.access import ttypes as access
from hive_thrift.objects import ttypes as objects
from hive_thrift.partitions import ttypes as partitions

from calls import column, partition, table

USER, ROLE, GROUP = access.PrincipalType.USER, access.PrincipalType.ROLE, access.PrincipalType.GROUP
GRANT, REVOKE = access.GrantRevokeType.GRANT, access.GrantRevokeType.REVOKE
KIND = access.HiveObjectType


def in_order(answer):
    """A list that no server promises an order for."""
    if isinstance(answer, dict) and "principalGrants" in answer:
        return {"principalGrants": in_order(answer["principalGrants"])}
    return sorted(answer, key=str) if isinstance(answer, list) else answer


def roles(ask, warehouse):
    make = lambda name: ask("create_role", access.Role(roleName=name, ownerName="ann"))
    yield "at first", in_order(ask("get_role_names"))
    yield "made", make("writers")
    yield "made again", make("writers")
    for name in ("readers", "leaders", "", "a b", "admin", "public", "none", "default", "all", "Mixed"):
        yield f"made {name!r}", make(name)
    yield "names", in_order(ask("get_role_names"))

    give = lambda role, name, kind=USER, option=False: ask("grant_role", role, name, kind, "ann", USER, option)
    for label, arguments in (("a user", ("writers", "bob")), ("a user again", ("writers", "bob")),
                             ("with option", ("writers", "cid", USER, True)), ("a role", ("readers", "writers", ROLE)),
                             ("a group", ("readers", "staff", GROUP)), ("a missing role", ("nothing", "bob")),
                             ("to a missing role", ("readers", "nothing", ROLE)), ("to itself", ("readers", "readers", ROLE)),
                             ("in a circle", ("writers", "readers", ROLE)), ("admin", ("admin", "bob")),
                             ("public", ("public", "bob"))):
        yield f"given: {label}", give(*arguments)
    for name, kind in (("bob", USER), ("cid", USER), ("writers", ROLE), ("readers", ROLE), ("staff", GROUP),
                       ("nobody", USER), ("nothing", ROLE), ("none", GROUP)):
        yield f"roles of {name}", in_order(ask("list_roles", name, kind))
        yield f"grants of {name}", in_order(ask("get_role_grants_for_principal",
                                                access.GetRoleGrantsForPrincipalRequest(name, kind)))
    for role in ("writers", "readers", "leaders", "admin", "nothing"):
        yield f"members of {role}", in_order(ask("get_principals_in_role", access.GetPrincipalsInRoleRequest(role)))

    change = lambda kind, role, name, option=None: ask("grant_revoke_role", access.GrantRevokeRoleRequest(
        requestType=kind, roleName=role, principalName=name, principalType=USER, grantor="ann", grantorType=USER,
        grantOption=option))
    yield "request: given", change(GRANT, "leaders", "dan", True)
    yield "request: the option is taken", change(REVOKE, "leaders", "dan", True)
    yield "request: without option", in_order(ask("get_principals_in_role", access.GetPrincipalsInRoleRequest("leaders")))
    yield "request: taken", change(REVOKE, "leaders", "dan", False)
    yield "request: nobody left", ask("get_principals_in_role", access.GetPrincipalsInRoleRequest("leaders"))
    yield "taken", ask("revoke_role", "writers", "cid", USER)
    yield "taken again", ask("revoke_role", "writers", "cid", USER)
    yield "taken from nobody", ask("revoke_role", "writers", "nobody", USER)
    yield "taken of a missing role", ask("revoke_role", "nothing", "bob", USER)
    yield "left to writers", in_order(ask("get_principals_in_role", access.GetPrincipalsInRoleRequest("writers")))
    for name in ("writers", "writers", "nothing", "admin", "public"):
        yield f"dropped {name}", ask("drop_role", name)
    yield "roles of bob at last", in_order(ask("list_roles", "bob", USER))
    yield "members of readers at last", in_order(ask("get_principals_in_role", access.GetPrincipalsInRoleRequest("readers")))


def on(kind, database=None, name=None, values=None, column_name=None):
    return access.HiveObjectRef(objectType=kind, dbName=database, objectName=name, partValues=values,
                                columnName=column_name, catName=None if kind == KIND.GLOBAL else "hive")


def row(what, principal, kind, words, option=False, grantor="ann"):
    return access.HiveObjectPrivilege(
        hiveObject=what, principalName=principal, principalType=kind, authorizer="SQL",
        grantInfo=access.PrivilegeGrantInfo(privilege=words, createTime=0, grantor=grantor, grantorType=USER, grantOption=option))


def bag(*rows):
    return access.PrivilegeBag(list(rows))


def grants(ask, warehouse):
    ask("create_database", objects.Database(name="g", parameters={}))
    ask("create_role", access.Role(roleName="keepers", ownerName="ann"))
    keys = (column("dt", "string"), column("hour", "int"))
    ask("create_table", table("g", "t", keys=keys, parameters={"PARTITION_LEVEL_PRIVILEGE": "TRUE"}))
    ask("add_partition", partition("g", "t", ["a", "1"]))
    ask("add_partition", partition("g", "t", ["b", "2"]))
    whole, database, one = on(KIND.TABLE, "g", "t"), on(KIND.DATABASE, "g"), on(KIND.PARTITION, "g", "t", ["a", "1"])
    of_column = on(KIND.COLUMN, "g", "t", None, "id")
    give = lambda *rows: ask("grant_privileges", bag(*rows))
    listed = lambda name, kind, what: in_order(ask("list_privileges", name, kind, what))
    yield "granted: table", give(row(whole, "bob", USER, "SELECT", True))
    yield "granted: again", give(row(whole, "bob", USER, "SELECT", True))
    yield "granted: without option", give(row(whole, "cid", USER, "INSERT"))
    yield "granted: words in one", give(row(whole, "dan", USER, "SELECT,INSERT"))
    yield "granted: database", give(row(database, "keepers", ROLE, "CREATE"))
    yield "granted: column", give(row(of_column, "bob", USER, "SELECT"))
    yield "granted: partition", give(row(one, "bob", USER, "SELECT"), row(one, "staff", GROUP, "INSERT"),
                                     row(one, "keepers", ROLE, "DELETE"))
    yield "granted: everywhere", give(row(on(KIND.GLOBAL), "eve", USER, "SELECT"))
    for label, what in (("table", on(KIND.TABLE, "g", "no")), ("database", on(KIND.DATABASE, "nowhere")),
                        ("partition", on(KIND.PARTITION, "g", "t", ["no", "9"]))):
        yield f"granted: missing {label}", give(row(what, "bob", USER, "SELECT"))
    yield "granted: to a missing role", give(row(whole, "nothing", ROLE, "SELECT"))
    yield "granted: nothing", give()
    for label, what in (("table", whole), ("database", database), ("column", of_column), ("partition", one),
                        ("everywhere", on(KIND.GLOBAL))):
        for name, kind in (("bob", USER), ("keepers", ROLE), ("staff", GROUP), ("nobody", USER)):
            yield f"listed: {label} of {name}", listed(name, kind, what)
    yield "listed: table of all", listed(None, None, whole)
    yield "listed: partition of all", listed(None, None, one)
    yield "listed: all of bob", listed("bob", USER, on(None))
    yield "listed: missing table", listed("bob", USER, on(KIND.TABLE, "g", "no"))
    for label, what in (("table", whole), ("database", database), ("column", of_column), ("partition", one)):
        for user, groups in (("bob", []), ("bob", ["staff"]), ("nobody", [])):
            yield f"set: {label} for {user} of {groups}", ask("get_privilege_set", what, user, groups)

    yield from partitions_with_grants(ask)

    change = lambda kind, option, *rows: ask("grant_revoke_privileges", access.GrantRevokePrivilegeRequest(
        requestType=kind, privileges=bag(*rows), revokeGrantOption=option))
    yield "request: granted", change(GRANT, False, row(whole, "fay", USER, "UPDATE", True))
    yield "request: the option is taken", change(REVOKE, True, row(whole, "fay", USER, "UPDATE"))
    yield "request: without option", listed("fay", USER, whole)
    yield "request: taken", change(REVOKE, False, row(whole, "fay", USER, "UPDATE"))
    yield "request: nothing left", listed("fay", USER, whole)
    yield "revoked", ask("revoke_privileges", bag(row(of_column, "bob", USER, "SELECT")))
    yield "revoked again", ask("revoke_privileges", bag(row(of_column, "bob", USER, "SELECT")))
    yield "revoked: listed", listed("bob", USER, of_column)
    refresh = lambda what, *rows: ask("refresh_privileges", what, "SQL", access.GrantRevokePrivilegeRequest(
        requestType=GRANT, privileges=bag(*rows)))
    yield "refreshed", refresh(whole, row(whole, "bob", USER, "INSERT"), row(whole, "gil", USER, "SELECT"))
    yield "refreshed: listed", listed(None, None, whole)

    made = table("g", "owned")
    made.privileges = access.PrincipalPrivilegeSet(userPrivileges={"ann": [access.PrivilegeGrantInfo(
        privilege=word, createTime=0, grantor="ann", grantorType=USER, grantOption=True) for word in ("SELECT", "DELETE")]},
        groupPrivileges={}, rolePrivileges={})
    yield "table with grants", ask("create_table", made)
    yield "table with grants: listed", listed("ann", USER, on(KIND.TABLE, "g", "owned"))
    yield "dropped", ask("drop_table", "g", "owned", True)
    yield "dropped: listed", listed("ann", USER, on(KIND.TABLE, "g", "owned"))
    yield "role dropped", ask("drop_role", "keepers")
    yield "role dropped: listed", listed("keepers", ROLE, database)


def partitions_with_grants(ask):
    """What the calls for authorization say of grants on partitions, for tables that keep them by partition and others."""
    ask("create_table", table("g", "plain", keys=(column("dt", "string"),)))
    ask("add_partition", partition("g", "plain", ["a"]))
    ask("grant_privileges", bag(row(on(KIND.PARTITION, "g", "plain", ["a"]), "bob", USER, "SELECT")))

    def told(answer):
        if isinstance(answer, dict):
            answer = answer.get("partitions", answer)
        if isinstance(answer, dict):
            return answer["privileges"] if "privileges" in answer else answer if "!" in answer else "none"
        return [[each["values"], each.get("privileges", "none")] for each in answer]

    for user, groups in (("bob", []), ("bob", ["staff"]), ("nobody", []), (None, None), ("", [])):
        who = f"{user} of {groups}"
        yield f"partition for {who}", told(ask("get_partition_with_auth", "g", "t", ["a", "1"], user, groups))
        yield f"partition without grants for {who}", told(ask("get_partition_with_auth", "g", "t", ["b", "2"], user, groups))
        yield f"partitions for {who}", told(ask("get_partitions_with_auth", "g", "t", -1, user, groups))
        yield f"partitions by values for {who}", told(ask("get_partitions_ps_with_auth", "g", "t", ["a"], -1, user, groups))
        yield f"partitions by request for {who}", told(ask(
            "get_partitions_ps_with_auth_req", partitions.GetPartitionsPsWithAuthRequest(
                dbName="g", tblName="t", partVals=["a"], userName=user, groupNames=groups)))
        yield f"partition of a plain table for {who}", told(ask("get_partition_with_auth", "g", "plain", ["a"], user, groups))
        yield f"partitions of a plain table for {who}", told(ask("get_partitions_with_auth", "g", "plain", -1, user, groups))
    yield "partition without auth", told(ask("get_partition", "g", "t", ["a", "1"]))
    yield "missing partition with auth", told(ask("get_partition_with_auth", "g", "t", ["no", "9"], "bob", []))


FAMILIES = (roles, grants)
