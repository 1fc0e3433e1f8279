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

    /// <summary>The bytes that a check sends first; null for none.</summary>
    public EscapedBytes? Send { get; init; } = HealthCheckSettings.Send.Default;

    /// <summary>The bytes that the answer must contain; null for any.</summary>
    public EscapedBytes? Expect { get; init; } = HealthCheckSettings.Expect.Default;

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

    /// <summary>Finds settings that contradict each other; null if there are none.</summary>
    public SettingConflict? FindConflict()
    {
        if (Kind is CheckKind.Auto or CheckKind.Tcp || (Send ?? Expect) is not { } bytes)
            return null;
        return new SettingConflict(
            Send is null ? HealthCheckSettings.Expect : HealthCheckSettings.Send, bytes.ToString(), "not used by",
            HealthCheckSettings.Kind, HealthCheckSettings.Kind.Form.Format(Kind));
    }

    /// <summary>How <paramref name="backend"/> is checked; never <see cref="CheckKind.Auto"/>.</summary>
    public CheckKind KindFor(BackendOptions backend) => (backend.Check ?? Kind, backend.Address.Scheme) switch
    {
        (CheckKind.Auto or CheckKind.Tcp, _) when (SendFor(backend) ?? ExpectFor(backend)) is not null => CheckKind.Expect,
        (CheckKind.Auto, BackendScheme.Http) => CheckKind.Http,
        (CheckKind.Auto, BackendScheme.Https) => CheckKind.Https,
        (CheckKind.Auto, _) => CheckKind.Tcp,
        (CheckKind kind, _) => kind,
    };

    /// <summary>Whether <paramref name="backend"/> is checked by HTTP, over TLS or not.</summary>
    public bool IsHttp(BackendOptions backend) => KindFor(backend) is CheckKind.Http or CheckKind.Https;

    /// <summary>
    /// Whether a check of <paramref name="backend"/> runs over TLS: an HTTPS check does, and every exchange with a backend whose
    /// connections are encrypted, unless another port is checked.
    /// </summary>
    public bool IsEncrypted(BackendOptions backend) => KindFor(backend) is CheckKind.Https
        || (backend is { IsEncrypted: true, CheckPort: null } && KindFor(backend) is not CheckKind.Tls);

    /// <summary>The path that an HTTP check of <paramref name="backend"/> requests.</summary>
    public string PathFor(BackendOptions backend) => backend.HealthPath ?? Path;

    /// <summary>The maximum duration of a check of <paramref name="backend"/>.</summary>
    public TimeSpan TimeoutFor(BackendOptions backend)
    {
        TimeSpan firstByte = backend.FirstByteTimeout ?? FirstByteTimeout;
        return _timeout is null && firstByte > TimeSpan.Zero && IsHttp(backend) ? firstByte : Timeout;
    }

    /// <summary>
    /// The bytes that a check of <paramref name="backend"/> sends first; null for none. A backend with a kind of check of its own does not
    /// take them from here.
    /// </summary>
    public EscapedBytes? SendFor(BackendOptions backend) => backend.CheckSend ?? (backend.Check is null ? Send : null);

    /// <summary>The bytes that the answer of <paramref name="backend"/> must contain; null for any. See <see cref="SendFor"/>.</summary>
    public EscapedBytes? ExpectFor(BackendOptions backend) => backend.CheckExpect ?? (backend.Check is null ? Expect : null);

    /// <summary>The interval from the start of one check of <paramref name="backend"/> to the start of the next.</summary>
    public TimeSpan IntervalFor(BackendOptions backend) => backend.CheckInterval ?? Interval;
}
