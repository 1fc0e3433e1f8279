namespace LbTcp.Hosting.Operations;

/// <summary>The state of the process.</summary>
internal sealed record ProcessStatus
{
    /// <summary>The version of the program.</summary>
    public required string Version { get; init; }

    /// <summary>The process id.</summary>
    public required int Pid { get; init; }

    /// <summary>The state: starting, running or draining.</summary>
    public required ProcessState State { get; init; }

    /// <summary>When the process started.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>How long the process has run.</summary>
    public required TimeSpan Uptime { get; init; }

    /// <summary>The name of the transport, <c>epoll</c> or <c>sockets</c>.</summary>
    public required string Transport { get; init; }

    /// <summary>The minimum level of log lines: <c>trace</c>, <c>debug</c>, <c>info</c>, <c>warn</c> or <c>error</c>.</summary>
    public required string LogLevel { get; init; }

    /// <summary>The number of client connections that are open.</summary>
    public required int Open { get; init; }

    /// <summary>The maximum number of client connections.</summary>
    public required int MaxConnections { get; init; }

    /// <summary>The number of open descriptors.</summary>
    public required int DescriptorsUsed { get; init; }

    /// <summary>The maximum number of open descriptors; null if there is no limit.</summary>
    public required long? DescriptorsLimit { get; init; }

    /// <summary>The number of pipes that move bulk data.</summary>
    public required int SplicePipesUsed { get; init; }

    /// <summary>The maximum number of those pipes; 0 if the transport does not use any.</summary>
    public required int SplicePipesLimit { get; init; }

    /// <summary>The resident memory in bytes.</summary>
    public required long MemoryBytes { get; init; }

    /// <summary>The number of log lines that were dropped because the output was slow, full or closed.</summary>
    public required long LogLinesDropped { get; init; }

    /// <summary>The number of reloads that were applied.</summary>
    public required long ReloadsDone { get; init; }

    /// <summary>The number of reloads that were refused or failed.</summary>
    public required long ReloadsRefused { get; init; }

    /// <summary>When a configuration was last applied; the start counts.</summary>
    public required DateTimeOffset ConfiguredAt { get; init; }

    /// <summary>The event-loop threads; empty for the portable transport.</summary>
    public required IReadOnlyList<ReactorStatus> Reactors { get; init; }
}

/// <summary>The state of one event-loop thread.</summary>
/// <param name="Number">Its number, from 0 on.</param>
/// <param name="Clients">The number of client connections that it serves.</param>
/// <param name="BusyRatio">The share of time that it used a processor for since the last sample, 0 to 1.</param>
internal sealed record ReactorStatus(int Number, int Clients, double BusyRatio);

/// <summary>Where a process is between start and end.</summary>
internal enum ProcessState
{
    /// <summary>It does not accept clients yet.</summary>
    Starting,

    /// <summary>It serves clients.</summary>
    Running,

    /// <summary>It accepts no new clients and waits for open connections to end.</summary>
    Draining,
}
