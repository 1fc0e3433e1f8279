using System.IO.Pipelines;
using LbTcp.Backends;
using LbTcp.Connections;
using LbTcp.Discovery;

namespace LbTcp.Health;

/// <summary>Dials a backend for a probe, and hangs up without a reset.</summary>
internal sealed class ProbeConnector(HostConnector connector, TimeProvider timeProvider)
{
    // What a service may say before it closes, in bytes and in time; after that it is closed on.
    private const long LongestFarewell = 64 * 1024;
    private static readonly TimeSpan _farewellTime = TimeSpan.FromMilliseconds(500);

    /// <summary>Dials the port of <paramref name="backend"/> that is checked, until <paramref name="deadline"/>.</summary>
    /// <exception cref="OperationCanceledException">Probing ends.</exception>
    public async Task<ConnectResult> ConnectAsync(Backend backend, ProbeDeadline deadline)
    {
        ConnectResult result = await connector.ConnectAsync(backend, backend.Options.CheckPort, deadline.Limit, deadline);
        if (result.Connection is not null)
            await result.Connection.StartAsync();
        else
            deadline.ThrowIfProbingEnds();
        return result;
    }

    /// <summary>
    /// Ends a connection with FIN: sends it and reads to the other side's, so that it can be disposed. That alone would reset a service
    /// that has said something (dotnet/runtime#43385).
    /// </summary>
    public async Task HangUpAsync(IConnection connection, CancellationToken cancellationToken)
    {
        try
        {
            using var farewell = new ProbeDeadline(_farewellTime, timeProvider, cancellationToken);
            await connection.Output.CompleteAsync();
            ReadResult result;
            do
            {
                result = await connection.Input.ReadAsync(farewell.Token);
                connection.Input.AdvanceTo(result.Buffer.End);
            }
            while (!result.IsCompleted && connection.BytesReceived < LongestFarewell);
        }
        catch (Exception exception) when (exception is ConnectionException or OperationCanceledException)
        {
            // The probe has its answer; how the service says goodbye is no part of it.
        }
    }
}
