using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using LbTcp.Backends;
using LbTcp.Connections;
using LbTcp.Discovery;

namespace LbTcp.Health.Exchanges;

/// <summary>
/// Checks a backend by an exchange over a connection of its own: dials, sends the requests, reads the answers, and ends the connection as
/// the exchange says. The result is returned when it is known; the close is left to the <see cref="HangUpList"/>.
/// </summary>
/// <param name="connector">Dials backends.</param>
/// <param name="hangUps">Closes the connections of probes that have their answer.</param>
/// <param name="timeProvider">The clock of the time limit.</param>
internal sealed class ExchangeProbe(HostConnector connector, HangUpList hangUps, TimeProvider timeProvider)
{
    private readonly ProbeConnector _connector = new(connector, timeProvider);

    /// <summary>Probes <paramref name="backend"/>, see <see cref="IHealthProbe.ProbeAsync"/>.</summary>
    /// <param name="backend">The backend.</param>
    /// <param name="header">What comes before the exchange, in one segment with its first request; empty for nothing.</param>
    /// <param name="exchange">What is said; used by this probe only.</param>
    /// <param name="limit">The time limit of the probe.</param>
    /// <param name="cancellationToken">Ends all probing.</param>
    public async Task<ProbeResult> ProbeAsync(
        Backend backend,
        ReadOnlyMemory<byte> header,
        ProbeExchange exchange,
        TimeSpan limit,
        CancellationToken cancellationToken)
    {
        using ProbeDeadline deadline = _connector.BeginDeadline(limit, cancellationToken);

        // Everything up to the result completes on the connection's thread by itself; only there may the connection be used.
        ConnectionResult result = await _connector.ConnectAsync(backend, deadline).ConfigureAwait(false);
        if (result.Connection is not { } connection)
            return ProbeFailure.Of(result.Error, limit);
        ExchangeStep end = default;
        try
        {
            connection.Output.Write(header.Span);
            end = await RunAsync(exchange, connection, deadline.Token).ConfigureAwait(false);
            return end.Result ?? exchange.Closed();
        }
        catch (OperationCanceledException) when (deadline.HasPassed)
        {
            return ProbeFailure.Of(SocketError.TimedOut, limit, exchange);
        }
        catch (ConnectionException failure)
        {
            return ProbeFailure.Of(failure.Error, limit, exchange);
        }
        finally
        {
            if (end.EndsInOrder)
                hangUps.Add(connection, end.Message, cancellationToken);
            else
                await connection.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Sends and reads until there is a result; there is none if the backend has closed before.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private static async ValueTask<ExchangeStep> RunAsync(
        ProbeExchange exchange, IConnection connection, CancellationToken cancellationToken)
    {
        ReadOnlyMemory<byte> request = exchange.Request;
        if (request.IsEmpty && connection.Output.UnflushedBytes == 0)
            connection.AcknowledgeHandshake(); // otherwise what is sent does it
        while (true)
        {
            if (!request.IsEmpty || connection.Output.UnflushedBytes > 0)
                _ = await connection.Output.WriteAsync(request, cancellationToken).ConfigureAwait(false);
            ReadResult read = await connection.Input.ReadAsync(cancellationToken).ConfigureAwait(false);
            ReadOnlySequence<byte> received = read.Buffer;
            ExchangeStep step = exchange.Read(ref received);
            request = step.Message;
            connection.Input.AdvanceTo(step.IsPending ? received.Start : read.Buffer.End, read.Buffer.End);
            if (step.Result is not null || read.IsCompleted)
                return step;
        }
    }
}
