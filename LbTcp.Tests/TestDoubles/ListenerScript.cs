using System.Net.Sockets;
using System.Threading.Channels;
using LbTcp.Connections;
using NSubstitute;

namespace LbTcp.Tests.TestDoubles;

/// <summary>A listener that accepts what the test says.</summary>
internal sealed class ListenerScript
{
    private readonly Channel<ConnectionResult> _results = Channel.CreateUnbounded<ConnectionResult>();
    private int _accepts;

    public ListenerScript() =>
        Listener.AcceptAsync(CancellationToken.None).ReturnsForAnyArgs(call => AcceptAsync(call.Arg<CancellationToken>()));

    public IConnectionListener Listener { get; } = Substitute.For<IConnectionListener>();

    /// <summary>How often somebody began to accept.</summary>
    public int Accepts => Volatile.Read(ref _accepts);

    /// <summary>The next accept fails.</summary>
    public void Fail(SocketError error) => Assert.True(_results.Writer.TryWrite(new ConnectionResult(null, error)));

    /// <summary>The next accept is of a new client.</summary>
    /// <returns>The client's end.</returns>
    public InMemoryConnection Connect()
    {
        (InMemoryConnection connection, InMemoryConnection client) = InMemoryConnection.CreatePair();
        Assert.True(_results.Writer.TryWrite(new ConnectionResult(connection, SocketError.Success)));
        return client;
    }

    private async ValueTask<ConnectionResult> AcceptAsync(CancellationToken cancellationToken)
    {
        _ = Interlocked.Increment(ref _accepts);
        try
        {
            return await _results.Reader.ReadAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            if (_results.Reader.TryRead(out ConnectionResult queued))
                return queued;
            return new ConnectionResult(null, SocketError.OperationAborted);
        }
    }
}
