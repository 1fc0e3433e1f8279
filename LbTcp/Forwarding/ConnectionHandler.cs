using System.Net;
using System.Runtime.CompilerServices;
using LbTcp.Configuration;
using LbTcp.Connections;
using LbTcp.Diagnostics;
using Microsoft.Extensions.Logging;

namespace LbTcp.Forwarding;

/// <summary>Serves one client from the accept to the end record, stage by stage.</summary>
internal sealed partial class ConnectionHandler(
    ActiveConnections connections,
    FailoverConnector connector,
    CurrentOptions<ConnectionStages> stages,
    LocalFaults localFaults,
    RefusedClients refusedClients,
    FirstByteWatch firstBytes,
    ServiceTraffic? traffic,
    CurrentOptions<ForwardingOptions> options,
    ILogger<ConnectionHandler> logger)
{
    /// <summary>
    /// Serves <paramref name="connection"/> until it is tracked no longer. Never throws, and leaves nothing of the connection behind.
    /// </summary>
    public async Task HandleAsync(ActiveConnection connection)
    {
        traffic?.ClientAccepted();
        try
        {
            await connection.Client.StartAsync();

            // From here on a plain await continues on the connection's thread. The three that every connection has complete there by
            // themselves: not asking for the thread's context saves a post for each.
            if (await ReachBackendAsync(connection).ConfigureAwait(false) is { } backend)
            {
                firstBytes.Begin(connection);
                Transfer ended = await ConnectionRelay.Begin(connection, backend).ConfigureAwait(false);
                await ConnectionRelay.FinishAsync(connection, ended).ConfigureAwait(false);
            }
            else
            {
                await RefuseAsync(connection);
            }
        }
        catch (ConnectionException failure)
        {
            connection.SideFailed(failure); // it failed before the relay
            Reset(connection);
        }
        catch (Exception exception)
        {
            connection.End(ConnectionEndReason.InternalError);
            Log.ConnectionFault(logger, connection.Id, exception);
        }
        finally
        {
            await RecordAsync(connection);
        }
    }

    // Read the header, admit, read the preface, pick, dial and write the preface. Null when the connection is not to be relayed: then it
    // was decided why.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<IConnection?> ReachBackendAsync(ActiveConnection connection)
    {
        ConnectionStages current = stages.Value; // one configuration for all of its stages
        if (!await RunAsync(current.ProxyHeader, connection)
            || !await RunAsync(current.Admission, connection)
            || !await RunAsync(current.ServerName, connection)
            || !await RunAsync(current.InboundPreface, connection))
            return null;
        return await connector.ConnectAsync(connection).ConfigureAwait(false); // as in HandleAsync
    }

    private static ValueTask<bool> RunAsync(IConnectionStage? stage, ActiveConnection connection)
    {
        if (stage is null)
            return ValueTask.FromResult(true);
        return stage.TryRun(connection) is { } continues
            ? ValueTask.FromResult((continues && !connection.IsDecided) || Refuse(connection))
            : RunStageAsync(stage, connection);
    }

    private static async ValueTask<bool> RunStageAsync(IConnectionStage stage, ActiveConnection connection)
    {
        StageDeadline deadline = connection.BeginStage(stage.Timeout);
        try
        {
            if (await stage.RunAsync(connection, deadline.Token) && !connection.IsDecided)
                return true;
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            // The time is up, or the connection was ended from outside.
        }
        finally
        {
            connection.EndStage();
        }

        return Refuse(connection);
    }

    private static bool Refuse(ActiveConnection connection)
    {
        connection.Decide(ConnectionEndReason.PrefaceTimeout); // unless the stage has decided
        Reset(connection); // a truncated preface must not look complete, and a client that is refused gets no orderly close
        return false;
    }

    private static void Reset(ActiveConnection connection)
    {
        connection.Client.Abort();
        connection.Dial.Connection?.Abort();
    }

    private async ValueTask RefuseAsync(ActiveConnection connection)
    {
        if (options.Value.WhenAllDown is not WhenAllDown.Close)
        {
            connection.Client.Abort();
            return;
        }

        try
        {
            connection.SideEnded(ConnectionSide.LbTcp); // from here on the half-close limit applies
            LingeringClose close = LingeringClose.Begin(connection.Client, CancellationToken.None);
            connection.BytesMove(close, toClient: null);
            await close.Completion;
        }
        catch (ConnectionException)
        {
            // The client did not wait for the end; it is gone all the same.
        }
    }

    // The record comes before the end of the tracking: a drain that waits for the last connection does not end before its record.
    private async ValueTask RecordAsync(ActiveConnection connection)
    {
        try
        {
            connection.Dial.Lease?.EndUse();
            if (connection.Failure is { } failure)
                localFaults.Record(failure.Error);
            refusedClients.Record(connection);
            bool isLogged = !connection.Reason.IsSampled()
                && options.Value.AccessLog.Includes(connection.Id, connection.Reason is ConnectionEndReason.Completed);
            EndPoint? local = isLogged ? connection.Dial.Connection?.LocalEndPoint : null; // lost with the socket
            if (connection.Dial.Connection is { } backend)
                await backend.DisposeAsync();
            await connection.Client.DisposeAsync();
            if (isLogged)
                EndRecordLog.ConnectionClosed(logger, connection.ToRecord() with { Local = local });
        }
        finally
        {
            connector.Release(connection);
            connection.Preface?.Admission?.Dispose();
            connections.Untrack(connection);
            traffic?.Ended(connection);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventIds.ConnectionFault, LogLevel.Error, "connection failed, a defect in lbtcp id={Id:x}")]
        public static partial void ConnectionFault(ILogger logger, long id, Exception exception);
    }
}
