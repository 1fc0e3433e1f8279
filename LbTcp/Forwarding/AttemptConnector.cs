using System.Net.Sockets;
using System.Runtime.CompilerServices;
using LbTcp.Backends;
using LbTcp.Configuration;
using LbTcp.Connections;
using LbTcp.Diagnostics;
using LbTcp.Discovery;

namespace LbTcp.Forwarding;

/// <summary>
/// Carries out one attempt: dials the backend, has the outbound preface prepare the connection, decides whether it is used, reports how the
/// attempt ended, and releases the slot of one that is not used.
/// </summary>
internal sealed class AttemptConnector(
    PendingDials pending,
    ConnectionQueue queue,
    HostConnector connector,
    IConnectTracker tracker,
    LocalFaults localFaults,
    ServiceTraffic? traffic,
    CurrentOptions<ConnectionStages> stages,
    CurrentOptions<ForwardingOptions> options)
{
    /// <summary>
    /// Raised when an attempt has failed and others that run beside it are to be accompanied again, on the connection's thread.
    /// </summary>
    public event Action? FailedBesideOthers;

    /// <summary>Dials on the calling thread, which must be the connection's, and completes there.</summary>
    /// <returns>Success with an established connection, whether it is the one that is used or not; otherwise the error.</returns>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<SocketError> DialAsync(DialAttempt attempt)
    {
        try
        {
            AttemptResult result = await ConnectAsync(attempt).ConfigureAwait(false);
            if (result.Connection is not { } established)
                Fail(attempt, result);
            else if (attempt.TryWin())
                Use(attempt, established);
            else
                await CloseAsync(attempt, established);
            return result.Error;
        }
        catch (Exception exception)
        {
            queue.Release(attempt.Lease);
            attempt.Race?.Fail(exception); // before the end of the race, which the end of the last attempt is
            throw;
        }
        finally
        {
            attempt.End();
        }
    }

    /// <summary>Dials beside other attempts, on the calling thread, which must be the connection's. Never throws.</summary>
    public async Task DialBesideAsync(DialAttempt attempt)
    {
        try
        {
            _ = await DialAsync(attempt).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            attempt.Race?.Fail(exception);
        }
        finally
        {
            attempt.End();
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<AttemptResult> ConnectAsync(DialAttempt attempt)
    {
        if (attempt.IsCancelled)
            return AttemptResult.Failed(SocketError.OperationAborted);
        pending.Add(attempt);
        try
        {
            // Completes on the connection's thread without its context; a pooled value task would post to that.
            ConnectionResult result = await connector
                .ConnectAsync(attempt.Backend, port: null, options.Value.ConnectTimeout, attempt)
                .ConfigureAwait(false);
            if (result.Connection is not { } dialled)
                return AttemptResult.Failed(result.Error);
            attempt.Backend.ConnectTime.Record(attempt.StepElapsed);
            return stages.Value.OutboundPreface is { } preface ? await preface.RunAsync(attempt, dialled) : AttemptResult.Of(dialled);
        }
        finally
        {
            pending.Remove(attempt);
        }
    }

    private void Use(DialAttempt attempt, IConnection established)
    {
        BackendDial dial = attempt.Connection.Dial;
        tracker.Reached(attempt.Backend);
        dial.Hold(attempt.Lease);
        dial.Established(established);
        traffic?.Connected(attempt.Backend, dial.Duration ?? TimeSpan.Zero);
        if (attempt.Race is not { } race)
            return;
        if (attempt.IsHedge)
            traffic?.HedgeEnded(HedgeOutcome.Won);
        TimeSpan taken = attempt.Elapsed;
        foreach (DialAttempt other in race.Beside(attempt))
        {
            // If this backend took as long, the cause may be on this machine.
            if (other.IsSilent && taken < other.Patience)
                tracker.Unanswered(other.Backend, other.Patience);
            other.Cancel();
        }
    }

    // The backend has answered as well, and was not the first.
    private async ValueTask CloseAsync(DialAttempt attempt, IConnection established)
    {
        tracker.Reached(attempt.Backend);
        established.Abort();
        await established.DisposeAsync();
        Lose(attempt);
    }

    private void Fail(DialAttempt attempt, in AttemptResult result)
    {
        ActiveConnection connection = attempt.Connection;
        if (attempt.IsCancelled && !connection.IsDecided)
        {
            Lose(attempt);
            return;
        }

        queue.Release(attempt.Lease);
        connection.Dial.Failed(attempt.Backend, result.Problem, result.EndReason);
        traffic?.DialFailed(attempt.Backend, result.Error, isAbandoned: connection.IsDecided);
        if (connection.IsDecided)
            return; // the attempt was given up, not refused
        if (result.EndReason is ConnectionEndReason.BackendTlsFailed)
            tracker.Failed(attempt.Backend, result.Problem);
        else
            tracker.Failed(attempt.Backend, result.Error);
        localFaults.Record(result.Error, attempt.Backend);
        if (attempt.IsHedge)
            traffic?.HedgeEnded(HedgeOutcome.Failed);
        if (attempt.Race?.TryHasten(attempt) is true)
            FailedBesideOthers?.Invoke();
    }

    // Another attempt has won.
    private void Lose(DialAttempt attempt)
    {
        queue.Release(attempt.Lease);
        if (attempt.IsHedge)
            traffic?.HedgeEnded(HedgeOutcome.Lost);
        bool isToldOf = attempt.IsSilent || attempt.IsBackendGone;
        traffic?.DialFailed(attempt.Backend, SocketError.TimedOut, isAbandoned: !isToldOf);
        if (!isToldOf)
            return;
        TimeSpan silence = attempt.IsSilent ? attempt.Patience : attempt.Elapsed;
        string problem = $"{(attempt.IsInHandshake ? "TLS: " : "")}no answer in {DurationText.Of(silence)}";
        attempt.Connection.Dial.Failed(attempt.Backend, problem, ConnectionEndReason.ConnectTimeout);
    }
}
