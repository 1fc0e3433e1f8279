"""A backend that sends zeros to every client, from the client's first byte on, for as long as the client takes them.

Usage: stream_backend.py PORT
"""

import selectors
import socket
import sys

CHUNK = bytes(256 * 1024)
SMALL = b"s"  # a client that begins with it gets a small send buffer, as it is not going to read
SMALL_BUFFER = 32 * 1024


def main(port: int) -> None:
    selector = selectors.EpollSelector()
    listener = socket.create_server(("127.0.0.1", port), backlog=1024)
    selector.register(listener, selectors.EVENT_READ)
    while True:
        for key, events in selector.select():
            client = key.fileobj
            try:
                if client is listener:
                    client, _ = listener.accept()
                    client.setblocking(False)
                    selector.register(client, selectors.EVENT_READ)
                elif events & selectors.EVENT_READ:
                    _begin(selector, client)
                else:
                    client.send(CHUNK)
            except OSError:
                selector.unregister(client)
                client.close()


def _begin(selector: selectors.BaseSelector, client: socket.socket) -> None:
    first = client.recv(1)
    if not first:
        raise ConnectionError("the client has left")
    if first == SMALL:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SMALL_BUFFER)
    selector.modify(client, selectors.EVENT_WRITE)


main(int(sys.argv[1]))
