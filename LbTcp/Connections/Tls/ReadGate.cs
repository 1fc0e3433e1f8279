namespace LbTcp.Connections.Tls;

/// <summary>
/// Keeps what must not run while bytes are decrypted apart from that: OpenSSL's connections are not safe for two threads, and SslStream
/// locks reads and writes against each other, but not its shutdown (dotnet/runtime, SslStream.ShutdownAsync).
/// </summary>
internal sealed class ReadGate
{
    private readonly Lock _lock = new();
    private Action? _deferred;
    private bool _isReading;

    /// <summary>A read begins to decrypt, or goes on.</summary>
    public void Enter()
    {
        lock (_lock)
            _isReading = true;
    }

    /// <summary>A read has ended, or waits for bytes.</summary>
    public void Leave()
    {
        lock (_lock)
        {
            _isReading = false;
            _deferred?.Invoke();
            _deferred = null;
        }
    }

    /// <summary>Calls <paramref name="action"/>, which must be short and not throw, at once or when no read decrypts.</summary>
    public void Run(Action action)
    {
        lock (_lock)
        {
            if (_isReading)
                _deferred += action;
            else
                action();
        }
    }
}
