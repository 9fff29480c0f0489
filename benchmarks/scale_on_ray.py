"""A Ray cluster on this machine until standard input closes, for :mod:`benchmarks.scale`."""

import os
import socket
import sys

# Before Ray is imported: nothing is reported to its makers, and all addresses are on the loopback.
os.environ |= {"RAY_USAGE_STATS_ENABLED": "0", "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0"}

import ray
from ray import serve

from generator.serving.cluster import Plan, app


def main(replicas: int) -> None:
    """Serve, and print the address."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    ray.init(num_cpus=8, num_gpus=0, include_dashboard=False, log_to_driver=False, object_store_memory=2**27)
    serve.start(http_options={"host": "127.0.0.1", "port": port})
    serve.run(app(Plan(composers=replicas, fewest=replicas, drawers=1, doors=1)), name="tunesmith")
    print(f"http://127.0.0.1:{port}", flush=True)
    sys.stdin.read()
    serve.shutdown()
    ray.shutdown()


if __name__ == "__main__":
    main(int(sys.argv[1]))
