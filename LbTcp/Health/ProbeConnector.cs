using System.Net;
using System.Net.Sockets;
using LbTcp.Backends;
using LbTcp.Connections;

namespace LbTcp.Health;

/// <summary>Dials a backend for a probe, all addresses of its host in turn, and hangs up without a reset.</summary>
internal sealed class ProbeConnector(IBackendConnector connector, TimeProvider timeProvider)
{
    // The time that a backend has to finish after FIN; after that it is reset.
    private static readonly TimeSpan _farewellTime = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// Dials <paramref name="backend"/> until <paramref name="deadline"/>: what is known of its addresses, or what its name stands for when
    /// nothing is known yet.
    /// </summary>
    /// <exception cref="OperationCanceledException">Probing ends.</exception>
    public async Task<ConnectionResult> ConnectAsync(Backend backend, ProbeDeadline deadline)
    {
        if (backend.EndPoints.Current.Length == 0 && await ResolveAsync(backend, deadline) is not SocketError.Success and SocketError error)
            return ConnectionResult.Failed(error);
        ConnectionResult result = await ConnectAsync(EndPointsToCheck(backend), deadline);
        if (result.Connection is null)
            _ = backend.EndPoints.RefreshAsync(); // the name may stand for other addresses by now; the next probe finds out
        return result;
    }

    /// <summary>
    /// Dials each address in turn; each gets an equal share of the limit. The error of a failure is that of the first address that failed
    /// for a reason of its own, so a local fault is reported only when nothing else was found.
    /// </summary>
    /// <exception cref="OperationCanceledException">Probing ends.</exception>
    public async Task<ConnectionResult> ConnectAsync(IPEndPoint[] endPoints, ProbeDeadline deadline)
    {
        SocketError? failure = null;
        foreach (IPEndPoint endPoint in endPoints)
        {
            ConnectionResult result = await ConnectAsync(endPoint, deadline, deadline.Limit / endPoints.Length);
            if (result.Connection is not null)
                return result;
            failure = failure is { } first ? SocketErrors.MoreTelling(first, result.Error) : result.Error;
        }

        return ConnectionResult.Failed(failure ?? SocketError.HostNotFound);
    }

    /// <summary>
    /// Ends a connection with FIN, so that it can be disposed without resetting a backend that has sent something.
    /// </summary>
    public async Task HangUpAsync(IConnection connection, CancellationToken cancellationToken)
    {
        try
        {
            using var farewell = new ProbeDeadline(_farewellTime, timeProvider, cancellationToken);
            await LingeringClose.Begin(connection, farewell.Token).Completion;
        }
        catch (Exception exception) when (exception is ConnectionException or OperationCanceledException)
        {
            // The probe has its answer; how the backend closes is no part of it.
        }
    }

    private static IPEndPoint[] EndPointsToCheck(Backend backend) => backend.Options.CheckPort is { } port
        ? Array.ConvertAll(backend.EndPoints.Current, endPoint => new IPEndPoint(endPoint.Address, port))
        : backend.EndPoints.Current;

    private async Task<ConnectionResult> ConnectAsync(IPEndPoint endPoint, ProbeDeadline deadline, TimeSpan share)
    {
        using var attempt = new ProbeDeadline(share, timeProvider, deadline.Token);
        ConnectionResult result = await connector.ConnectAsync(endPoint, attempt.Token);
        if (result.Connection is not null)
            await result.Connection.StartAsync();
        else
            deadline.ThrowIfProbingEnds();
        return result.Error is SocketError.OperationAborted ? ConnectionResult.Failed(SocketError.TimedOut) : result;
    }

    private static async Task<SocketError> ResolveAsync(Backend backend, ProbeDeadline deadline)
    {
        try
        {
            return await backend.EndPoints.RefreshAsync().WaitAsync(deadline.Token);
        }
        catch (OperationCanceledException) when (deadline.HasPassed)
        {
            return SocketError.TimedOut;
        }
    }
}
