using System.Net;
using LbTcp.Admission;
using LbTcp.Diagnostics;

namespace LbTcp.Forwarding;

/// <summary>Refuses a client that exceeds a limit of its source or the rate of the service, or has it wait.</summary>
/// <param name="queue">The limits, and the clients that wait.</param>
/// <param name="timeout">The maximum duration of a wait.</param>
internal sealed class LimitStage(AdmissionQueue queue, TimeSpan timeout) : IConnectionStage
{
    /// <inheritdoc/>
    public TimeSpan Timeout => timeout;

    /// <inheritdoc/>
    public ConnectionEndReason TimeoutReason => ConnectionEndReason.RateLimit; // the limit itself decides

    /// <inheritdoc/>
    public ValueTask<bool> RunAsync(ActiveConnection connection, CancellationToken cancellationToken)
    {
        ValueTask<AdmissionResult> admission = queue.AdmitAsync((connection.Source as IPEndPoint)?.Address, cancellationToken);
        return admission.IsCompletedSuccessfully
            ? ValueTask.FromResult(Apply(admission.Result, connection))
            : ApplyAsync(admission, connection);
    }

    private static async ValueTask<bool> ApplyAsync(ValueTask<AdmissionResult> admission, ActiveConnection connection) =>
        Apply(await admission, connection);

    private static bool Apply(AdmissionResult result, ActiveConnection connection)
    {
        if (result.Refusal is { } reason)
            connection.Decide(reason);
        if (result.Taken is { } taken)
            connection.NeedPreface().Admission = taken; // also if it has ended meanwhile: its end gives it back
        return result.IsAdmitted;
    }
}
