#!/usr/bin/env python3
"""Audits a run of the orders stack from the outside, and shares no code with it.

It holds a journal of every HTTP request that the traffic clients sent against what is in the cloud: the events table of
the release that owns the writes, its read model, the API, and the mail that was sent. It prints one JSON object and
exits with 0 if every figure that should be zero is, with 1 if one isn't, and with 2 if it could not tell.

The journal has one JSON object a line: client, seq, method, path, kind (place, pay, ship, cancel, get, list), orderId,
idempotencyKey, status, body, request, sentAt, answeredAt, release, ok.

It runs on Python 3.9 and needs botocore.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import re
import sys
import time
import urllib.request
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Any, Callable, Dict, Iterable, Iterator, List, Optional, Set
from urllib.parse import quote, urlsplit

import botocore.exceptions
import botocore.session
from botocore.config import Config

STATUS_AFTER = {"place": "placed", "pay": "paid", "ship": "shipped", "cancel": "cancelled"}
PLACED_TYPES = {"OrderPlaced", "OrderSubmitted"}
SHIPPED_TYPES = {"OrderShipped"}
ORDER_MAIL = re.compile(r"^Order (\S+) (received|shipped)$")
POLL_SECONDS = 0.25
SAMPLE_SIZE = 50
MAX_PROBLEMS = 20


@dataclass(frozen=True)
class Event:
    """One item of the events table, without its data."""

    stream: str
    version: int
    event_id: str
    type: str
    command: Optional[str]
    origin: str


@dataclass
class Command:
    """A write that a client sent, once or several times with the same idempotency key."""

    key: str
    order: str
    kind: str
    sent_at: float
    acknowledged: bool = False
    acknowledged_at: float = math.inf


@dataclass
class Findings:
    """Counts by name, and the first sentences that explain them."""

    counts: Counter = field(default_factory=Counter)
    problems: List[str] = field(default_factory=list)

    def add(self, name: str, problem: str) -> None:
        self.counts[name] += 1
        if len(self.problems) < MAX_PROBLEMS:
            self.problems.append(problem)


# The journal


def read_journal(path: str) -> List[Dict[str, Any]]:
    entries = []
    with open(path, encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            try:
                entries.append(json.loads(line))
            except ValueError as error:
                raise SystemExit(fail(f"{path}:{number} is not JSON: {error}")) from error
    return entries


def is_success(entry: Dict[str, Any]) -> bool:
    return 200 <= int(entry.get("status") or 0) < 300


def commands_of(entries: Iterable[Dict[str, Any]]) -> Dict[str, Command]:
    """The writes by idempotency key; one that was sent again counts once, at its first time."""
    commands: Dict[str, Command] = {}
    for entry in entries:
        kind, key, order = entry.get("kind"), entry.get("idempotencyKey"), entry.get("orderId")
        if kind not in STATUS_AFTER or not key or not order:
            continue
        sent_at = float(entry.get("sentAt") or 0)
        command = commands.setdefault(key, Command(key, order, kind, sent_at))
        command.sent_at = min(command.sent_at, sent_at)
        if is_success(entry):
            command.acknowledged = True
            command.acknowledged_at = min(command.acknowledged_at, float(entry.get("answeredAt") or math.inf))
    return commands


# The cloud


def dynamodb(endpoint: str, region: str) -> Any:
    return botocore.session.Session().create_client(
        "dynamodb",
        region_name=region,
        endpoint_url=endpoint,
        aws_access_key_id=os.environ.get("AWS_ACCESS_KEY_ID", "test"),
        aws_secret_access_key=os.environ.get("AWS_SECRET_ACCESS_KEY", "test"),
        config=Config(retries={"max_attempts": 5, "mode": "standard"}, read_timeout=60),
    )


def scan_events(client: Any, table: str) -> Iterator[Event]:
    pages = client.get_paginator("scan").paginate(
        TableName=table,
        ConsistentRead=True,
        ProjectionExpression="#a, #v, #i, #t, #m, #o",
        ExpressionAttributeNames={
            "#a": "aggregateId", "#v": "version", "#i": "eventId", "#t": "type", "#m": "meta", "#o": "origin",
        },
    )
    for page in pages:
        for item in page["Items"]:
            yield event_of(item)


def event_of(item: Dict[str, Any]) -> Event:
    try:
        meta = json.loads(item.get("meta", {}).get("S") or "{}")
    except ValueError:
        meta = {}
    return Event(
        stream=item["aggregateId"]["S"],
        version=int(item["version"]["N"]),
        event_id=item.get("eventId", {}).get("S", ""),
        type=item.get("type", {}).get("S", ""),
        command=meta.get("command") if isinstance(meta, dict) else None,
        origin=item.get("origin", {}).get("S", ""),
    )


def get_documents(client: Any, table: str, ids: List[str]) -> Dict[str, Dict[str, Any]]:
    """The documents that exist, by id. BatchGetItem takes at most 100 keys and may leave some for the next call."""
    found: Dict[str, Dict[str, Any]] = {}
    for start in range(0, len(ids), 100):
        request = {table: {"Keys": [{"id": {"S": key}} for key in ids[start:start + 100]], "ConsistentRead": True}}
        while request:
            answer = client.batch_get_item(RequestItems=request)
            for item in answer["Responses"].get(table, []):
                found[item["id"]["S"]] = item
            request = answer.get("UnprocessedKeys") or {}
    return found


def open_url(request: urllib.request.Request) -> Any:
    """Never by a proxy of the environment."""
    return urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=30)


def sent_subjects(endpoint: str) -> List[str]:
    """The subject of every mail about an order, once for each mail."""
    with open_url(urllib.request.Request(endpoint + "/_ministack/ses/messages")) as answer:
        accounts = json.load(answer)["messages"]
    subjects = [mail.get("Subject") or "" for mails in accounts.values() for mail in mails]
    return [subject for subject in subjects if ORDER_MAIL.match(subject)]


# What is held against what


def check_commands(commands: Dict[str, Command], events: List[Event], findings: Findings) -> None:
    """Every acknowledged command has exactly one event; no command has two."""
    counts = Counter(event.command for event in events if event.command)
    for command in commands.values():
        count = counts[command.key]
        if command.acknowledged and count == 0:
            findings.add("lost", f"{command.kind} of {command.order} ({command.key}) was acknowledged and has no event")
        if count > 1:
            findings.add("duplicated", f"{command.kind} of {command.order} ({command.key}) has {count} events")


def check_streams(streams: Dict[str, List[Event]], findings: Findings) -> None:
    """Versions are 1, 2, 3 … without a gap; event ids are unique over the table."""
    for stream, events in streams.items():
        for expected, event in enumerate(events, start=1):
            if event.version != expected:
                findings.add("versionGaps", f"stream {stream} has version {event.version} where {expected} is due")
                break
    ids = Counter(event.event_id for events in streams.values() for event in events)
    for event_id, count in ids.items():
        if count > 1:
            findings.add("duplicated", f"event id {event_id} occurs {count} times")


def check_order(commands: Dict[str, Command], streams: Dict[str, List[Event]], findings: Findings) -> None:
    """What was acknowledged before the next command of the same order was sent comes before it in the stream."""
    versions = {event.command: event.version for events in streams.values() for event in events if event.command}
    by_order: Dict[str, List[Command]] = defaultdict(list)
    for command in commands.values():
        if command.key in versions:
            by_order[command.order].append(command)
    for order, sent in by_order.items():
        sent.sort(key=lambda command: command.sent_at)
        for earlier, later in zip(sent, sent[1:]):
            if earlier.acknowledged_at <= later.sent_at and versions[earlier.key] > versions[later.key]:
                findings.add("outOfOrder", f"{later.kind} of {order} was sent after {earlier.kind} was acknowledged, and comes before it")


def implied_statuses(commands: Dict[str, Command], streams: Dict[str, List[Event]]) -> Dict[str, Optional[str]]:
    """The status that each order of the journal must have, or None where there must be no order.

    A command without an acknowledgement counts if its event is there: the client may have lost the answer. Commands of
    one order count in the order of their events; one that was lost, in the order in which it was sent.
    """
    statuses: Dict[str, Optional[str]] = {}
    by_order: Dict[str, List[Command]] = defaultdict(list)
    for command in commands.values():
        by_order[command.order].append(command)
    for order, sent in by_order.items():
        versions = {event.command: event.version for event in streams.get(order, []) if event.command}
        done = [command for command in sent if command.acknowledged or command.key in versions]
        done.sort(key=lambda command: (versions.get(command.key, sys.maxsize), command.sent_at))
        statuses[order] = STATUS_AFTER[done[-1].kind] if done else None
    return statuses


def document_problem(
    order: str, status: Optional[str], version: int, document: Optional[Dict[str, Any]]
) -> Optional[str]:
    if status is None:
        if document is None or version > 0:
            return None
        return f"order {order} has a document and no event"
    if document is None:
        return f"order {order} has no document, and should be {status} at version {version}"
    actual_status = document.get("status", {}).get("S")
    actual_version = document.get("version", {}).get("N")
    if actual_status == status and actual_version == str(version):
        return None
    return (
        f"document {order} is {actual_status} at version {actual_version}, "
        f"and should be {status} at version {version}"
    )


def poll(seconds: float, look: Callable[[], Dict[str, str]]) -> Dict[str, str]:
    """Looks until there are no problems, or they have been no fewer for that long, and returns those of the last look."""
    deadline = time.monotonic() + seconds
    fewest = None
    while True:
        problems = look()
        if fewest is None or len(problems) < fewest:
            fewest, deadline = len(problems), time.monotonic() + seconds
        if not problems or time.monotonic() >= deadline:
            return problems
        time.sleep(POLL_SECONDS)


def check_documents(
    client: Any, table: str, statuses: Dict[str, Optional[str]], streams: Dict[str, List[Event]], settle: float,
    findings: Findings,
) -> Set[str]:
    """Every order's document is what its commands imply. Returns the orders whose document isn't."""
    waiting = sorted(statuses)

    def look() -> Dict[str, str]:
        nonlocal waiting
        documents = get_documents(client, table, waiting)
        problems = {}
        for order in waiting:
            problem = document_problem(order, statuses[order], len(streams.get(order, [])), documents.get(order))
            if problem:
                problems[order] = problem
        waiting = sorted(problems)
        return problems

    problems = poll(settle, look)
    for problem in problems.values():
        findings.add("readModelMismatches", problem)
    return set(problems)


def sample(values: List[str], size: int) -> List[str]:
    """At most `size` of the values, evenly spread."""
    return values if len(values) <= size else [values[index * len(values) // size] for index in range(size)]


def check_api(
    endpoint: str, domain: str, statuses: Dict[str, Optional[str]], known: Set[str], findings: Findings
) -> None:
    """The API shows a sample of the orders as their commands imply, leaving out those known to be wrong."""
    orders = sorted(order for order, status in statuses.items() if status and order not in known)
    for order in sample(orders, SAMPLE_SIZE):
        request = urllib.request.Request(f"{endpoint}/orders/{quote(order, safe='')}", headers={"Host": domain})
        try:
            with open_url(request) as answer:
                body = json.load(answer)
        except (OSError, ValueError) as error:
            findings.add("readModelMismatches", f"GET /orders/{order} at {domain} failed: {error}")
            continue
        status = body.get("status") if isinstance(body, dict) else None
        if status != statuses[order]:
            findings.add("readModelMismatches", f"GET /orders/{order} shows {status}, and should show {statuses[order]}")


def expected_mails(commands: Dict[str, Command], events: List[Event]) -> Set[str]:
    """One mail for each order received and each shipped; none for what was imported."""
    expected = set()
    for event in events:
        if event.origin != "import" and event.type in PLACED_TYPES:
            expected.add(f"Order {event.stream} received")
        if event.origin != "import" and event.type in SHIPPED_TYPES:
            expected.add(f"Order {event.stream} shipped")
    for command in commands.values():
        if command.acknowledged and command.kind == "place":
            expected.add(f"Order {command.order} received")
        if command.acknowledged and command.kind == "ship":
            expected.add(f"Order {command.order} shipped")
    return expected


def check_mails(endpoint: str, expected: Set[str], wait: float, findings: Findings) -> int:
    """Each expected mail was sent once, and no other. Returns how many mails were sent."""
    subjects: List[str] = []

    def look() -> Dict[str, str]:
        nonlocal subjects
        subjects = sent_subjects(endpoint)
        return {subject: f"no mail '{subject}' was sent" for subject in sorted(expected.difference(subjects))}

    for problem in poll(wait, look).values():
        findings.add("missing", problem)
    for subject, count in Counter(subjects).items():
        if subject not in expected:
            findings.add("unexpected", f"a mail '{subject}' was sent, and no event of this system's own calls for it")
        for _ in range(count - 1):
            findings.add("duplicated", f"the mail '{subject}' was sent {count} times")
    return len(subjects)


# The program


def audit(options: argparse.Namespace) -> Dict[str, Any]:
    entries = read_journal(options.journal)
    commands = commands_of(entries)
    client = dynamodb(options.endpoint, options.region)
    prefix = f"{options.stack}-{options.release}"
    events = list(scan_events(client, f"{prefix}-events"))
    streams: Dict[str, List[Event]] = defaultdict(list)
    for event in sorted(events, key=lambda event: (event.stream, event.version)):
        streams[event.stream].append(event)

    facts, effects = Findings(), Findings()
    check_commands(commands, events, facts)
    check_streams(streams, facts)
    check_order(commands, streams, facts)
    statuses = implied_statuses(commands, streams)
    wrong = check_documents(client, f"{prefix}-order-summary", statuses, streams, options.settle, facts)
    if options.domain:
        check_api(options.endpoint, options.domain, statuses, wrong, facts)
    expected = expected_mails(commands, events)
    sent = check_mails(options.endpoint, expected, options.mail_wait, effects)

    return {
        "audit": {
            "acknowledged": sum(command.acknowledged for command in commands.values()),
            "lost": facts.counts["lost"],
            "duplicated": facts.counts["duplicated"],
            "versionGaps": facts.counts["versionGaps"],
            "outOfOrder": facts.counts["outOfOrder"],
            "readModelMismatches": facts.counts["readModelMismatches"],
            "problems": facts.problems,
        },
        "effects": {
            "expected": len(expected),
            "sent": sent,
            "duplicated": effects.counts["duplicated"],
            "missing": effects.counts["missing"],
            "unexpected": effects.counts["unexpected"],
            "problems": effects.problems,
        },
        "requests": {"sent": len(entries), "failed": sum(not entry.get("ok") for entry in entries)},
    }


def is_clean(report: Dict[str, Any]) -> bool:
    facts, effects = report["audit"], report["effects"]
    zeros = [facts[name] for name in ("lost", "duplicated", "versionGaps", "outOfOrder", "readModelMismatches")]
    zeros += [effects[name] for name in ("duplicated", "missing", "unexpected")]
    return not any(zeros) and report["requests"]["failed"] == 0


def fail(problem: str) -> int:
    print(f"audit: {problem}", file=sys.stderr)
    return 2


def parse(arguments: Optional[List[str]] = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Audits a run of the orders stack from the outside.")
    parser.add_argument("--endpoint", required=True, help="the cloud's endpoint, e.g. http://127.0.0.1:4566")
    parser.add_argument("--region", default=os.environ.get("AWS_REGION", "us-east-1"))
    parser.add_argument("--stack", required=True)
    parser.add_argument("--release", required=True, help="the release that owns the writes now")
    parser.add_argument("--journal", required=True, help="the traffic clients' journal, a JSON object a line")
    parser.add_argument("--domain", help="the API's domain; with it a sample of orders is read by HTTP as well")
    parser.add_argument("--settle", type=float, default=30, help="seconds to wait for the read model to get nearer")
    parser.add_argument("--mail-wait", type=float, default=20, help="seconds to wait for one more mail")
    options = parser.parse_args(arguments)
    options.endpoint = options.endpoint.rstrip("/")
    return options


def main() -> int:
    options = parse()
    # botocore goes by a proxy of the environment unless told otherwise.
    os.environ["NO_PROXY"] = os.environ["no_proxy"] = urlsplit(options.endpoint).hostname or "127.0.0.1"
    try:
        report = audit(options)
    except (OSError, botocore.exceptions.BotoCoreError, botocore.exceptions.ClientError) as error:
        return fail(f"could not read what is to be audited: {error}")
    print(json.dumps(report, ensure_ascii=False))
    return 0 if is_clean(report) else 1


if __name__ == "__main__":
    sys.exit(main())
