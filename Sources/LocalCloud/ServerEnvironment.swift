import Foundation

extension Server {
    /// Runs MiniStack in a session of its own, with a guard: standard input is a pipe whose other end is the starter's. A byte says that the
    /// instance is on its own from now on; the end of the pipe without one says that the starter is gone, however it
    /// went, and takes the whole process group along. Its arguments are the search server's program and port: that server is a process of the
    /// group, which ends with this one.
    static let launcher = """
        import gc, os, runpy, signal, socket, socketserver, subprocess, sys, threading

        os.setsid()
        os.closerange(3, 65536)

        def guard():
            if not os.read(0, 1):
                os.killpg(0, signal.SIGKILL)

        threading.Thread(target=guard, daemon=True).start()
        # Bound here, so that a port that is taken ends the start, and a request waits until the server has come up.
        listening = socket.create_server(("127.0.0.1", int(sys.argv[2])))
        search = subprocess.Popen(
            [sys.executable, "-I", "-B", sys.argv[1], str(listening.fileno())], stdin=subprocess.PIPE, pass_fds=[listening.fileno()])
        listening.close()
        # Each function's environment has threads of its own in the server: at Python's usual 5 ms a request waits that long for each that is busy.
        sys.setswitchinterval(0.0005)
        # What the server holds is young or lasts: a full collection finds next to nothing, and stops every request for 400 ms.
        gc.set_threshold(50_000, 50, 1_000)
        # The server hands invocations over in two small writes: by Nagle's algorithm the second waits 40 ms for the acknowledgement of the first.
        socketserver.StreamRequestHandler.disable_nagle_algorithm = True
        sys.argv = ["ministack"]
        runpy.run_module("ministack", run_name="__main__", alter_sys=True)
        """

    /// The server's whole environment. It is built from nothing since the functions inherit all of it.
    static func environment(
        port: Int, options: LocalCloud.Options, python: PythonEnvironment, directory: String
    ) -> [String: String] {
        [
            // Python functions run with the environment's Python, the others find what the user has.
            "PATH": python.binDirectory + ":" + PythonInterpreter.searchPath,
            "HOME": directory,
            "TMPDIR": directory + "/tmp",
            "STATE_DIR": directory + "/state",
            "S3_DATA_DIR": directory + "/s3",
            "GATEWAY_PORT": String(port),
            "BIND_HOST": "127.0.0.1",
            "IOT_MTLS_ENABLED": "0",
            "SFTP_ENABLED": "0",
            "PERSIST_STATE": "0",
            "LAMBDA_EXECUTOR": "local",
            // Its default follows the machine's memory, down to 16.
            "LAMBDA_ACCOUNT_CONCURRENCY": String(options.concurrency),
            "DOCKER_HOST": "unix:///nonexistent",
            "LOG_LEVEL": "WARNING",
            "MINISTACK_REGION": options.region,
            "AWS_DEFAULT_REGION": options.region,
            // Only the functions read it.
            "AWS_ENDPOINT_URL": options.functionEndpoint ?? "http://127.0.0.1:\(port)",
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
        ]
    }
}
