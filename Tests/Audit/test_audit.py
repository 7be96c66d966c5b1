"""Tests of the audit program. AUDIT names it, AWS_ENDPOINT_URL a local cloud that may be filled."""

import io
import json
import os
import subprocess
import sys
import tempfile
import unittest
import uuid
import zipfile

import botocore.session

ENDPOINT = os.environ["AWS_ENDPOINT_URL"]
AUDIT = os.environ["AUDIT"]
os.environ["NO_PROXY"] = os.environ["no_proxy"] = "127.0.0.1"


def client(service):
    return botocore.session.Session().create_client(service, endpoint_url=ENDPOINT)


class Scenario:
    """A stack of its own with a journal, in which everything is right until a test breaks something."""

    def __init__(self):
        unique = uuid.uuid4().hex[:12]
        self.stack = f"orders-{unique}"
        self.order = f"o-{unique}"
        self.events, self.summary = f"{self.stack}-r1-events", f"{self.stack}-r1-order-summary"
        self.dynamodb, self.ses = client("dynamodb"), client("sesv2")
        self.journal = []
        # SES takes mail from verified senders only.
        self.ses.create_email_identity(EmailIdentity="shop@orders.example")
        self.create(self.events, [("aggregateId", "S"), ("version", "N")])
        self.create(self.summary, [("id", "S")])

    def create(self, table, keys):
        self.dynamodb.create_table(
            TableName=table,
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": name, "AttributeType": kind} for name, kind in keys],
            KeySchema=[
                {"AttributeName": name, "KeyType": role} for (name, _), role in zip(keys, ["HASH", "RANGE"])
            ],
        )

    def event(self, version, kind, command, event_id=None, origin="r1", order=None):
        self.dynamodb.put_item(TableName=self.events, Item={
            "aggregateId": {"S": order or self.order},
            "version": {"N": str(version)},
            "eventId": {"S": event_id or uuid.uuid4().hex},
            "type": {"S": kind},
            "data": {"S": "{}"},
            "meta": {"S": json.dumps({"command": command})},
            "origin": {"S": origin},
        })

    def document(self, status, version, order=None):
        self.dynamodb.put_item(TableName=self.summary, Item={
            "id": {"S": order or self.order}, "status": {"S": status}, "version": {"N": str(version)},
        })

    def mail(self, subject):
        self.ses.send_email(
            FromEmailAddress="shop@orders.example",
            Destination={"ToAddresses": ["customer@orders.example"]},
            Content={"Simple": {"Subject": {"Data": subject}, "Body": {"Text": {"Data": "Thanks."}}}},
        )

    def api(self, answer):
        """An HTTP API behind a domain of its own, whose function gives one answer. Returns the domain."""
        archive = io.BytesIO()
        with zipfile.ZipFile(archive, "w") as code:
            code.writestr("index.py", f"def handler(event, context):\n    return {answer!r}\n")
        function = client("lambda").create_function(
            FunctionName=f"{self.stack}-r1-orders", Runtime="python3.12", Handler="index.handler",
            Role="arn:aws:iam::000000000000:role/orders", Code={"ZipFile": archive.getvalue()})
        gateway, domain = client("apigatewayv2"), f"{self.stack}.orders.example"
        api = gateway.create_api(Name=self.stack, ProtocolType="HTTP")
        integration = gateway.create_integration(
            ApiId=api["ApiId"], IntegrationType="AWS_PROXY", IntegrationUri=function["FunctionArn"],
            PayloadFormatVersion="2.0")
        gateway.create_route(
            ApiId=api["ApiId"], RouteKey="$default", Target=f"integrations/{integration['IntegrationId']}")
        gateway.create_stage(ApiId=api["ApiId"], StageName="$default", AutoDeploy=True)
        gateway.create_domain_name(DomainName=domain)
        gateway.create_api_mapping(DomainName=domain, ApiId=api["ApiId"], Stage="$default")
        return domain

    def request(self, kind, key, status, order=None):
        self.journal.append({
            "client": 1, "seq": len(self.journal), "method": "POST", "path": "/orders", "kind": kind,
            "orderId": order or self.order, "idempotencyKey": key, "status": status, "body": {}, "request": {},
            "sentAt": float(len(self.journal)), "answeredAt": float(len(self.journal)) + 0.5, "release": "r1",
            "ok": 200 <= status < 300,
        })

    def fill(self):
        self.request("place", "k1", 201)
        self.event(1, "OrderPlaced", "k1")
        self.mail(f"Order {self.order} received")
        self.request("ship", "k2", 200)
        self.event(2, "OrderShipped", "k2")
        self.mail(f"Order {self.order} shipped")
        self.document("shipped", 2)
        return self

    def audit(self, *arguments):
        with tempfile.NamedTemporaryFile("w", suffix=".jsonl") as journal:
            journal.writelines(json.dumps(entry) + "\n" for entry in self.journal)
            journal.flush()
            result = subprocess.run(
                [sys.executable, AUDIT, "--endpoint", ENDPOINT, "--stack", self.stack, "--release", "r1", "--journal",
                 journal.name, "--settle", "0", "--mail-wait", "0", *arguments],
                stdout=subprocess.PIPE, stderr=subprocess.PIPE, universal_newlines=True, check=False)
        if result.returncode == 2:
            raise AssertionError(result.stderr)
        return result.returncode, json.loads(result.stdout)


class AuditTest(unittest.TestCase):
    """The mail of a cloud is one list for all stacks, so what is unexpected is counted from a clean one."""

    def setUp(self):
        subprocess.run(
            [sys.executable, "-c", "import sys, urllib.request as u; u.build_opener(u.ProxyHandler({})).open("
             "u.Request(sys.argv[1] + '/_ministack/reset', method='POST'))", ENDPOINT], check=True)
        self.scenario = Scenario()

    def figures(self, report, part="audit"):
        return {name: count for name, count in report[part].items() if name != "problems" and count}

    def test_a_clean_run_is_clean(self):
        code, report = self.scenario.fill().audit()
        self.assertEqual(report, {
            "audit": {"acknowledged": 2, "lost": 0, "duplicated": 0, "versionGaps": 0, "outOfOrder": 0,
                      "readModelMismatches": 0, "problems": []},
            "effects": {"expected": 2, "sent": 2, "duplicated": 0, "missing": 0, "unexpected": 0, "problems": []},
            "requests": {"sent": 2, "failed": 0},
        })
        self.assertEqual(code, 0)

    def test_an_acknowledged_command_without_an_event_is_lost(self):
        self.scenario.fill().request("pay", "k3", 200)
        code, report = self.scenario.audit()
        self.assertEqual(self.figures(report), {"acknowledged": 3, "lost": 1, "readModelMismatches": 1})
        self.assertIn(f"pay of {self.scenario.order} (k3) was acknowledged and has no event",
                      report["audit"]["problems"])
        self.assertEqual(code, 1)

    def test_a_command_that_was_done_twice_is_duplicated(self):
        self.scenario.fill().event(3, "OrderShipped", "k2")
        self.scenario.document("shipped", 3)
        code, report = self.scenario.audit()
        self.assertEqual(self.figures(report), {"acknowledged": 2, "duplicated": 1})
        self.assertEqual(code, 1)

    def test_an_event_id_that_occurs_twice_is_duplicated(self):
        self.scenario.fill()
        self.scenario.event(1, "Imported", None, event_id="e", origin="import", order="x")
        self.scenario.event(2, "Imported", None, event_id="e", origin="import", order="x")
        self.assertEqual(self.figures(self.scenario.audit()[1]), {"acknowledged": 2, "duplicated": 1})

    def test_a_gap_in_a_stream_is_found(self):
        self.scenario.fill().event(4, "OrderNoted", None)
        self.scenario.document("shipped", 3)
        self.assertEqual(self.figures(self.scenario.audit()[1]), {"acknowledged": 2, "versionGaps": 1})

    def test_a_document_that_is_behind_is_a_mismatch(self):
        self.scenario.fill().document("placed", 1)
        code, report = self.scenario.audit()
        self.assertEqual(report["audit"]["problems"], [
            f"document {self.scenario.order} is placed at version 1, and should be shipped at version 2"])
        self.assertEqual(code, 1)

    def test_a_command_whose_answer_was_lost_counts_if_its_event_is_there(self):
        self.scenario.fill().request("cancel", "k3", 0)
        self.scenario.event(3, "OrderCancelled", "k3")
        self.scenario.document("cancelled", 3)
        code, report = self.scenario.audit()
        self.assertEqual(self.figures(report), {"acknowledged": 2})
        self.assertEqual((code, report["requests"]), (1, {"sent": 3, "failed": 1}))

    def test_a_command_that_was_refused_leaves_nothing(self):
        self.scenario.request("place", "k1", 409)
        self.assertEqual(self.figures(self.scenario.audit()[1]), {})

    def test_a_request_that_was_sent_again_counts_once(self):
        self.scenario.fill().request("ship", "k2", 200)
        self.assertEqual(self.figures(self.scenario.audit()[1]), {"acknowledged": 2})

    def test_mail_that_was_sent_twice_or_never_or_for_nothing_is_found(self):
        self.scenario.fill().request("place", "k3", 201, order="second")
        self.scenario.event(1, "OrderSubmitted", "k3", order="second")
        self.scenario.document("placed", 1, order="second")
        self.scenario.event(1, "OrderPlaced", None, origin="import", order="old")
        self.scenario.mail(f"Order {self.scenario.order} shipped")
        self.scenario.mail("Order old received")
        self.scenario.mail("A newsletter")
        code, report = self.scenario.audit()
        self.assertEqual(self.figures(report), {"acknowledged": 3})
        self.assertEqual(self.figures(report, "effects"),
                         {"expected": 3, "sent": 4, "duplicated": 1, "missing": 1, "unexpected": 1})
        self.assertEqual(code, 1)

    def test_an_api_that_does_not_answer_is_a_mismatch(self):
        report = self.scenario.fill().audit("--domain", "nowhere.orders.example")[1]
        self.assertEqual(self.figures(report), {"acknowledged": 2, "readModelMismatches": 1})

    def test_the_api_is_read_by_the_domain(self):
        domain = self.scenario.fill().api({"statusCode": 200, "body": json.dumps({"status": "shipped"})})
        self.assertEqual(self.figures(self.scenario.audit("--domain", domain)[1]), {"acknowledged": 2})

    def test_an_api_that_shows_another_status_is_a_mismatch(self):
        domain = self.scenario.fill().api({"statusCode": 200, "body": json.dumps({"status": "paid"})})
        report = self.scenario.audit("--domain", domain)[1]
        self.assertEqual(report["audit"]["problems"], [
            f"GET /orders/{self.scenario.order} shows paid, and should show shipped"])

    def test_a_table_that_does_not_exist_is_not_a_verdict(self):
        with self.assertRaisesRegex(AssertionError, "audit: could not read what is to be audited"):
            self.scenario.audit("--release", "r9")


if __name__ == "__main__":
    unittest.main()
