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
    public static LingeringClose Begin(IConnection connection, CancellationToken cancellationToken)
    {
        var close = new LingeringClose();
        _ = close.RunAsync(connection, cancellationToken); // never throws
        return close;
    }

    private async Task RunAsync(IConnection connection, CancellationToken cancellationToken)
    {
        try
        {
            await connection.Output.CompleteAsync();
            ReadResult result;
            do
            {
                result = await connection.Input.ReadAsync(cancellationToken);
                CountReceived(result.Buffer.Length);
                connection.Input.AdvanceTo(result.Buffer.End);
            }
            while (!result.IsCompleted && BytesReceived < MaxBytes);
        }
        catch (Exception exception)
        {
            Fail(exception);
            return;
        }

        Complete();
    }
}
