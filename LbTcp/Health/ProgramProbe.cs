using System.IO.Pipelines;
using LbTcp.Backends;
using LbTcp.Connections;
using LbTcp.Diagnostics;
using LbTcp.Discovery;

namespace LbTcp.Health;

/// <summary>
/// Asks the program of a backend whether it works, in no protocol: establishes a connection, sends FIN, and waits for FIN or a byte. The
/// system of a program that hangs acknowledges FIN, but only the program can close its side. A program may ignore FIN, so no answer is not
/// a failure; see <see cref="ProbeOutcome.Unanswered"/>.
/// <para>
/// A connection that was not answered is closed without a reset. A program that goes on gets those that wait in its backlog, and finds
/// that the peer has closed, which is an ordinary end for most servers. Servers that speak first may report an aborted login.
/// </para>
/// </summary>
/// <param name="connector">Dials backends.</param>
/// <param name="hangUps">Closes the connections of probes that were answered.</param>
/// <param name="timeProvider">The clock of the time limit.</param>
internal sealed class ProgramProbe(HostConnector connector, HangUpList hangUps, TimeProvider timeProvider) : IHealthProbe
{
    private readonly ProbeConnector _connector = new(connector, timeProvider);

    public async Task<ProbeResult> ProbeAsync(Backend backend, TimeSpan limit, CancellationToken cancellationToken)
    {
        using ProbeDeadline deadline = _connector.BeginDeadline(limit, cancellationToken);
        ConnectionResult result = await _connector.ConnectAsync(backend, deadline).ConfigureAwait(false);
        if (result.Connection is not { } connection)
            return ProbeFailure.Of(result.Error, limit);
        bool isOpen = false;
        try
        {
            await connection.Output.CompleteAsync().ConfigureAwait(false);
            ReadResult read = await connection.Input.ReadAsync(deadline.Token).ConfigureAwait(false);
            connection.Input.AdvanceTo(read.Buffer.End);
            isOpen = !read.IsCompleted;
            return new ProbeResult(ProbeOutcome.Healthy, "the program answered FIN", IsAnswer: true);
        }
        catch (OperationCanceledException) when (deadline.HasPassed)
        {
            return new ProbeResult(ProbeOutcome.Unanswered, $"connected, no answer to FIN in {DurationText.Of(limit)}");
        }
        catch (ConnectionException failure)
        {
            return ProbeFailure.Of(failure.Error, limit);
        }
        finally
        {
            if (isOpen)
                hangUps.Add(connection, default, cancellationToken);
            else
                await connection.DisposeAsync().ConfigureAwait(false);
        }
    }
}
