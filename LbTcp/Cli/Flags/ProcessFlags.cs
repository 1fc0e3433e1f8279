using System.CommandLine;
using LbTcp.Configuration;
using LbTcp.Hosting;

namespace LbTcp.Cli.Flags;

/// <summary>What the process as a whole does: its sockets, its limits and its end.</summary>
internal sealed class ProcessFlags
{
    private static readonly TransportOptions _transportDefault = new();
    private static readonly LoadBalancerOptions _loadBalancerDefault = new() { MaxConnections = 1 };

    private readonly ChoiceFlag<TransportKind> _transport = new(
        "--transport", TransportKind.Auto, "what moves the bytes: epoll is the fastest and needs Linux, sockets works everywhere, auto takes epoll where it can",
        ("auto", TransportKind.Auto), ("epoll", TransportKind.Epoll), ("sockets", TransportKind.Sockets));

    // The kernel counts whole seconds, up to MAX_TCP_KEEPIDLE, 32767 (tcp(7)).
    private readonly DurationFlag _keepAlive = new(
        "--keepalive", _transportDefault.KeepAlive, "how long a side is silent before TCP asks it for a sign of life",
        TimeSpan.FromSeconds(1), TimeSpan.FromHours(9), "is never");

    private readonly NumberFlag _maxConnections = new(
        "--max-connections", null, "the most clients at a time, further ones wait in the system's queue [from the descriptor limit]", 1, int.MaxValue);

    private readonly DurationFlag _drainTimeout = new(
        "--drain-timeout", _loadBalancerDefault.DrainTimeout, "how long open connections may go on after SIGTERM or SIGINT",
        TimeSpan.FromMilliseconds(1), zero: "cuts them at once");

    /// <summary>The flags for the help page.</summary>
    public FlagGroup Group => new("Process", [_maxConnections, _drainTimeout, _keepAlive, _transport]);

    /// <summary>What moves the bytes.</summary>
    public TransportKind ReadTransportKind(ParseResult parsed) => _transport.Read(parsed);

    /// <summary>How sockets are set up.</summary>
    public TransportOptions ReadTransport(ParseResult parsed) => new() { KeepAlive = parsed.GetValue(_keepAlive) };

    /// <summary>The most clients at a time, or null when the operator leaves it to the program.</summary>
    public int? ReadMaxConnections(ParseResult parsed) => _maxConnections.Read(parsed);

    /// <summary>How long open connections may go on.</summary>
    public TimeSpan ReadDrainTimeout(ParseResult parsed) => parsed.GetValue(_drainTimeout);
}
