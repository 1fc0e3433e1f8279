using LbTcp.Configuration.Settings;

namespace LbTcp.Configuration;

/// <summary>How and when backends are checked. What a backend sets for itself takes precedence.</summary>
internal sealed record HealthCheckOptions
{
    private readonly TimeSpan? _timeout;

    /// <summary>The kind of check.</summary>
    public CheckKind Kind { get; init; } = HealthCheckSettings.Kind.Default;

    /// <summary>The path that HTTP checks request; starts with a slash.</summary>
    public string Path { get; init; } = HealthCheckSettings.Path.Default;

    /// <summary>The interval from the start of one check of a backend to the start of the next.</summary>
    public TimeSpan Interval { get; init; } = HealthCheckSettings.Interval.Default;

    /// <summary>The maximum duration of a check, unless <see cref="TimeoutFor"/> says otherwise.</summary>
    public TimeSpan Timeout
    {
        get => _timeout ?? HealthCheckSettings.Timeout.Default;
        init => _timeout = value;
    }

    /// <summary>
    /// The first-byte timeout of clients' connections, which HTTP checks share unless <see cref="Timeout"/> is set;
    /// <see cref="TimeSpan.Zero"/> for none. A backend may have its own.
    /// </summary>
    public TimeSpan FirstByteTimeout { get; init; } = ForwardingSettings.FirstByteTimeout.Default;

    /// <summary>The number of consecutive successful checks that make a backend healthy; at least 1.</summary>
    public int Rise { get; init; } = HealthCheckSettings.Rise.Default;

    /// <summary>The number of consecutive failed checks that make a backend unhealthy; at least 1.</summary>
    public int Fall { get; init; } = HealthCheckSettings.Fall.Default;

    /// <summary>How <paramref name="backend"/> is checked; never <see cref="CheckKind.Auto"/>.</summary>
    public CheckKind KindFor(BackendOptions backend) => (backend.Check ?? Kind, backend.Address.Scheme) switch
    {
        (CheckKind.Auto, BackendScheme.Http) => CheckKind.Http,
        (CheckKind.Auto, _) => CheckKind.Tcp,
        (CheckKind kind, _) => kind,
    };

    /// <summary>The path that an HTTP check of <paramref name="backend"/> requests.</summary>
    public string PathFor(BackendOptions backend) => backend.HealthPath ?? Path;

    /// <summary>The maximum duration of a check of <paramref name="backend"/>.</summary>
    public TimeSpan TimeoutFor(BackendOptions backend)
    {
        TimeSpan firstByte = backend.FirstByteTimeout ?? FirstByteTimeout;
        return _timeout is null && firstByte > TimeSpan.Zero && KindFor(backend) is CheckKind.Http ? firstByte : Timeout;
    }

    /// <summary>The interval from the start of one check of <paramref name="backend"/> to the start of the next.</summary>
    public TimeSpan IntervalFor(BackendOptions backend) => backend.CheckInterval ?? Interval;
}
