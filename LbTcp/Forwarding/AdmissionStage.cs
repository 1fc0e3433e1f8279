using LbTcp.Admission;
using LbTcp.Connections;
using LbTcp.Diagnostics;

namespace LbTcp.Forwarding;

/// <summary>
/// Decides whether a client may come in: by the access rules, then by the limits of its source and the rate of the service.
/// </summary>
/// <param name="access">The rules.</param>
/// <param name="limits">The limits, and the clients that wait for them; null for none.</param>
/// <param name="timeout">The maximum duration of a wait.</param>
internal sealed class AdmissionStage(AccessControl access, AdmissionQueue? limits = null, TimeSpan timeout = default)
    : IConnectionStage
{
    /// <inheritdoc/>
    public TimeSpan Timeout => timeout;

    /// <inheritdoc/>
    public bool? TryRun(ActiveConnection connection)
    {
        if (!access.Decide(connection.Source.ClientAddress()).IsAdmitted)
        {
            connection.Decide(ConnectionEndReason.AccessDenied);
            return false;
        }

        if (limits is null)
            return true;
        return limits.TryAdmit(connection.Source.ClientAddress()) is { } result ? Apply(result, connection) : null;
    }

    /// <inheritdoc/>
    public async ValueTask<bool> RunAsync(ActiveConnection connection, CancellationToken cancellationToken) =>
        limits is null || Apply(await limits.WaitAsync(connection.Source.ClientAddress(), cancellationToken), connection);

    private static bool Apply(AdmissionResult result, ActiveConnection connection)
    {
        if (result.Refusal is { } reason)
            connection.Decide(reason);
        if (result.Taken is { } taken)
            connection.NeedPreface().Admission = taken; // also if it was ended meanwhile: its end gives it back
        return result.IsAdmitted;
    }
}
