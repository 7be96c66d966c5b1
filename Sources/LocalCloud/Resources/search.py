"""The local cloud's search server: the part of OpenSearch's REST API that Immutable Stack uses, over tantivy, in memory.

    search.py <file descriptor of a listening socket>

It ends when its standard input does. A request that it doesn't know in every detail is answered with an error, so that no caller comes to rely on
what only looks as if it worked. Not like OpenSearch: one shard, scores without the statistics of other fields, words split by a simplification of
Unicode's rule (UAX #29), errors with a type and a reason only.
"""

import bisect
import json
import math
import os
import re
import socket
import socketserver
import sys
import threading
import time
from datetime import datetime, timedelta, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote, urlsplit

import tantivy

VERSION = "2.19.0"
"""The OpenSearch whose documented behaviour this follows."""

REFRESH_INTERVAL = 1.0
"""Seconds after which a search sees what was written (index.refresh_interval)."""

WINDOW = 10_000
"""The furthest hit that `from` and `size` reach (index.max_result_window)."""


class Refused(Exception):
    def __init__(self, status, kind, reason):
        super().__init__(reason)
        self.status, self.kind, self.reason = status, kind, reason

    def body(self):
        cause = {"type": self.kind, "reason": self.reason}
        return {"error": {"root_cause": [cause], **cause}, "status": self.status}


def unsupported(what):
    return Refused(400, "parsing_exception", f"{what} is not supported by the local search server")


def only(body, known, where):
    """Refuses members that this server would silently pass over."""
    for name in body:
        if name not in known:
            raise unsupported(f"[{name}] in {where}")


IDEOGRAPHS = "\u3040-\u309f\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
TOKEN = re.compile(
    rf"[{IDEOGRAPHS}]|(?:(?<=[^\W\d_])[.:'\u2019\u00b7](?=[^\W\d_])|(?<=\d)[.,;'](?=\d)|(?![{IDEOGRAPHS}])[\w\u0300-\u036f])+"
)


def tokens(text):
    """The words of the standard analyzer: letters and digits, in lower case, at most 255 characters each."""
    found = []
    for word in TOKEN.findall(text.lower()):
        if word[0].isalnum() or any(map(str.isalnum, word)):
            found += [word] if len(word) <= 255 else [word[start : start + 255] for start in range(0, len(word), 255)]
    return found


class Field:
    """One mapped field: how its values are read, searched and sorted by."""

    PARAMETERS = {"text": {"type"}, "keyword": {"type", "ignore_above"}, "double": {"type"}, "boolean": {"type"}, "date": {"type"}}

    def __init__(self, path, mapping):
        self.path, self.parts, self.kind = path, path.split("."), mapping.get("type")
        if self.kind not in self.PARAMETERS:
            raise Refused(400, "mapper_parsing_exception", f"No handler for type [{self.kind}] declared on field [{path}]")
        only(mapping, self.PARAMETERS[self.kind], f"the mapping of [{path}]")
        self.limit = mapping.get("ignore_above", math.inf)

    def values(self, source):
        """The field's values in a document, converted; lists on the way are passed through."""
        found = [source]
        for part in self.parts:
            inner = []
            for value in found:
                for each in value if isinstance(value, list) else [value]:
                    if each is None:
                        continue
                    if not isinstance(each, dict):
                        raise self.misfit(each)
                    if part in each:
                        inner.append(each[part])
            found = inner
        converted = []
        self.convert(found, converted)
        return converted

    def convert(self, values, converted):
        for value in values:
            if isinstance(value, list):
                self.convert(value, converted)
            elif value is not None:
                value = self.converted(value)
                if value is not None:
                    converted.append(value)

    def misfit(self, value):
        return Refused(400, "mapper_parsing_exception", f"failed to parse field [{self.path}] of type [{self.kind}]: {json.dumps(value)[:80]}")

    def converted(self, value):
        """`None` for what isn't indexed."""
        if isinstance(value, dict):
            raise self.misfit(value)
        text = value if isinstance(value, str) else json.dumps(value)
        try:
            if self.kind == "text":
                return text
            if self.kind == "keyword":
                if len(text) > 8_191 and len(text.encode()) > 32_766 and len(text) <= self.limit:
                    raise Refused(400, "illegal_argument_exception", f"Document contains at least one immense term in field=\"{self.path}\"")
                return text if len(text) <= self.limit else None
            if self.kind == "boolean":
                return {"true": True, "false": False, "": False}[text]
            if self.kind == "date":
                return instant(value)
            number = float(text)
            if isinstance(value, bool) or not math.isfinite(number):
                raise ValueError
            return number
        except (KeyError, ValueError):
            raise self.misfit(value) from None


INSTANT = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?(Z|[+-]\d\d:?\d\d)?)?", re.ASCII
)


def instant(value):
    """Milliseconds since 1970 of strict_date_optional_time or epoch_millis."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    match = INSTANT.fullmatch(str(value))
    if not match:
        raise ValueError
    *parts, fraction, zone = match.groups()
    at = datetime(*(int(part or 0) for part in parts), tzinfo=timezone.utc)
    if zone not in (None, "Z"):
        away = timedelta(hours=int(zone[1:3]), minutes=int(zone[-2:]))
        at -= away if zone[0] == "+" else -away
    return int(at.timestamp()) * 1000 + int((fraction or "0").ljust(3, "0")[:3])


class Index:
    """Documents by id with their versions, which reads by id see at once, and what searches see of them since the last refresh."""

    def __init__(self, name, mappings):
        only(mappings, {"dynamic", "properties"}, "mappings")
        if mappings.get("dynamic") not in (False, "false"):
            raise unsupported("a mapping that isn't [dynamic: false]")
        self.name, self.mappings = name, mappings
        self.aliases = set()
        self.fields = {}
        self.declare(mappings.get("properties", {}), "")
        self.documents = {}  # id: (version, source, values by field)
        self.visible = {}
        self.numbers = {}  # id: what the engine calls it
        self.identifiers = []
        self.matches = {}  # query: the ids that it matches, until the next refresh
        self.dirty = set()
        self.refreshed = 0.0
        schema = tantivy.SchemaBuilder()
        schema.add_unsigned_field("_number", indexed=True, fast=True)
        for field in self.fields.values():
            if field.kind == "text":
                schema.add_text_field(field.path, tokenizer_name="whitespace", index_option="freq")
            elif field.kind == "keyword":
                schema.add_text_field(field.path, tokenizer_name="raw", index_option="basic")
            elif field.kind == "double":
                schema.add_float_field(field.path, indexed=True)
            elif field.kind == "boolean":
                schema.add_boolean_field(field.path, indexed=True)
        self.schema = schema.build()
        self.engine = tantivy.Index(self.schema)
        self.writer = self.engine.writer(heap_size=20_000_000, num_threads=1)
        self.searcher = self.engine.searcher()

    def declare(self, properties, prefix):
        for name, mapping in properties.items():
            if "properties" in mapping:
                only(mapping, {"properties"}, f"the mapping of [{prefix}{name}]")
                self.declare(mapping["properties"], f"{prefix}{name}.")
            else:
                self.fields[prefix + name] = Field(prefix + name, mapping)

    def put(self, identifier, source, version):
        """A document with an external version; the status and what to answer."""
        if not isinstance(source, dict):
            raise Refused(400, "mapper_parsing_exception", "failed to parse: a document is an object")
        if len(identifier.encode()) > 512:
            raise Refused(400, "illegal_argument_exception", "id is too long, must be no longer than 512 bytes")
        values = {path: field.values(source) for path, field in self.fields.items()}
        current = self.documents.get(identifier)
        if current and current[0] >= version:
            reason = f"[{identifier}]: version conflict, current version [{current[0]}] is higher or equal to the one provided [{version}]"
            raise Refused(409, "version_conflict_engine_exception", reason)
        self.documents[identifier] = (version, source, values)
        self.dirty.add(identifier)
        return (200, "updated") if current else (201, "created")

    def refresh(self):
        self.refreshed = time.monotonic()
        if not self.dirty:
            return
        for identifier in self.dirty:
            if identifier in self.visible:
                self.writer.delete_documents_by_term("_number", self.numbers[identifier])
            else:
                self.numbers[identifier] = len(self.identifiers)
                self.identifiers.append(identifier)
            self.visible[identifier] = self.documents[identifier]
            values = self.visible[identifier][2]
            document = tantivy.Document()
            document.add_unsigned("_number", self.numbers[identifier])
            for field in self.fields.values():
                for value in values[field.path]:
                    if field.kind == "text":
                        document.add_text(field.path, " ".join(tokens(value)))
                    elif field.kind == "keyword":
                        document.add_text(field.path, value)
                    elif field.kind == "double":
                        document.add_float(field.path, value)
                    elif field.kind == "boolean":
                        document.add_boolean(field.path, value)
            self.writer.add_document(document)
        self.dirty.clear()
        self.matches.clear()
        self.writer.commit()
        self.engine.reload()
        self.searcher = self.engine.searcher()

    def refresh_if_due(self):
        if self.dirty and time.monotonic() - self.refreshed >= REFRESH_INTERVAL:
            self.refresh()

    def query(self, body):
        """tantivy's query for one of OpenSearch's."""
        if len(body) != 1:
            raise unsupported("a query that isn't one clause")
        ((kind, clause),) = body.items()
        if kind == "match_all":
            only(clause, (), "match_all")
            return tantivy.Query.all_query()
        if kind == "term":
            return self.term(clause)
        if kind == "multi_match":
            return self.multi_match(clause)
        if kind == "bool":
            only(clause, {"must", "filter", "must_not"}, "bool")
            parts = [(tantivy.Occur.Must, self.query(each)) for each in clause.get("must", [])]
            parts += [
                (tantivy.Occur.Must, tantivy.Query.boost_query(self.query(each), 0.0)) for each in clause.get("filter", [])
            ]
            if not parts:
                parts = [(tantivy.Occur.Must, tantivy.Query.all_query())]
            parts += [(tantivy.Occur.MustNot, self.query(each)) for each in clause.get("must_not", [])]
            return tantivy.Query.boolean_query(parts)
        raise unsupported(f"the query [{kind}]")

    def term(self, clause):
        if len(clause) != 1:
            raise unsupported("a term query of several fields")
        ((path, value),) = clause.items()
        field = self.fields.get(path)
        if field is None:
            return tantivy.Query.empty_query()
        if field.kind not in ("keyword", "double", "boolean"):
            raise unsupported(f"a term query of the {field.kind} field [{path}]")
        if isinstance(value, dict):
            raise unsupported("the long form of a term query")
        try:
            converted = field.converted(value)
        except Refused as refused:
            raise Refused(400, "query_shard_exception", f"failed to create query: {refused.reason}") from None
        if converted is None:
            return tantivy.Query.empty_query()
        return tantivy.Query.term_query(self.schema, path, converted)

    def multi_match(self, clause):
        only(clause, {"query", "fields", "type", "operator"}, "multi_match")
        if clause.get("type") != "cross_fields" or clause.get("operator") != "and":
            raise unsupported("a multi_match that isn't [cross_fields] with the operator [and]")
        fields = [self.fields[path] for path in clause["fields"] if path in self.fields]
        if any(field.kind != "text" for field in fields):
            raise unsupported("a multi_match of other than text fields")
        words = tokens(clause["query"])
        if not words or not fields:
            return tantivy.Query.empty_query()
        each = [
            tantivy.Query.disjunction_max_query([tantivy.Query.term_query(self.schema, field.path, word) for field in fields])
            for word in words
        ]
        return tantivy.Query.boolean_query([(tantivy.Occur.Must, query) for query in each])

    def matching(self, body):
        """The ids that searches see and a query matches, in their order."""
        question = json.dumps(body)
        if question not in self.matches:
            self.matches[question] = sorted(identifier for _, identifier in self.scored(body))
        return self.matches[question]

    def scored(self, body):
        """(score, id) of what a query matches."""
        hits = self.searcher.search(self.query(body), limit=max(1, len(self.visible))).hits
        numbers = self.searcher.fast_field_values("_number", [address for _, address in hits])
        return [(score, self.identifiers[number]) for (score, _), number in zip(hits, numbers)]

    def search(self, body):
        only(body, {"query", "sort", "from", "size", "search_after", "track_total_hits", "_source", "version"}, "a search")
        if body.get("track_total_hits") is not True:
            raise unsupported("a search without [track_total_hits: true]")
        start, size = body.get("from", 0), body.get("size", 10)
        if start + size > WINDOW:
            reason = f"Result window is too large, from + size must be less than or equal to: [{WINDOW}] but was [{start + size}]"
            raise Refused(400, "illegal_argument_exception", reason)
        self.refresh_if_due()
        query, sort, after = body.get("query", {"match_all": {}}), self.sort(body.get("sort", [])), body.get("search_after")
        if sort == [("id", False)]:
            # A walk through the whole index: matches are in this order already. The mapped field is what projectors write the id to.
            found = self.matching(query)
            begin = start if after is None else bisect.bisect_right(found, after[0])
            rows = [(None, identifier, [identifier]) for identifier in found[begin : begin + size]]
        else:
            if after is not None:
                raise unsupported("a search_after of another order than [id]")
            found = self.rows(query, sort)
            rows = found[start : start + size]
        total = len(found)
        hits = [self.hit(identifier, score, values, body) for score, identifier, values in rows]
        return {
            "took": 0,
            "timed_out": False,
            "_shards": {"total": 1, "successful": 1, "skipped": 0, "failed": 0},
            "hits": {"total": {"value": total, "relation": "eq"}, "max_score": None, "hits": hits},
        }

    def hit(self, identifier, score, values, body):
        version, source, _ = self.visible[identifier]
        hit = {"_index": self.name, "_id": identifier, "_score": score, "sort": values}
        if body.get("version"):
            hit["_version"] = version
        if body.get("_source", True) is not False:
            hit["_source"] = source
        return hit

    def sort(self, clauses):
        """(field, whether it falls) for each."""
        sort = []
        for clause in clauses:
            ((path, order),) = clause.items()
            if isinstance(order, dict):
                only(order, {"order", "missing"}, "a sort")
                if order.get("missing", "_last") != "_last":
                    raise unsupported("a sort that doesn't put missing values last")
                order = order.get("order", "asc")
            if order not in ("asc", "desc"):
                raise unsupported(f"the order [{order}]")
            if path != "_score" and (path not in self.fields or self.fields[path].kind == "text"):
                raise Refused(400, "illegal_argument_exception", f"No mapping found for [{path}] in order to sort on")
            sort.append((path, order == "desc"))
        return sort

    def rows(self, query, sort):
        """(score, id, sort values) of every match, sorted. Missing values come last, whatever the order."""
        found = self.scored(query) if any(path == "_score" for path, _ in sort) else [(None, each) for each in self.matching(query)]
        rows = [
            (score, identifier, [score if path == "_score" else self.value(identifier, path, falls) for path, falls in sort])
            for score, identifier in found
        ]
        for place, (_, falls) in reversed(list(enumerate(sort))):
            rows.sort(key=lambda row: ((row[2][place] is None) != falls, row[2][place] if row[2][place] is not None else 0), reverse=falls)
        return rows

    def value(self, identifier, path, falls):
        """What a document is sorted by: the largest of several values where the order falls, else the smallest."""
        values = self.visible[identifier][2][path]
        return (max if falls else min)(values) if values else None


class Server:
    """All indexes and aliases. Requests are answered one after another."""

    def __init__(self):
        self.indexes = {}
        self.lock = threading.Lock()

    def named(self, name):
        """The one index of a name or an alias."""
        if name in self.indexes:
            return self.indexes[name]
        found = [index for index in self.indexes.values() if name in index.aliases]
        if not found:
            raise Refused(404, "index_not_found_exception", f"no such index [{name}]")
        if len(found) > 1:
            raise unsupported(f"the alias [{name}] of several indexes")
        return found[0]

    def answer(self, method, path, body):
        with self.lock:
            parts = [unquote(part) for part in path.split("/") if part]
            match (method, *parts):
                case ("GET",):
                    return 200, {"name": "local", "version": {"distribution": "opensearch", "number": VERSION}, "tagline": "not the real one"}
                case ("PUT", name) if not name.startswith("_"):
                    return 200, self.create(name, parsed(body))
                case ("DELETE", "_all"):
                    self.indexes.clear()
                    return 200, {"acknowledged": True}
                case ("DELETE", name):
                    if name not in self.indexes:
                        raise Refused(404, "index_not_found_exception", f"no such index [{name}]")
                    del self.indexes[name]
                    return 200, {"acknowledged": True}
                case ("GET", name) if not name.startswith("_"):
                    index = self.named(name)
                    aliases = {alias: {} for alias in sorted(index.aliases)}
                    return 200, {index.name: {"aliases": aliases, "mappings": index.mappings, "settings": {}}}
                case ("GET", "_alias", alias):
                    found = {index.name: {"aliases": {alias: {}}} for index in self.indexes.values() if alias in index.aliases}
                    return (200, found) if found else (404, {"error": f"alias [{alias}] missing", "status": 404})
                case ("POST", "_aliases"):
                    return 200, self.change_aliases(parsed(body))
                case ("POST", name, "_bulk"):
                    return 200, self.bulk(self.named(name), body)
                case ("POST", name, "_mget"):
                    return 200, self.get_many(self.named(name), parsed(body))
                case ("POST", name, "_search"):
                    return 200, self.named(name).search(parsed(body))
                case ("POST", name, "_count"):
                    asked = parsed(body)
                    only(asked, {"query"}, "a count")
                    index = self.named(name)
                    index.refresh_if_due()
                    return 200, {"count": len(index.matching(asked.get("query", {"match_all": {}})))}
                case ("POST", name, "_refresh"):
                    self.named(name).refresh()
                    return 200, {"_shards": {"total": 1, "successful": 1, "failed": 0}}
            raise Refused(400, "illegal_argument_exception", f"no handler found for uri [{path}] and method [{method}]")

    def create(self, name, body):
        only(body, {"mappings"}, "an index")
        if name in self.indexes:
            raise Refused(400, "resource_already_exists_exception", f"index [{name}] already exists")
        if name != name.lower() or re.search(r'[\\/*?"<>| ,#:]', name) or name[0] in "-_+" or len(name.encode()) > 255:
            raise Refused(400, "invalid_index_name_exception", f"Invalid index name [{name}]")
        if any(name in index.aliases for index in self.indexes.values()):
            raise Refused(400, "invalid_index_name_exception", f"Invalid index name [{name}], already exists as alias")
        self.indexes[name] = Index(name, body.get("mappings", {}))
        return {"acknowledged": True, "shards_acknowledged": True, "index": name}

    def change_aliases(self, body):
        only(body, {"actions"}, "_aliases")
        before = {name: set(index.aliases) for name, index in self.indexes.items()}
        try:
            for action in body["actions"]:
                ((kind, what),) = action.items()
                only(what, {"index", "alias"}, kind)
                if what["index"] not in self.indexes:
                    raise Refused(404, "index_not_found_exception", f"no such index [{what['index']}]")
                aliases = self.indexes[what["index"]].aliases
                if kind == "add":
                    if what["alias"] in self.indexes:
                        raise Refused(400, "invalid_alias_name_exception", f"an index exists with the same name as the alias [{what['alias']}]")
                    aliases.add(what["alias"])
                elif kind == "remove":
                    if what["alias"] not in aliases:
                        raise Refused(404, "aliases_not_found_exception", f"aliases [{what['alias']}] missing")
                    aliases.remove(what["alias"])
                else:
                    raise unsupported(f"the action [{kind}]")
        except Refused:
            for name, aliases in before.items():
                self.indexes[name].aliases = aliases
            raise
        return {"acknowledged": True}

    def bulk(self, index, body):
        if not body.endswith(b"\n"):
            raise Refused(400, "illegal_argument_exception", "The bulk request must be terminated by a newline [\\n]")
        lines = body.split(b"\n")[:-1]
        items = []
        for head, source in zip(lines[::2], lines[1::2]):
            ((kind, meta),) = parsed(head).items()
            only(meta, {"_id", "version", "version_type"}, "a bulk action")
            if kind != "index" or meta.get("version_type") != "external":
                raise unsupported("a bulk action that isn't [index] with an external version")
            item = {"_index": index.name, "_id": meta["_id"]}
            try:
                status, result = index.put(meta["_id"], parsed(source), meta["version"])
                item |= {"_version": meta["version"], "result": result, "status": status}
            except Refused as refused:
                item |= {"status": refused.status, "error": {"type": refused.kind, "reason": refused.reason}}
            items.append({"index": item})
        if len(lines) % 2:
            raise Refused(400, "illegal_argument_exception", "a bulk action without its document")
        return {"took": 0, "errors": any(item["index"]["status"] >= 300 for item in items), "items": items}

    def get_many(self, index, body):
        only(body, {"ids"}, "_mget")
        found = []
        for identifier in body["ids"]:
            document = {"_index": index.name, "_id": identifier, "found": identifier in index.documents}
            if document["found"]:
                document["_version"], document["_source"], _ = index.documents[identifier]
            found.append(document)
        return {"docs": found}


class Number(float):
    """A number that is written as it was read: a document's source has to come back as it was."""

    def __new__(cls, text):
        number = super().__new__(cls, text)
        number.text = text
        return number

    def __repr__(self):
        return self.text


def written(value):
    """JSON, with numbers as they came."""
    if isinstance(value, Number):
        return value.text
    if isinstance(value, dict):
        return "{" + ",".join(f"{json.dumps(name)}:{written(each)}" for name, each in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ",".join(map(written, value)) + "]"
    return json.dumps(value)


def parsed(body):
    try:
        return json.loads(body or b"{}", parse_float=Number)
    except ValueError as error:
        raise Refused(400, "parse_exception", f"request body is not JSON: {error}") from None


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "immutable-search"
    disable_nagle_algorithm = True

    def reply(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        try:
            status, answer = self.server.search.answer(self.command, urlsplit(self.path).path, body)
        except Refused as refused:
            status, answer = refused.status, refused.body()
        except Exception as error:
            print(f"search: {self.command} {self.path}: {error!r}", file=sys.stderr, flush=True)
            status, answer = 500, Refused(500, "exception", repr(error)).body()
        data = written(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json; charset=UTF-8")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    do_GET = do_POST = do_PUT = do_DELETE = reply

    def log_message(self, *arguments):
        pass


def serve(listening):
    """Answers on a listening socket until the process ends."""
    server = ThreadingHTTPServer(listening.getsockname(), Handler, bind_and_activate=False)
    server.socket.close()
    server.socket, server.search = listening, Server()
    server.serve_forever()


def main():
    def end_with_starter():
        os.read(0, 1)
        os._exit(0)

    threading.Thread(target=end_with_starter, daemon=True).start()
    serve(socket.socket(fileno=int(sys.argv[1])))


if __name__ == "__main__":
    main()
