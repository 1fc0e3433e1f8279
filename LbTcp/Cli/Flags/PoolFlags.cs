using System.CommandLine;
using LbTcp.Configuration;

namespace LbTcp.Cli.Flags;

/// <summary>Where clients connect and which backends serve them.</summary>
internal sealed class PoolFlags
{
    /// <summary>The file that is read when no backend is given.</summary>
    private const string DefaultBackendsFile = "backends.txt";

    private readonly ListFlag<ListenAddress> _listen = new(
        "--listen", "-l", $"where clients connect: 8080 (all interfaces, IPv4 and IPv6), host:8080 or [::1]:8080; host:0 takes any free port; repeatable [{ListenAddress.Default}]",
        text => ListenAddress.TryParse(text, out ListenAddress? address, out string? error) ? (address, null) : (null, error),
        address => address.Port == 0 ? [] : [address.ToString()])
    {
        HelpName = "ADDRESS",
    };

    private readonly ListFlag<BackendOptions> _backends = new(
        "--backends", "-b", "the servers, each as [tcp://|http://]host:port[,option]...; the scheme says how a backend is checked; repeatable",
        text => BackendLine.TryParseValue(text, out BackendOptions? backend, out string? error) ? (backend, null) : (null, error),
        backend => backend.Identities)
    {
        HelpName = "BACKEND...",
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly TextFlag _backendsFile = new(
        "--backends-file", ["-f"], "FILE", $"the servers from a file, one a line, # starts a comment [{DefaultBackendsFile}, unless there is --backends]",
        null, path => path.Length == 0 ? "the name of the file is empty." : null);

    private readonly ChoiceFlag<Algorithm> _algorithm = new(
        "--algorithm", Algorithm.RoundRobin,
        "how the next backend is chosen among the healthy ones: in turn, the fewest connections, the better of two at random, by the client's address, or the first that has room",
        ("roundrobin", Algorithm.RoundRobin), ("leastconn", Algorithm.LeastConn), ("random", Algorithm.Random), ("source", Algorithm.Source),
        ("first", Algorithm.First));

    private readonly DurationFlag _slowStart = new(
        "--slow-start", TimeSpan.Zero, "how long the weight of a backend that comes back rises, from a tenth to the whole",
        TimeSpan.FromMilliseconds(100), zero: "is off");

    /// <summary>The flags for the help page.</summary>
    public FlagGroup Group => new("Clients and backends", [_listen, _backends, _backendsFile, _algorithm, _slowStart]);

    /// <summary>Where clients connect; at least one.</summary>
    public IReadOnlyList<ListenAddress> ReadListen(ParseResult parsed) =>
        parsed.GetValue(_listen) is { Count: > 0 } addresses ? addresses : [ListenAddress.Default];

    /// <summary>The backends, at least one, and the file that lists them; null when they were given on the command line.</summary>
    /// <exception cref="OperatorException">The file cannot be used, or a file and backends were given.</exception>
    public (IReadOnlyList<BackendOptions> Backends, string? File) ReadBackends(ParseResult parsed)
    {
        string? file = parsed.GetValue(_backendsFile);
        if (parsed.GetValue(_backends) is { Count: > 0 } backends)
        {
            return file is null
                ? (backends, null)
                : throw new OperatorException(ExitCode.Usage, $"{_backends.Name} and {_backendsFile.Name} exclude each other; use one of them.");
        }

        string path = file ?? DefaultBackendsFile;
        if (file is null && !File.Exists(path))
        {
            throw new OperatorException(ExitCode.Usage,
                $"There are no backends: give {_backends.Name} host:port..., or list them in {path} here, or name a file with {_backendsFile.Name}.");
        }

        return BackendsFile.TryRead(path, out IReadOnlyList<BackendOptions>? listed, out string? error)
            ? (listed, path)
            : throw new OperatorException(ExitCode.Usage, error);
    }

    /// <summary>How the next backend is chosen.</summary>
    public Algorithm ReadAlgorithm(ParseResult parsed) => _algorithm.Read(parsed);

    /// <summary>How long the weight of a backend that comes back rises.</summary>
    public TimeSpan ReadSlowStart(ParseResult parsed) => parsed.GetValue(_slowStart);
}
