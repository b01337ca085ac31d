"""The expiry dates that a team would read with Python's ssl module: verifying, on threads, one line for each endpoint.

usage: tls-expiry.py HOSTS ROOT THREADS [TIMEOUT_SECONDS]; HOSTS has one host:port a line. Exit 1 when one failed.
"""

import socket
import ssl
import sys
from concurrent.futures import ThreadPoolExecutor


def expiry(context, target, timeout):
    host, port = target.rsplit(":", 1)
    with socket.create_connection((host, int(port)), timeout=timeout) as connection:
        with context.wrap_socket(connection, server_hostname=host) as secured:
            return ssl.cert_time_to_seconds(secured.getpeercert()["notAfter"])


def main():
    hosts, root, threads = sys.argv[1:4]
    timeout = float(sys.argv[4]) if len(sys.argv) > 4 else 10
    context = ssl.create_default_context(cafile=root)
    with open(hosts) as file:
        targets = file.read().split()

    def check(target):
        try:
            return target, expiry(context, target, timeout), None
        except OSError as error:
            return target, None, error

    failed = False
    with ThreadPoolExecutor(int(threads)) as pool:
        for target, not_after, error in pool.map(check, targets):
            if error is None:
                print(target, not_after)
            else:
                failed = True
                print(f"{target}: {error}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
