"""A plain copier: eight threads, a parallel scan, batch writes. Arguments: source table, target table, name of the source release."""

import json
import resource
import sys
import threading
import time

import boto3
from botocore.config import Config

THREADS = 8
source, target, release = sys.argv[1:4]
client = boto3.client("dynamodb", config=Config(max_pool_connections=2 * THREADS, read_timeout=120))
lock = threading.Lock()
requests = {"Scan": 0, "BatchWriteItem": 0}
timeline = []
copied = 0
failures = []
begun = time.monotonic()


def count(operation, events=0):
    global copied
    with lock:
        requests[operation] += 1
        copied += events
        now = time.monotonic() - begun
        if events and now - (timeline[-1][0] if timeline else 0) >= 0.25:
            timeline.append([now, copied])


def write(items):
    waiting = [{"PutRequest": {"Item": item}} for item in items]
    while waiting:
        answer = client.batch_write_item(RequestItems={target: waiting})
        left = answer.get("UnprocessedItems", {}).get(target, [])
        count("BatchWriteItem", len(waiting) - len(left))
        if left:
            time.sleep(0.05)
        waiting = left


def copy(segment):
    try:
        key, batch = None, []
        while True:
            start = {"ExclusiveStartKey": key} if key else {}
            page = client.scan(TableName=source, Segment=segment, TotalSegments=THREADS, ConsistentRead=True, **start)
            count("Scan")
            for item in page["Items"]:
                item["source"] = {"S": item["aggregateId"]["S"] + "@" + item["version"]["N"]}
                item["from"] = {"S": release}
                item["epoch"] = {"N": "0"}
                batch.append(item)
                if len(batch) == 25:
                    write(batch)
                    batch = []
            key = page.get("LastEvaluatedKey")
            if not key:
                break
        if batch:
            write(batch)
    except Exception as error:
        failures.append(error)


threads = [threading.Thread(target=copy, args=(segment,)) for segment in range(THREADS)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
if failures:
    raise failures[0]
seconds = time.monotonic() - begun
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    with open("/proc/self/status") as status:
        peak = next(int(line.split()[1]) for line in status if line.startswith("VmHWM:"))
except OSError:
    pass
print(
    json.dumps(
        {
            "events": copied,
            "seconds": seconds,
            "requests": requests,
            "timeline": timeline + [[seconds, copied]],
            "peakKilobytes": peak,
        }
    )
)
