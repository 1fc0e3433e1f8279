using System.Reflection;
using LbTcp.Configuration.Settings;
using LbTcp.Connections;
using LbTcp.Connections.Linux;
using LbTcp.Diagnostics;

namespace LbTcp.Hosting.Operations;

/// <summary>Reads the state of the process. Safe for use by any number of threads.</summary>
internal sealed class ProcessReader
{
    // Counting descriptors takes as long as there are many.
    private static readonly TimeSpan _descriptorsLife = TimeSpan.FromSeconds(1);

    private static readonly string _version = ReadVersion();

    private readonly RunningConfiguration _running;
    private readonly ProcessLimits _limits;
    private readonly ITransport _transport;
    private readonly LogPipeline _logs;
    private readonly ReloadCounts _reloads;
    private readonly TimeProvider _timeProvider;
    private readonly ITransportThread[] _threads;
    private readonly Task<int>[] _threadIds;
    private readonly ThreadLoad _load;
    private readonly DateTimeOffset _startedAt;
    private readonly Lock _gate = new();
    private int _descriptors;
    private long? _descriptorsReadAt;

    /// <summary>Creates a reader of this process.</summary>
    public ProcessReader(
        RunningConfiguration running,
        ProcessLimits limits,
        ITransport transport,
        LogPipeline logs,
        ReloadCounts reloads,
        TimeProvider timeProvider)
    {
        _running = running;
        _limits = limits;
        _transport = transport;
        _logs = logs;
        _reloads = reloads;
        _timeProvider = timeProvider;
        _threads = [.. transport.Threads.Where(thread => !thread.IsForChecks)];
        _threadIds = [.. _threads.Select(thread => thread.TurnAsync())];
        _load = new ThreadLoad(LinuxThreads.ReadProcessorTime, timeProvider);
        _startedAt = reloads.ConfiguredAt;
    }

    /// <summary>Reads the state as it is now.</summary>
    public ProcessStatus Read() => new()
    {
        Version = _version,
        Pid = Environment.ProcessId,
        State = _running.State,
        StartedAt = _startedAt,
        Uptime = _timeProvider.GetUtcNow() - _startedAt,
        Transport = _transport.Name,
        LogLevel = HostSettings.LogLevel.Form.Format(_logs.Level),
        Open = _limits.Slots.Used,
        MaxConnections = _limits.Slots.Limit,
        DescriptorsUsed = CountDescriptors(),
        DescriptorsLimit = _limits.Descriptors is long.MaxValue ? null : _limits.Descriptors,
        SplicePipesUsed = _threads.Count(thread => thread.HasPipe),
        SplicePipesLimit = _threads.Length,
        MemoryBytes = Environment.WorkingSet,
        LogLinesDropped = _logs.DroppedLines,
        ReloadsDone = _reloads.Done,
        ReloadsRefused = _reloads.Refused,
        ConfiguredAt = _reloads.ConfiguredAt,
        Reactors = [.. _threads.Zip(_threadIds, (thread, id) => new ReactorStatus(thread.Number, thread.Clients, LoadOf(id)))],
    };

    private double LoadOf(Task<int> id) => id.IsCompletedSuccessfully && id.Result > 0 ? _load.Read(id.Result) : 0;

    // One descriptor is that of the directory that is read.
    private int CountDescriptors()
    {
        lock (_gate)
        {
            if (_descriptorsReadAt is not { } readAt || _timeProvider.GetElapsedTime(readAt) >= _descriptorsLife)
            {
                _descriptors = Math.Max(0, DescriptorLimit.CountOpen() - 1);
                _descriptorsReadAt = _timeProvider.GetTimestamp();
            }

            return _descriptors;
        }
    }

    private static string ReadVersion()
    {
        Assembly assembly = typeof(ProcessReader).Assembly;
        string? version = assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion;
        return version?.Split('+')[0] ?? "";
    }
}
