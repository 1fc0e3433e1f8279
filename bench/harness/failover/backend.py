"""A backend: answers the first bytes of a connection with its name and closes it; prints a line when it listens.

Usage: backend.py PORT NAME
"""

import gc
import select
import signal
import socket
import sys

BACKLOG = 65_535  # as far as net.core.somaxconn allows: a program that hangs must not fill its queue, or its host would fall silent, too
REQUEST_BYTES = 64


def main(port: int, name: bytes) -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # ends without a traceback
    gc.disable()  # nothing here is part of a cycle
    listener = socket.create_server(("0.0.0.0", port), backlog=BACKLOG)
    listener.setblocking(False)
    epoll = select.epoll()
    epoll.register(listener, select.EPOLLIN)
    clients: dict[int, socket.socket] = {}
    print("listening", flush=True)
    while True:
        for descriptor, _ in epoll.poll():
            if descriptor == listener.fileno():
                _accept(listener, epoll, clients)
            else:
                _answer(clients.pop(descriptor), name)


def _accept(listener: socket.socket, epoll: select.epoll, clients: dict[int, socket.socket]) -> None:
    try:
        client, _ = listener.accept()
    except OSError:
        return  # it was reset meanwhile, as TCP checks are
    clients[client.fileno()] = client
    epoll.register(client, select.EPOLLIN)


def _answer(client: socket.socket, name: bytes) -> None:
    """Closes in any case, which removes it from the epoll set."""
    with client:
        try:
            if client.recv(REQUEST_BYTES):
                client.send(name)
        except OSError:
            pass  # the balancer has reset it


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2].encode())
