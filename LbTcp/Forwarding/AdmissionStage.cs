using LbTcp.Admission;
using LbTcp.Connections;
using LbTcp.Diagnostics;

namespace LbTcp.Forwarding;

/// <summary>Decides whether a client may come in: by the access rules.</summary>
/// <param name="access">The rules.</param>
internal sealed class AdmissionStage(AccessControl access) : IConnectionStage
{
    /// <inheritdoc/>
    public TimeSpan Timeout => TimeSpan.Zero;

    /// <inheritdoc/>
    public ConnectionEndReason TimeoutReason => ConnectionEndReason.AccessDenied;

    /// <inheritdoc/>
    public bool? TryRun(ActiveConnection connection)
    {
        if (access.Decide(connection.Source.ClientAddress()).IsAdmitted)
            return true;
        connection.Decide(ConnectionEndReason.AccessDenied);
        return false;
    }

    /// <inheritdoc/>
    public ValueTask<bool> RunAsync(ActiveConnection connection, CancellationToken cancellationToken) =>
        ValueTask.FromResult(TryRun(connection) is true);
}
