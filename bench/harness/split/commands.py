"""How is each balancer started for a case?"""

from pathlib import Path

from harness.balancers import haproxy_command, lbtcp_command
from harness.split.cases import Case

HAPROXY_BALANCE = {"random": "random(2)", "source": "source\n    hash-type consistent"}


def lbtcp(case: Case, listen_port: int, server_ports: list[int], _: Path) -> list[str]:
    limit = f",max_connections={case.limit}" if case.limit else ""
    options = [f",weight={weight}{limit}" for weight in case.weights]
    backends = [f"{port}{option}" for port, option in zip(server_ports, options, strict=True)]
    return lbtcp_command(listen_port, backends, "--algorithm", case.algorithm, "--check", "none")


def haproxy(case: Case, listen_port: int, server_ports: list[int], directory: Path) -> list[str]:
    limit = f" maxconn {case.limit}" if case.limit else ""
    servers = [
        f"server server{port} 127.0.0.1:{port} weight {weight}{limit}"
        for port, weight in zip(server_ports, case.weights, strict=True)
    ]
    values = {
        "listen_port": listen_port,
        "balance": HAPROXY_BALANCE.get(case.algorithm, case.algorithm),
        "servers": "\n    ".join(servers),
    }
    return haproxy_command("haproxy-split.cfg", directory, values)


COMMANDS = {"LbTcp": lbtcp, "HAProxy": haproxy}
