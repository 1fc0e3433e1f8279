using LbTcp.Diagnostics;

namespace LbTcp.Forwarding;

/// <summary>A stage of every connection before its bytes are relayed: admission, or what comes before the bytes of one side.</summary>
internal interface IConnectionStage
{
    /// <summary>The maximum duration of the stage.</summary>
    TimeSpan Timeout { get; }

    /// <summary>The reason of the end when the time is up, unless the stage decides another one.</summary>
    ConnectionEndReason TimeoutReason { get; }

    /// <summary>
    /// Runs the stage if it need not wait for <paramref name="connection"/>, which spares the connection a time limit.
    /// </summary>
    /// <returns>Whether the connection continues, as from <see cref="RunAsync"/>; null if that is to be called.</returns>
    bool? TryRun(ActiveConnection connection) => null;

    /// <summary>Runs the stage for <paramref name="connection"/>, on the connection's thread.</summary>
    /// <param name="connection">The connection. Before the outbound preface it has no backend.</param>
    /// <param name="cancellationToken">Fires when the time is up or the connection ends.</param>
    /// <returns>
    /// Whether the connection continues. Otherwise both sides are reset, for the reason that the stage has decided, or else for
    /// <see cref="TimeoutReason"/>; so does a stage that throws <see cref="OperationCanceledException"/> when the token has fired.
    /// </returns>
    ValueTask<bool> RunAsync(ActiveConnection connection, CancellationToken cancellationToken);
}
