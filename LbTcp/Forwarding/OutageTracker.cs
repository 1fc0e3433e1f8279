using LbTcp.Backends;
using LbTcp.Configuration;
using LbTcp.Diagnostics;
using Microsoft.Extensions.Logging;

namespace LbTcp.Forwarding;

/// <summary>
/// Logs when no backend of a pool is available any more, with what clients get meanwhile, and how long that lasted when it is over.
/// </summary>
internal sealed partial class OutageTracker
{
    private readonly BackendPool _pool;
    private readonly CurrentOptions<ForwardingOptions> _options;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger<OutageTracker> _logger;
    private readonly Lock _gate = new();
    private long? _startedAt;

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
            bool isDown = _pool.Snapshot.Available.Count == 0;
            if (isDown && _startedAt is null)
            {
                _startedAt = _timeProvider.GetTimestamp();
                Log.AllBackendsDown(_logger, ClientsGet(_options.Value.WhenAllDown));
            }
            else if (!isDown && _startedAt is { } startedAt)
            {
                _startedAt = null;
                Log.AllBackendsDownEnded(_logger, _timeProvider.GetElapsedTime(startedAt));
            }
        }
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
    }
}
