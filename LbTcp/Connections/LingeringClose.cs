using System.IO.Pipelines;

namespace LbTcp.Connections;

/// <summary>
/// An orderly close by this side: sends FIN, then reads and drops what the peer still sends until it has finished, too, so that the
/// connection can be disposed. Closing with unread input would turn the FIN into a reset (RFC 1122, section 4.2.2.13;
/// dotnet/runtime#43385). A transfer without a destination: what it receives is discarded.
/// </summary>
internal sealed class LingeringClose : Transfer
{
    /// <summary>The number of bytes after which reading ends; a peer that sends more is reset by the close that follows.</summary>
    public const long MaxBytes = 256 * 1024;

    private LingeringClose()
        : base(race: null)
    {
    }

    /// <summary>Starts to close. The completion fails like a transfer's, and when <paramref name="cancellationToken"/> fires.</summary>
    public static LingeringClose Begin(IConnection connection, CancellationToken cancellationToken) =>
        Begin(connection, isPeerFirst: false, cancellationToken);

    /// <summary>Starts to close, see <see cref="Begin(IConnection, CancellationToken)"/>.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="isPeerFirst">Whether the peer was asked to close and is to send FIN first.</param>
    /// <param name="cancellationToken">Ends the close.</param>
    public static LingeringClose Begin(IConnection connection, bool isPeerFirst, CancellationToken cancellationToken)
    {
        var close = new LingeringClose();
        _ = close.RunAsync(connection, isPeerFirst, cancellationToken); // never throws
        return close;
    }

    private async Task RunAsync(IConnection connection, bool isPeerFirst, CancellationToken cancellationToken)
    {
        try
        {
            if (!isPeerFirst)
                await connection.Output.CompleteAsync();
            ReadResult result;
            do
            {
                result = await connection.Input.ReadAsync(cancellationToken);
                CountReceived(result.Buffer.Length);
                connection.Input.AdvanceTo(result.Buffer.End);
            }
            while (!result.IsCompleted && BytesReceived < MaxBytes);
            if (isPeerFirst)
                await connection.Output.CompleteAsync();
        }
        catch (Exception exception)
        {
            Fail(exception);
            return;
        }

        Complete();
    }
}
