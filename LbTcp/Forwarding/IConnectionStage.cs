using LbTcp.Diagnostics;

namespace LbTcp.Forwarding;

/// <summary>A stage of every connection before a backend is picked: admission, or what comes before the bytes of the client.</summary>
internal interface IConnectionStage
{
    /// <summary>The maximum duration of the stage.</summary>
    TimeSpan Timeout { get; }

    /// <summary>
    /// Runs the stage if it need not wait for <paramref name="connection"/>, which spares the connection a time limit.
    /// </summary>
    /// <returns>Whether the connection continues, as from <see cref="RunAsync"/>; null if that is to be called.</returns>
    bool? TryRun(ActiveConnection connection) => null;

    /// <summary>Runs the stage for <paramref name="connection"/>, on the connection's thread.</summary>
    /// <param name="connection">The connection, which has no backend yet.</param>
    /// <param name="cancellationToken">Fires when the time is up or the connection ends.</param>
    /// <returns>
    /// Whether the connection continues. Otherwise the client is reset, for the reason that the stage has decided, or else for
    /// <see cref="ConnectionEndReason.PrefaceTimeout"/>; so does a stage that throws <see cref="OperationCanceledException"/> when the
    /// token has fired.
    /// </returns>
    ValueTask<bool> RunAsync(ActiveConnection connection, CancellationToken cancellationToken);
}
