using System.Net.Sockets;
using System.Runtime.CompilerServices;
using LbTcp.Backends;
using LbTcp.Configuration;
using LbTcp.Connections;
using LbTcp.Discovery;

namespace LbTcp.Forwarding;

/// <summary>
/// Connects a client to a backend: picks one, waits for a slot at it, dials it and prepares the connection, and tries another one when that
/// fails, or beside it when there is no answer soon.
/// </summary>
internal sealed class FailoverConnector
{
    private readonly ConnectionQueue _queue;
    private readonly AttemptConnector _attempts;
    private readonly CurrentOptions<ForwardingOptions> _options;

    /// <summary>Creates the connector of a service.</summary>
    /// <param name="queue">Picks backends and acquires slots, for connections without a queue of their own.</param>
    /// <param name="connector">Dials backends.</param>
    /// <param name="tracker">Receives the outcome of every attempt.</param>
    /// <param name="localFaults">Receives the faults of this machine.</param>
    /// <param name="traffic">Counts the attempts; null if they are not counted.</param>
    /// <param name="stages">With the outbound preface.</param>
    /// <param name="options">The time limits.</param>
    /// <param name="timeProvider">The clock.</param>
    public FailoverConnector(
        ConnectionQueue queue,
        HostConnector connector,
        IConnectTracker tracker,
        LocalFaults localFaults,
        ServiceTraffic? traffic,
        CurrentOptions<ConnectionStages> stages,
        CurrentOptions<ForwardingOptions> options,
        TimeProvider timeProvider)
    {
        var pending = new PendingDials();
        _queue = queue;
        _options = options;
        _attempts = new AttemptConnector(pending, queue, connector, tracker, localFaults, traffic, stages, options);
        Hedges = new HedgeConnector(pending, _attempts, queue, options, timeProvider);
    }

    /// <summary>Watches the dials, and must be ticked.</summary>
    public HedgeConnector Hedges { get; }

    /// <summary>
    /// Connects <paramref name="connection"/>, which then holds a slot at its backend until <see cref="Release"/>. No byte of the client
    /// was sent yet, so trying the next backend is safe; each one is tried at most once. Completes on the connection's thread.
    /// </summary>
    /// <returns>The connection to the backend; null when there is none, and it was decided why the client's connection ends.</returns>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<IConnection?> ConnectAsync(ActiveConnection connection)
    {
        BackendDial dial = connection.Dial;
        while (dial.Tried.Count <= _options.Value.Retries && !IsGone(connection))
        {
            if (await (connection.Preface?.Queue ?? _queue).AcquireAsync(connection) is not { } lease)
                break;
            DialAttempt attempt = Hedges.NewAttempt(connection, lease);
            dial.Begin(attempt);
            SocketError error = await DialAsync(attempt).ConfigureAwait(false); // pooled; on the connection's thread
            dial.EndAttempts();
            if (dial.Connection is { } established)
                return established;
            if (connection.IsDecided || SocketErrors.IsExhaustion(error))
                break; // it was given up, or would hit every backend alike
        }

        connection.Decide(dial.Failure);
        return null;
    }

    /// <summary>Releases the slot that <paramref name="connection"/> holds, if any; clients that wait for it are served.</summary>
    public void Release(ActiveConnection connection) => _queue.Release(connection.Dial.Lease);

    // Completes when the attempt, and those beside it, have ended.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<SocketError> DialAsync(DialAttempt attempt)
    {
        try
        {
            return await _attempts.DialAsync(attempt).ConfigureAwait(false);
        }
        catch
        {
            attempt.CancelAll();
            throw;
        }
        finally
        {
            if (attempt.Race is { } race)
                await race.Over; // with the thread's context: the last one may have ended elsewhere
        }
    }

    private static bool IsGone(ActiveConnection connection)
    {
        if (!connection.IsDecided && connection.Client.IsReset)
            connection.Decide(ConnectionOutcome.ReasonOf(connection.Client));
        return connection.IsDecided;
    }
}
