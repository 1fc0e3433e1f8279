"""Clients that speak TLS 1.3, eight at a time, or two of bulk. The environment tells the cipher suite (OPENSSL_CONF).

Usage: tls_client.py full|resumed PORT COUNT     connects, asks redis to QUIT, reads to the end; COUNT times
       tls_client.py download|upload PORT BYTES  moves that many bytes in each of two connections, see stream_backend.py
"""

import socket
import ssl
import sys
from concurrent.futures import ThreadPoolExecutor

CLIENTS = 8
STREAMS = 2
SIZE = 256 * 1024


def main(kind: str, port: int, amount: int) -> None:
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    with ThreadPoolExecutor(CLIENTS) as threads:
        if kind in ("full", "resumed"):
            work = [threads.submit(_connect, context, port, amount // CLIENTS, kind == "resumed") for _ in range(CLIENTS)]
        else:
            work = [threads.submit(_download if kind == "download" else _upload, context, port, amount) for _ in range(STREAMS)]
    for done in work:
        done.result()


def _connect(context: ssl.SSLContext, port: int, count: int, is_resuming: bool) -> None:
    session = None
    for _ in range(count):
        with _open(context, port, session) as client:
            if client.session_reused != (session is not None):
                raise RuntimeError(f"the session was {'' if client.session_reused else 'not '}resumed")
            client.sendall(b"QUIT\r\n")
            answer = b"".join(iter(lambda: client.recv(100), b""))
            if answer != b"+OK\r\n":
                raise RuntimeError(f"the answer was {answer}")
            session = client.session if is_resuming else None


def _download(context: ssl.SSLContext, port: int, amount: int) -> None:
    buffer = bytearray(SIZE)
    with _open(context, port) as client:
        client.sendall(b"f")
        while amount > 0:
            amount -= client.recv_into(buffer) or _cut()


def _upload(context: ssl.SSLContext, port: int, amount: int) -> None:
    chunk = bytes(SIZE)
    with _open(context, port) as client:
        client.sendall(b"u" + (amount // SIZE * SIZE).to_bytes(8))
        for _ in range(amount // SIZE):
            client.sendall(chunk)
        if client.recv(1) != b".":
            _cut()


def _open(context: ssl.SSLContext, port: int, session: ssl.SSLSession | None = None) -> ssl.SSLSocket:
    connection = socket.create_connection(("127.0.0.1", port))
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return context.wrap_socket(connection, session=session, server_hostname="localhost")


def _cut() -> int:
    raise RuntimeError("the connection ended early")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
