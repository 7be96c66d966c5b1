#!/usr/bin/env python3
"""Figures of an event log, from its CSV file alone: nothing of the system that imports the log is used.

Prints one JSON object: how many events and cases there are, the lines that can't be read, and for each case its current
activity, how often each activity occurred, and the microseconds from its first event to its last, in the file's order.
A line is bad where it has another number of fields than the header, no case or one that isn't in Unicode's form NFC, no
activity, or a time that isn't one.
"""

import csv
import json
import sys
import unicodedata
from datetime import datetime, timedelta


def moment(text):
    try:
        time = datetime.fromisoformat(text.strip().replace("Z", "+00:00"))
    except ValueError:
        return None
    return time if time.tzinfo else None


def figures(path, case_column, activity_column, time_column):
    cases, bad, events, backwards = {}, [], 0, 0
    with open(path, encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        header = next(rows)
        case_at, activity_at, time_at = (header.index(name) for name in (case_column, activity_column, time_column))
        line = rows.line_num + 1
        for row in rows:
            begun, line = line, rows.line_num + 1
            if not row:
                continue
            time = moment(row[time_at]) if len(row) == len(header) else None
            name = row[case_at] if time else ""
            if not name or not row[activity_at] or name != unicodedata.normalize("NFC", name):
                bad.append(begun)
                continue
            events += 1
            case = cases.setdefault(name, {"counts": {}, "first": time, "last": time})
            backwards += time < case["last"]
            case["counts"][row[activity_at]] = case["counts"].get(row[activity_at], 0) + 1
            case["current"] = row[activity_at]
            case["last"] = time
    return {
        "events": events,
        "backwards": backwards,
        "bad": bad,
        "cases": {
            name: {
                "current": case["current"],
                "count": sum(case["counts"].values()),
                "counts": case["counts"],
                "microseconds": (case["last"] - case["first"]) // timedelta(microseconds=1),
            }
            for name, case in cases.items()
        },
    }


if __name__ == "__main__":
    json.dump(figures(*sys.argv[1:5]), sys.stdout)
