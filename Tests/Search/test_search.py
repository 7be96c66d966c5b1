"""Tests of the local search server: that it answers as OpenSearch's documentation has it. SEARCH names the program."""

import importlib.util
import json
import os
import socket
import threading
import unittest
import urllib.error
import urllib.request
import uuid

spec = importlib.util.spec_from_file_location("search", os.environ["SEARCH"])
search = importlib.util.module_from_spec(spec)
spec.loader.exec_module(search)

LISTENING = socket.create_server(("127.0.0.1", 0))
ENDPOINT = f"http://127.0.0.1:{LISTENING.getsockname()[1]}"
threading.Thread(target=search.serve, args=(LISTENING,), daemon=True).start()
DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))

MAPPINGS = {
    "dynamic": False,
    "properties": {
        "id": {"type": "keyword"},
        "name": {"type": "text"},
        "status": {"type": "keyword", "ignore_above": 8191},
        "total": {"type": "double"},
        "placed": {"type": "date"},
        "open": {"type": "boolean"},
        "lines": {"properties": {"sku": {"type": "text"}}},
    },
}


def call(method, path, body=None, raw=None):
    """The status and the answer."""
    data = raw if raw is not None else None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(ENDPOINT + path, data, {"Content-Type": "application/json"}, method=method)
    try:
        with DIRECT.open(request, timeout=30) as answer:
            return answer.status, json.loads(answer.read())
    except urllib.error.HTTPError as error:
        return error.code, json.loads(error.read())


class IndexTest(unittest.TestCase):
    def setUp(self):
        self.name = f"orders-{uuid.uuid4().hex[:8]}"
        self.assertEqual(call("PUT", f"/{self.name}", {"mappings": MAPPINGS})[0], 200)

    def bulk(self, *documents):
        """(id, version, fields) each; the items of the answer."""
        lines = []
        for identifier, version, fields in documents:
            lines.append(json.dumps({"index": {"_id": identifier, "version": version, "version_type": "external"}}))
            lines.append(fields if isinstance(fields, str) else json.dumps({"id": identifier} | fields))
        status, answer = call("POST", f"/{self.name}/_bulk", raw=("\n".join(lines) + "\n").encode())
        self.assertEqual(status, 200, answer)
        return [item["index"] for item in answer["items"]]

    def refresh(self):
        self.assertEqual(call("POST", f"/{self.name}/_refresh")[0], 200)

    def search(self, query=None, **rest):
        status, answer = call("POST", f"/{self.name}/_search", {"query": query or {"match_all": {}}, "track_total_hits": True} | rest)
        self.assertEqual(status, 200, answer)
        return answer["hits"]

    def ids(self, query=None, **rest):
        return [hit["_id"] for hit in self.search(query, **({"sort": [{"id": "asc"}]} | rest))["hits"]]

    def words(self, text, *fields):
        return {"multi_match": {"query": text, "fields": fields or ["name", "lines.sku"], "type": "cross_fields", "operator": "and"}}

    # Indexes and aliases

    def test_an_index_that_exists_is_not_created_again(self):
        status, answer = call("PUT", f"/{self.name}", {"mappings": MAPPINGS})
        self.assertEqual((status, answer["error"]["type"]), (400, "resource_already_exists_exception"))

    def test_what_is_not_there_is_404(self):
        for method, path in [("DELETE", "/none"), ("GET", "/none"), ("POST", "/none/_refresh"), ("POST", "/none/_search")]:
            status, answer = call(method, path, {"track_total_hits": True} if method == "POST" else None)
            self.assertEqual((status, answer["error"]["type"]), (404, "index_not_found_exception"), path)

    def test_a_removed_index_is_gone(self):
        self.assertEqual(call("DELETE", f"/{self.name}")[0], 200)
        self.assertEqual(call("GET", f"/{self.name}")[0], 404)

    def test_an_index_says_its_mapping(self):
        self.assertEqual(call("GET", f"/{self.name}")[1][self.name]["mappings"], MAPPINGS)

    def test_an_alias_moves_in_one_step(self):
        other, alias = f"{self.name}-2", f"alias-{self.name}"
        call("PUT", f"/{other}", {"mappings": MAPPINGS})
        self.assertEqual(call("GET", f"/_alias/{alias}")[0], 404)
        self.assertEqual(call("POST", "/_aliases", {"actions": [{"add": {"index": self.name, "alias": alias}}]})[0], 200)
        move = [{"remove": {"index": self.name, "alias": alias}}, {"add": {"index": other, "alias": alias}}]
        self.assertEqual(call("POST", "/_aliases", {"actions": move})[0], 200)
        self.assertEqual(list(call("GET", f"/_alias/{alias}")[1]), [other])
        self.assertEqual(call("GET", f"/{alias}")[0], 200)
        self.assertEqual(call("POST", "/_aliases", {"actions": move})[0], 404)
        self.assertEqual(list(call("GET", f"/_alias/{alias}")[1]), [other])
        call("DELETE", f"/{other}")
        self.assertEqual(call("GET", f"/_alias/{alias}")[0], 404)

    def test_unknown_types_settings_and_queries_are_refused(self):
        for body in [
            {"mappings": {"dynamic": False, "properties": {"a": {"type": "geo_shape"}}}},
            {"mappings": {"dynamic": False, "properties": {"a": {"type": "text", "analyzer": "english"}}}},
            {"mappings": {"properties": {}}},
            {"settings": {"index.number_of_shards": 2}},
        ]:
            self.assertEqual(call("PUT", f"/{self.name}-x", body)[0], 400, body)
        for body in [
            {"query": {"wildcard": {"name": "a*"}}}, {"query": {"match_all": {}}, "explain": True}, {"sort": [{"name": "asc"}]},
            {"sort": [{"none": "asc"}]}, {"query": {"term": {"name": "a"}}},
        ]:
            self.assertEqual(call("POST", f"/{self.name}/_search", {"track_total_hits": True} | body)[0], 400, body)

    # External versions

    def test_only_a_newer_version_is_taken(self):
        self.assertEqual(self.bulk(("o-1", 3, {"name": "three"}))[0]["status"], 201)
        for version in (2, 3):
            item = self.bulk(("o-1", version, {"name": "old"}))[0]
            self.assertEqual((item["status"], item["error"]["type"]), (409, "version_conflict_engine_exception"))
        self.assertEqual(self.bulk(("o-1", 7, {"name": "seven"}))[0]["status"], 200)
        document = call("POST", f"/{self.name}/_mget", {"ids": ["o-1", "none"]})[1]["docs"]
        self.assertEqual((document[0]["_version"], document[0]["_source"]["name"]), (7, "seven"))
        self.assertFalse(document[1]["found"])

    def test_each_item_of_a_bulk_succeeds_or_fails_alone(self):
        items = self.bulk(("a", 1, {"total": "9.50"}), ("b", 1, {"total": "much"}), ("a", 1, {}), ("c", 1, {"lines": 3}), ("d", 1, {}))
        self.assertEqual([item["status"] for item in items], [201, 400, 409, 400, 201])
        self.assertEqual(items[1]["error"]["type"], "mapper_parsing_exception")

    def test_two_versions_in_one_bulk_leave_the_later(self):
        self.bulk(("a", 1, {"name": "one"}), ("a", 2, {"name": "two"}))
        self.refresh()
        self.assertEqual(self.search()["hits"][0]["_source"]["name"], "two")

    def test_a_source_comes_back_as_it_was(self):
        source = '{"id":"n","total":0.10,"big":123456789012345678901234567890,"tiny":1.0E-10,"none":null,"deep":{"a":[1,{"b":"ä"}]}}'
        self.bulk(("n", 1, source))
        request = urllib.request.Request(f"{ENDPOINT}/{self.name}/_mget", b'{"ids":["n"]}', method="POST")
        text = DIRECT.open(request).read().decode()
        for part in ['"total":0.10', '"big":123456789012345678901234567890', '"tiny":1.0E-10']:
            self.assertIn(part, text)

    # Searches

    def test_a_search_sees_what_was_refreshed_and_a_read_by_id_sees_all(self):
        self.bulk(("a", 1, {"name": "first"}))
        self.refresh()
        self.bulk(("a", 2, {"name": "second"}), ("b", 1, {}))
        self.assertEqual(self.search()["hits"][0]["_source"]["name"], "first")
        self.assertEqual(call("POST", f"/{self.name}/_mget", {"ids": ["a"]})[1]["docs"][0]["_source"]["name"], "second")
        self.refresh()
        self.assertEqual(self.ids(), ["a", "b"])
        self.assertEqual(call("POST", f"/{self.name}/_count", {})[1]["count"], 2)

    def test_every_word_has_to_be_in_some_field(self):
        self.bulk(
            ("1", 1, {"name": "Ada Lovelace", "lines": [{"sku": "keyboard"}, {"sku": "Mouse-7"}]}),
            ("2", 1, {"name": "Ada Byron", "lines": [{"sku": "screen"}]}), ("3", 1, {"name": "Grace Hopper"}),
        )
        self.refresh()
        for text, expected in [
            ("ada", ["1", "2"]), ("ADA keyboard", ["1"]), ("mouse", ["1"]), ("7", ["1"]), ("ada hopper", []), ("!?", []), ("ad", []),
            ('"] OR 1=1', []),
        ]:
            self.assertEqual(self.ids(self.words(text)), expected, text)
        self.assertEqual(self.ids(self.words("keyboard", "name")), [])

    def test_words_are_split_as_the_standard_analyzer_does(self):
        for text, expected in [
            ("The QUICK brown-foxes", ["the", "quick", "brown", "foxes"]), ("ada@example.org", ["ada", "example.org"]),
            ("3.14, 1,000", ["3.14", "1,000"]), ("o'neil's", ["o'neil's"]), ("a_b", ["a_b"]), ("Ärger übt", ["ärger", "übt"]),
            ("東京 tower", ["東", "京", "tower"]), ("x" * 300, ["x" * 255, "x" * 45]), ("... --", []), ("e\u0301te", ["e\u0301te"]),
        ]:
            self.assertEqual(search.tokens(text), expected)

    def test_filters_and_exclusions(self):
        self.bulk(
            ("1", 1, {"status": "paid", "total": "10.00", "open": True}), ("2", 1, {"status": "paid", "total": 9.5, "open": False}),
            ("3", 1, {"status": "Paid"}), ("4", 1, {}),
        )
        self.refresh()
        self.assertEqual(self.ids({"bool": {"filter": [{"term": {"status": "paid"}}]}}), ["1", "2"])
        self.assertEqual(self.ids({"bool": {"filter": [{"term": {"status": "paid"}}, {"term": {"total": "9.50"}}]}}), ["2"])
        self.assertEqual(self.ids({"bool": {"must_not": [{"term": {"open": True}}]}}), ["2", "3", "4"])
        self.assertEqual(self.ids({"bool": {"must": [self.words("none")], "filter": []}}), [])
        self.assertEqual(call("POST", f"/{self.name}/_search", {"query": {"term": {"total": "x"}}, "track_total_hits": True})[0], 400)

    def test_missing_values_come_last_in_either_order(self):
        self.bulk(
            ("1", 1, {"total": "10.00"}), ("2", 1, {"total": "9.50"}), ("3", 1, {}), ("4", 1, {"total": [1, 20]}),
            ("5", 1, {"placed": "2026-01-02T03:04:05.678901Z"}), ("6", 1, {"placed": "2026-01-02T04:04:05+02:00"}),
        )
        self.refresh()
        by = lambda path, order: self.ids(sort=[{path: {"order": order, "missing": "_last"}}, {"id": "asc"}])
        self.assertEqual(by("total", "asc"), ["4", "2", "1", "3", "5", "6"])
        self.assertEqual(by("total", "desc"), ["4", "1", "2", "3", "5", "6"])
        self.assertEqual(by("placed", "asc")[:2], ["6", "5"])
        self.assertEqual(self.search(sort=[{"placed": "asc"}])["hits"][1]["sort"], [1767323045678])

    def test_pages_in_both_ways(self):
        identifiers = sorted(["a", "B", "ä", "z" * 500, "東京", "o-1", "o-10", "o-2", "🎉"])
        self.bulk(*((each, 1, {"total": 5}) for each in identifiers))
        self.refresh()
        self.assertEqual(self.ids(size=4) + self.ids(size=4, **{"from": 4}) + self.ids(size=4, **{"from": 8}), identifiers)
        seen, after = [], {}
        while hits := self.search(sort=[{"id": "asc"}], size=2, **after)["hits"]:
            seen += [hit["_id"] for hit in hits]
            after = {"search_after": hits[-1]["sort"]}
        self.assertEqual(seen, identifiers)
        self.assertEqual(self.ids(sort=[{"total": "desc"}, {"id": "asc"}]), identifiers)
        self.assertEqual(self.search(size=2)["total"], {"value": 9, "relation": "eq"})
        self.assertEqual(call("POST", f"/{self.name}/_search", {"from": 9_999, "size": 2, "track_total_hits": True})[0], 400)

    def test_by_relevance_the_better_match_comes_first(self):
        self.bulk(("1", 1, {"name": "ada"}), ("2", 1, {"name": "ada and many others that make it less about her"}), ("3", 1, {"name": "x"}))
        self.refresh()
        hits = self.search(self.words("ada"), sort=[{"_score": "desc"}, {"id": "asc"}])["hits"]
        self.assertEqual([hit["_id"] for hit in hits], ["1", "2"])
        self.assertGreater(hits[0]["_score"], hits[1]["_score"])

    def test_many_clients_at_once(self):
        def write(part):
            for number in range(20):
                self.bulk((f"{part}-{number}", 1, {"total": number}), ("shared", part * 100 + number + 1, {"total": number}))

        threads = [threading.Thread(target=write, args=(part,)) for part in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.refresh()
        self.assertEqual(call("POST", f"/{self.name}/_count", {})[1]["count"], 161)
        self.assertEqual(call("POST", f"/{self.name}/_mget", {"ids": ["shared"]})[1]["docs"][0]["_version"], 720)


if __name__ == "__main__":
    unittest.main()
