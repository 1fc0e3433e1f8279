"""Clients that read what stream_backend.py sends, as fast as they can, and count it.

Usage: stream_reader.py PORT STREAMS; prints "reading" when all are open, and the number of bytes when standard input ends.
"""

import selectors
import socket
import sys


def main(port: int, streams: int) -> None:
    selector = selectors.EpollSelector()
    selector.register(sys.stdin, selectors.EVENT_READ)
    for _ in range(streams):
        client = socket.create_connection(("127.0.0.1", port))
        client.sendall(b"f")
        client.setblocking(False)
        selector.register(client, selectors.EVENT_READ)
    print("reading", flush=True)
    buffer = bytearray(256 * 1024)
    received = 0
    while True:
        for key, _ in selector.select():
            if key.fileobj is sys.stdin:
                print(received, flush=True)
                return
            received += key.fileobj.recv_into(buffer)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
