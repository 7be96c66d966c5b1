"""Runs MiniStack in a session of its own, and the search server beside it.

    server.py <search.py> <port of the search server>

Standard input is a pipe whose other end is the starter's. A byte says that the instance is on its own from now on; the end of the pipe without one
says that the starter is gone, however it went, and takes the whole process group along. The search server is a process of the group, which ends
with this one.
"""

import copy
import functools
import gc
import marshal
import os
import runpy
import signal
import socket
import socketserver
import subprocess
import sys
import threading
import types


def guard():
    if not os.read(0, 1):
        os.killpg(0, signal.SIGKILL)


def start_search(program, port):
    # Bound here, so that a port that is taken ends the start, and a request waits until the server has come up.
    listening = socket.create_server(("127.0.0.1", port))
    search = subprocess.Popen(
        [sys.executable, "-I", "-B", program, str(listening.fileno())], stdin=subprocess.PIPE, pass_fds=[listening.fileno()])
    listening.close()
    return search


async def serve(app, config):
    """In the place of Hypercorn's: with the parser of HTTP in C a call takes half as long, and every test and figure here waits for calls."""
    import uvicorn
    from ministack.services import dynamodb

    spare_work(dynamodb)
    host, port = config.bind[0].rsplit(":", 1)
    await uvicorn.Server(uvicorn.Config(
        app, host=host, port=int(port), http="httptools", ws="wsproto", lifespan="on", log_config=None, access_log=False,
        # As with Hypercorn: MiniStack sends these headers itself, and reads those of proxies itself.
        server_header=False, date_header=False, proxy_headers=False, timeout_keep_alive=int(config.keep_alive_timeout),
        timeout_graceful_shutdown=1)).serve()


def spare_work(dynamodb):
    """Half of a write is the copying of items and the parsing of expressions, the same ones again and again."""

    def copied(value):
        try:
            return marshal.loads(marshal.dumps(value))
        except ValueError:  # Not only what JSON has.
            return copy.deepcopy(value)

    tokens = functools.lru_cache(4_096)(dynamodb._tokenize)
    dynamodb._tokenize = lambda expression: list(tokens(expression))
    dynamodb._condition_syntax_error = functools.lru_cache(4_096)(dynamodb._condition_syntax_error)
    dynamodb.copy = types.SimpleNamespace(deepcopy=copied)


def main():
    os.setsid()
    os.closerange(3, 65536)
    threading.Thread(target=guard, daemon=True).start()
    # Not before the guard: it takes a moment, in which the starter may go.
    import hypercorn.asyncio

    search = start_search(sys.argv[1], int(sys.argv[2]))  # It ends when the pipe to it is closed, so with this process.
    # Each function's environment has threads of its own in the server: at Python's usual 5 ms a request waits that long for each that is busy.
    sys.setswitchinterval(0.0005)
    # What the server holds is young or lasts. Each condition that it checks leaves cycles behind, which are found fast while they are in the
    # processor's cache; a full collection finds next to nothing, and stops every request for 400 ms.
    gc.set_threshold(2_000, 500, 1_000)
    # The server hands invocations over in two small writes: by Nagle's algorithm the second waits 40 ms for the acknowledgement of the first.
    socketserver.StreamRequestHandler.disable_nagle_algorithm = True
    hypercorn.asyncio.serve = serve
    sys.argv = ["ministack"]
    runpy.run_module("ministack", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
