using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using LbTcp.Configuration;
using LbTcp.Diagnostics;
using LbTcp.Preface;
using Microsoft.Extensions.Logging;

namespace LbTcp.Forwarding;

/// <summary>
/// Reads the PROXY protocol header that the peers of a service must send, and goes by its addresses. It is never guessed whether there is
/// one: a peer that is not trusted with it is refused before anything is read, and one that is trusted must send it.
/// </summary>
/// <param name="options">The peers, and the time for the header to arrive.</param>
/// <param name="logger">The log.</param>
internal sealed partial class InboundProxyStage(PrefaceOptions options, ILogger<InboundProxyStage> logger) : IConnectionStage
{
    public TimeSpan Timeout => options.PrefaceTimeout;

    public async ValueTask<bool> RunAsync(ActiveConnection connection, CancellationToken cancellationToken)
    {
        if (!IsTrusted(connection.Accepted.RemoteEndPoint))
        {
            connection.Decide(ConnectionEndReason.ProxyUntrusted);
            return false;
        }

        ProxyHeaderResult result = await ReadAsync(connection.Accepted.Input, cancellationToken);
        if (result.Status is not ProxyHeaderStatus.Complete)
        {
            connection.Decide(ConnectionEndReason.ProxyHeaderInvalid);
            string problem = result.Problem ?? "connection closed before the end of the header";
            Log.HeaderInvalid(logger, connection.Id, connection.Accepted.RemoteEndPoint, problem);
            return false;
        }

        if (result.Header.Source is { } source)
        {
            ConnectionPreface preface = connection.NeedPreface();
            preface.Destination = result.Header.Destination;
            preface.Source = source;
        }

        return true;
    }

    private bool IsTrusted(EndPoint peer)
    {
        IPAddress? address = (peer as IPEndPoint)?.Address;
        foreach (Network network in options.AcceptProxy)
        {
            if (network.Contains(address))
                return true;
        }

        return false;
    }

    // What follows the header stays in the pipe, for the relay.
    private static async ValueTask<ProxyHeaderResult> ReadAsync(PipeReader input, CancellationToken cancellationToken)
    {
        while (true)
        {
            ReadResult read = await input.ReadAsync(cancellationToken);
            ProxyHeaderResult result = Read(read.Buffer);
            if (result.Status is ProxyHeaderStatus.Complete)
                input.AdvanceTo(read.Buffer.GetPosition(result.Header.Length));
            else
                input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            if (result.Status is not ProxyHeaderStatus.Incomplete || read.IsCompleted)
                return result;
        }
    }

    // Sockets keep what they have received in one piece.
    private static ProxyHeaderResult Read(in ReadOnlySequence<byte> received) => ProxyHeaderParser.Read(
        received.IsSingleSegment
            ? received.FirstSpan
            : received.Slice(0, Math.Min(received.Length, ProxyHeaderParser.MaxLength)).ToArray());

    private static partial class Log
    {
        [LoggerMessage(
            EventIds.ProxyHeaderInvalid, LogLevel.Debug, "PROXY protocol header refused id={Id:x} via={Via} problem={Problem}")]
        public static partial void HeaderInvalid(ILogger logger, long id, EndPoint via, string problem);
    }
}
