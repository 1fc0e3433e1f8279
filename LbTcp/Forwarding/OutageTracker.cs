using LbTcp.Backends;
using LbTcp.Configuration;
using LbTcp.Diagnostics;
using Microsoft.Extensions.Logging;

namespace LbTcp.Forwarding;

/// <summary>
/// Logs when no backend of a pool, or of those of its backends that serve a server name, is available any more, with what clients get
/// meanwhile, and how long that lasted when it is over.
/// </summary>
internal sealed partial class OutageTracker
{
    private readonly BackendPool _pool;
    private readonly CurrentOptions<ForwardingOptions> _options;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger<OutageTracker> _logger;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, long> _startedAt = []; // by the keys of the groups without an available backend

    /// <summary>Follows <paramref name="pool"/> from now on.</summary>
    public OutageTracker(
        BackendPool pool, CurrentOptions<ForwardingOptions> options, TimeProvider timeProvider, ILogger<OutageTracker> logger)
    {
        _pool = pool;
        _options = options;
        _timeProvider = timeProvider;
        _logger = logger;
        pool.Changed += _ => Update();
    }

    private void Update()
    {
        lock (_gate)
        {
            IReadOnlyList<BackendGroup> groups = _pool.Snapshot.Groups;
            foreach (string removed in _startedAt.Keys.Except(groups.Select(group => group.Key)))
                _ = _startedAt.Remove(removed);
            foreach (BackendGroup group in groups)
                Update(group);
        }
    }

    private void Update(BackendGroup group)
    {
        if (group.Pool.Available.Count == 0)
        {
            if (_startedAt.TryAdd(group.Key, _timeProvider.GetTimestamp()))
                SayBegin(group, ClientsGet(_options.Value.WhenAllDown));
        }
        else if (_startedAt.Remove(group.Key, out long startedAt))
        {
            SayEnd(group, _timeProvider.GetElapsedTime(startedAt));
        }
    }

    private void SayBegin(BackendGroup group, string clientsGet)
    {
        if (group.IsDefault)
            Log.AllBackendsDown(_logger, clientsGet);
        else
            Log.ServerNameDown(_logger, group.Key, clientsGet);
    }

    private void SayEnd(BackendGroup group, TimeSpan lasted)
    {
        if (group.IsDefault)
            Log.AllBackendsDownEnded(_logger, lasted);
        else
            Log.ServerNameDownEnded(_logger, group.Key, lasted);
    }

    private static string ClientsGet(WhenAllDown whenAllDown) => whenAllDown switch
    {
        WhenAllDown.Reset => "a reset",
        WhenAllDown.Close => "an orderly close",
        WhenAllDown.TryAny => "a try at any backend",
        _ => throw new ArgumentOutOfRangeException(nameof(whenAllDown), whenAllDown, null),
    };

    private static partial class Log
    {
        [LoggerMessage(EventIds.AllBackendsDown, LogLevel.Error, "no backend is available clients_get={ClientsGet}")]
        public static partial void AllBackendsDown(ILogger logger, string clientsGet);

        [LoggerMessage(EventIds.AllBackendsDownEnded, LogLevel.Information, "a backend is available again lasted={Lasted}")]
        public static partial void AllBackendsDownEnded(ILogger logger, TimeSpan lasted);

        [LoggerMessage(
            EventIds.ServerNameDown,
            LogLevel.Error,
            "no backend of a server name is available server_name={ServerName} clients_get={ClientsGet}")]
        public static partial void ServerNameDown(ILogger logger, string serverName, string clientsGet);

        [LoggerMessage(
            EventIds.ServerNameDownEnded,
            LogLevel.Information,
            "a backend of the server name is available again server_name={ServerName} lasted={Lasted}")]
        public static partial void ServerNameDownEnded(ILogger logger, string serverName, TimeSpan lasted);
    }
}
