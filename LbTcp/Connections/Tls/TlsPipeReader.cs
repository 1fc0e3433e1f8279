using System.Net.Security;
using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace LbTcp.Connections.Tls;

/// <summary>Receives what a peer sends through TLS.</summary>
internal sealed class TlsPipeReader(TlsConnection connection, SslStream tls, ConnectionStream stream) : ConnectionPipeReader
{
    private volatile bool _sawCloseNotify;
    private ConnectionException? _failure; // found behind bytes that were received before it

    /// <summary>Whether the peer has announced that it sends nothing more. May be read from any thread.</summary>
    public bool SawCloseNotify => _sawCloseNotify;

    protected override ConnectionException Fail(SocketError error) => connection.Fail(error);

    // A read without a buffer completes when there is something to read, and TLS itself holds none until then.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    protected override async ValueTask WaitAsync(CancellationToken cancellationToken) =>
        _ = await ReadAsync(Memory<byte>.Empty, cancellationToken).ConfigureAwait(false);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    protected override async ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        int received = await ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        while (received > 0 && received < buffer.Length && stream.HasRecord)
        {
            int more = await ReadMoreAsync(buffer[received..], cancellationToken).ConfigureAwait(false);
            if (more == 0)
                return received; // an end or a failure comes again
            received += more;
        }

        // SslStream returns 0 for close_notify and for FIN alike; it reads no FIN where it found close_notify.
        if (received == 0 && stream.SawFin)
            throw Fail(SocketError.ConnectionReset);
        _sawCloseNotify = received == 0;
        return received;
    }

    // The bytes of a record that has arrived. It may also be one of TLS itself, such as a KeyUpdate: SslStream would wait for the next one
    // then, while the peer waits for an answer to those before it.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<int> ReadMoreAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        stream.MayWait = false;
        try
        {
            return await ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        }
        catch (ConnectionStream.NothingReceivedException)
        {
            return 0;
        }
        catch (ConnectionException failure)
        {
            _failure = failure;
            return 0;
        }
        finally
        {
            stream.MayWait = true;
        }
    }

    // SslStream's reads are pooled and complete where those of the transport do.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        if (_failure is not null)
            throw _failure;
        stream.Gate.Enter();
        try
        {
            return await tls.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        }
        catch (IOException exception) when (exception is not (ConnectionException or ConnectionStream.NothingReceivedException))
        {
            throw Fail(SocketError.ConnectionReset); // what the peer sent is not TLS any more, or it sent an alert
        }
        finally
        {
            stream.Gate.Leave();
        }
    }
}
