using System.CommandLine;
using LbTcp.Configuration;

namespace LbTcp.Cli.Flags;

/// <summary>How one client is served.</summary>
internal sealed class ForwardingFlags
{
    private const int MostRetries = 1000;
    private const int LongestQueue = 1_000_000;
    private static readonly TimeSpan _millisecond = TimeSpan.FromMilliseconds(1);
    private static readonly ForwardingOptions _default = new();

    private readonly DurationFlag _connectTimeout = new(
        "--connect-timeout", _default.ConnectTimeout, "how long one attempt to reach one backend may take", _millisecond);

    private readonly NumberFlag _retries = new(
        "--retries", _default.Retries, "further, distinct backends to try when one cannot be reached", 0, MostRetries);

    private readonly ChoiceFlag<WhenAllDown> _whenAllDown = new(
        "--when-all-down", _default.WhenAllDown, "what a client gets when no backend is healthy: a reset, an orderly close, or a try at any backend",
        ("reset", WhenAllDown.Reset), ("close", WhenAllDown.Close), ("try-any", WhenAllDown.TryAny));

    private readonly DurationFlag _queueTimeout = new(
        "--queue-timeout", _default.QueueTimeout, "how long a client may wait while every backend is at its max_connections", _millisecond);

    private readonly NumberFlag _maxQueue = new(
        "--max-queue", _default.MaxQueue, "how many clients may wait at a time; 0 has nobody wait", 0, LongestQueue);

    private readonly ChoiceFlag<OnDown> _onDown = new(
        "--on-down", _default.OnDown, "what becomes of a backend's connections when it goes down", ("keep", OnDown.Keep), ("close", OnDown.Close));

    private readonly DurationFlag _closeSpread = new(
        "--close-spread", _default.CloseSpread, "over how much time --on-down close spreads them, so that clients do not come back all at once",
        _millisecond, zero: "is all at once");

    private readonly DurationFlag _idleTimeout = new(
        "--idle-timeout", _default.IdleTimeout, "a connection ends after this long without a byte in either direction", _millisecond, zero: "is never");

    private readonly DurationFlag _halfCloseTimeout = new(
        "--half-close-timeout", _default.HalfCloseTimeout, "the same once one side has finished sending", _millisecond);

    private readonly ChoiceFlag<bool> _accessLog = new("--access-log", _default.AccessLog, "a line for every ended connection", ("on", true), ("off", false));

    /// <summary>The flags for the help page.</summary>
    public FlagGroup Group => new("Connections", [
        _connectTimeout, _retries, _queueTimeout, _maxQueue, _whenAllDown, _onDown, _closeSpread, _idleTimeout, _halfCloseTimeout, _accessLog,
    ]);

    /// <summary>What the operator asked for.</summary>
    public ForwardingOptions Read(ParseResult parsed) => new()
    {
        ConnectTimeout = parsed.GetValue(_connectTimeout),
        Retries = parsed.GetValue(_retries),
        QueueTimeout = parsed.GetValue(_queueTimeout),
        MaxQueue = parsed.GetValue(_maxQueue),
        OnDown = _onDown.Read(parsed),
        CloseSpread = parsed.GetValue(_closeSpread),
        WhenAllDown = _whenAllDown.Read(parsed),
        IdleTimeout = parsed.GetValue(_idleTimeout),
        HalfCloseTimeout = parsed.GetValue(_halfCloseTimeout),
        AccessLog = _accessLog.Read(parsed),
    };
}
