"""Databases, tables and privileges over the DLI API, with the service's SDK. See README.md beside this file.

usage: client.py --endpoint URL --admin KEY.json --user KEY.json [--project CATALOG] [--user-name NAME]
"""
import argparse
import json

from huaweicloudsdkcore.auth.credentials import BasicCredentials
from huaweicloudsdkcore.exceptions.exceptions import ClientRequestException
from huaweicloudsdkdli import v1 as dli


def connect(endpoint, key_file, project):
    """A client that signs with the key that `lodestone key create -o json` printed."""
    with open(key_file, encoding="utf-8") as file:
        key = json.load(file)
    credentials = BasicCredentials(key["access_key_id"], key["access_key_secret"], project)
    return dli.DliClient.new_builder().with_credentials(credentials).with_endpoints([endpoint]).build()


def make_table(admin):
    admin.create_database(dli.CreateDatabaseRequest(
        body=dli.CreateDatabaseRequestBody(database_name="shop", description="An example")))
    columns = [dli.Column(column_name="id", type="bigint"),
               dli.Column(column_name="customer", type="string"),
               dli.Column(column_name="dt", type="date", is_partition_column=True)]
    body = dli.CreateTableRequestBody(table_name="orders", data_location="OBS", data_type="csv",
                                      data_path="obs://bucket/orders", columns=columns, with_column_header=True)
    admin.create_table(dli.CreateTableRequest(database_name="shop", body=body))


def grant(admin, user, item, *privileges):
    body = dli.RunDataAuthorizationActionRequestBody(
        user_name=user, action="grant",
        privileges=[dli.DataAuthorizationPrivilege(object=item, privileges=list(privileges))])
    admin.run_data_authorization_action(dli.RunDataAuthorizationActionRequest(body=body))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("--endpoint", "--admin", "--user"):
        parser.add_argument(name, required=True)
    parser.add_argument("--project", default="hive")
    parser.add_argument("--user-name", default="ana")
    arguments = parser.parse_args()
    admin = connect(arguments.endpoint, arguments.admin, arguments.project)
    user = connect(arguments.endpoint, arguments.user, arguments.project)

    make_table(admin)
    show = dli.ShowTableRequest(database_name="shop", table_name="orders")
    print(admin.show_table(show).create_table_sql)
    try:
        user.show_table(show)
    except ClientRequestException as refused:
        print("before the grant:", refused.error_code, refused.error_msg)
    grant(admin, arguments.user_name, "databases.shop.tables.orders", "DESCRIBE_TABLE")
    print("after the grant:", [column.column_name for column in user.show_table(show).columns])
    users = admin.list_table_users(dli.ListTableUsersRequest(database_name="shop", table_name="orders"))
    for one in users.privileges:
        print(one.user_name, one.object, one.privileges)
    admin.delete_database(dli.DeleteDatabaseRequest(database_name="shop", cascade=True))


if __name__ == "__main__":
    main()
