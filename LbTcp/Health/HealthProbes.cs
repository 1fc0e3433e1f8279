using LbTcp.Connections;

namespace LbTcp.Health;

/// <summary>Makes the probe for a kind of check.</summary>
internal static class HealthProbes
{
    /// <summary>The probe that the options ask for; null when nothing is to be checked.</summary>
    /// <param name="options">The kind of check, its timeout and path.</param>
    /// <param name="connector">Dials for the probe; not the one of the relay, whose threads have other things to do.</param>
    /// <param name="timeProvider">The clock of the timeout.</param>
    public static IHealthProbe? Create(HealthCheckOptions options, IBackendConnector connector, TimeProvider timeProvider)
    {
        return options.Kind switch
        {
            CheckKind.Tcp => Tcp(),
            CheckKind.Http => Http(),
            CheckKind.Auto => new SchemeProbe(Tcp(), Http()),
            CheckKind.None => null,
            _ => throw new ArgumentOutOfRangeException(nameof(options), options.Kind, null),
        };

        TcpProbe Tcp() => new(connector, options, timeProvider);
        HttpProbe Http() => new(connector, options, timeProvider);
    }
}
