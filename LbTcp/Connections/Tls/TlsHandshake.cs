using System.Security.Authentication;

namespace LbTcp.Connections.Tls;

/// <summary>
/// One TLS handshake. It computes on the thread pool, beside the reactors, and holds a place of a <see cref="HandshakeLimit"/> while it
/// does; what it reads is bounded.
/// </summary>
internal sealed class TlsHandshake(HandshakeLimit limit)
{
    /// <summary>The maximum number of bytes of the peer: room for a chain of certificates (OpenSSL accepts 100 KB of them).</summary>
    public const int MaxBytes = 128 * 1024;

    private bool _hasPlace;
    private long _received;

    /// <summary>Runs <paramref name="authenticate"/> to its end.</summary>
    /// <returns>Null if it succeeded, otherwise why it failed, in a few words.</returns>
    /// <exception cref="ConnectionException">The connection failed.</exception>
    /// <exception cref="OperationCanceledException">The token has fired.</exception>
    public async Task<string?> RunAsync(Func<Task> authenticate, CancellationToken cancellationToken)
    {
        try
        {
            await ContinueAsync(received: 0, cancellationToken).ConfigureAwait(false);
            await authenticate().ConfigureAwait(false);
            return null;
        }
        catch (Exception exception) when (exception is AuthenticationException or (IOException and not ConnectionException))
        {
            return Describe(exception);
        }
        finally
        {
            Pause();
        }
    }

    /// <summary>Gives the place back while the handshake waits for its peer.</summary>
    public void Pause()
    {
        if (!_hasPlace)
            return;
        _hasPlace = false;
        limit.Leave();
    }

    /// <summary>Waits for a place and continues on the thread pool.</summary>
    /// <param name="received">The number of bytes that the peer has sent meanwhile.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="AuthenticationException">The peer has sent too much.</exception>
    public async Task ContinueAsync(int received, CancellationToken cancellationToken)
    {
        Count(received);
        await limit.EnterAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        _hasPlace = true;
    }

    /// <summary>Counts bytes of the peer.</summary>
    /// <exception cref="AuthenticationException">The peer has sent too much.</exception>
    public void Count(int received)
    {
        _received += received;
        if (_received > MaxBytes)
            throw new AuthenticationException($"more than {MaxBytes} bytes");
    }

    // The innermost message is that of OpenSSL, such as "error:0A0000C1:SSL routines::no shared cipher".
    private static string Describe(Exception exception)
    {
        string message = exception.GetBaseException().Message;
        return message[(message.LastIndexOf("::", StringComparison.Ordinal) is >= 0 and int at ? at + 2 : 0)..];
    }
}
