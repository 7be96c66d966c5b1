#!/usr/bin/env python3
"""Looks at a cloud from the outside, and shares no code with what made it.

    outside.py leftovers <endpoint> <region> <stack> <release,release,…>   names of what these releases left, as a JSON list
    outside.py dump <endpoint> <region> <folder>                          every item of every table, a file each

It runs on Python 3.9 and needs botocore.
"""

from __future__ import annotations

import json
import os
import re
import sys
from typing import Any, Iterator, List

import botocore.session
from botocore.config import Config


def client(service: str, endpoint: str, region: str) -> Any:
    return botocore.session.Session().create_client(
        service,
        region_name=region,
        endpoint_url=endpoint,
        aws_access_key_id=os.environ.get("AWS_ACCESS_KEY_ID", "test"),
        aws_secret_access_key=os.environ.get("AWS_SECRET_ACCESS_KEY", "test"),
        config=Config(retries={"max_attempts": 5, "mode": "standard"}, read_timeout=60),
    )


def names(endpoint: str, region: str) -> Iterator[str]:
    """The name of everything that a release can have, with its kind before it."""

    def pages(service: str, operation: str, member: str) -> Iterator[Any]:
        for page in client(service, endpoint, region).get_paginator(operation).paginate():
            yield from page.get(member, [])

    yield from ("table " + name for name in pages("dynamodb", "list_tables", "TableNames"))
    yield from ("stream " + name for name in pages("kinesis", "list_streams", "StreamNames"))
    yield from ("function " + item["FunctionName"] for item in pages("lambda", "list_functions", "Functions"))
    yield from ("role " + item["RoleName"] for item in pages("iam", "list_roles", "Roles"))
    yield from ("log group " + item["logGroupName"] for item in pages("logs", "describe_log_groups", "logGroups"))
    yield from (f"mapping {item['FunctionArn'].split(':')[-1]} of {item.get('EventSourceArn', '?').split('/')[-1]}"
                for item in pages("lambda", "list_event_source_mappings", "EventSourceMappings"))
    yield from ("state machine " + item["name"] for item in pages("stepfunctions", "list_state_machines", "stateMachines"))
    yield from ("API " + item["Name"] for item in pages("apigatewayv2", "get_apis", "Items"))


def leftovers(endpoint: str, region: str, stack: str, releases: List[str]) -> List[str]:
    gone = re.compile(rf"\b{re.escape(stack)}-({'|'.join(map(re.escape, releases))})-")
    return sorted(name for name in names(endpoint, region) if gone.search(name))


def dump(endpoint: str, region: str, folder: str) -> None:
    os.makedirs(folder, exist_ok=True)
    tables = client("dynamodb", endpoint, region)
    for page in tables.get_paginator("list_tables").paginate():
        for table in page["TableNames"]:
            with open(os.path.join(folder, table + ".jsonl"), "w", encoding="utf-8") as file:
                for part in tables.get_paginator("scan").paginate(TableName=table, ConsistentRead=True):
                    for item in part["Items"]:
                        print(json.dumps(item, ensure_ascii=False, sort_keys=True, default=str), file=file)


def main() -> int:
    command, endpoint, region, *rest = sys.argv[1:]
    if command == "leftovers":
        print(json.dumps(leftovers(endpoint, region, rest[0], rest[1].split(","))))
    elif command == "dump":
        dump(endpoint, region, rest[0])
    else:
        print(f"'{command}' is not leftovers or dump", file=sys.stderr)
        return 64
    return 0


if __name__ == "__main__":
    sys.exit(main())
