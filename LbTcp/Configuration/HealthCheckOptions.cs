namespace LbTcp.Configuration;

/// <summary>How and when backends are checked.</summary>
internal sealed record HealthCheckOptions
{
    /// <summary>The kind of check.</summary>
    public CheckKind Kind { get; init; } = CheckKind.Auto;

    /// <summary>The path that an HTTP check asks for; starts with a slash.</summary>
    public string Path { get; init; } = "/health";

    /// <summary>From the start of one check of a backend to the next.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long one check may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How many successes in a row make a backend healthy; at least 1.</summary>
    public int Rise { get; init; } = 2;

    /// <summary>How many failures in a row make a backend unhealthy; at least 1.</summary>
    public int Fall { get; init; } = 3;

    /// <summary>How <paramref name="backend"/> is checked; never <see cref="CheckKind.Auto"/>.</summary>
    public CheckKind KindFor(BackendOptions backend) => (backend.Check ?? Kind, backend.Address.Scheme) switch
    {
        (CheckKind.Auto, BackendScheme.Http) => CheckKind.Http,
        (CheckKind.Auto, _) => CheckKind.Tcp,
        (CheckKind kind, _) => kind,
    };

    /// <summary>What an HTTP check of <paramref name="backend"/> asks for.</summary>
    public string PathFor(BackendOptions backend) => backend.HealthPath ?? Path;

    /// <summary>From the start of one check of <paramref name="backend"/> to the next.</summary>
    public TimeSpan IntervalFor(BackendOptions backend) => backend.CheckInterval ?? Interval;
}
