using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using LbTcp.Connections;
using LbTcp.Diagnostics;

namespace LbTcp.Tests.TestDoubles;

/// <summary>
/// One end of a connection that exists in memory only and keeps the rules of <see cref="IConnection"/>: bytes that were in flight before a
/// reset can still be read, as with a Linux socket; a write to an end that was disposed is answered with a reset.
/// </summary>
internal sealed class InMemoryConnection : IConnection
{
    private readonly InMemoryInput _input;
    private readonly InMemoryOutput _output;
    private InMemoryConnection? _peer;
    private volatile SocketError _failure;
    private int _isDisposed;

    private InMemoryConnection(EndPoint remote, Pipe incoming, Pipe outgoing)
    {
        RemoteEndPoint = remote;
        _input = new InMemoryInput(this, incoming.Reader);
        _output = new InMemoryOutput(this, outgoing.Writer);
    }

    public ConnectionSide Side { get; private init; }

    public EndPoint RemoteEndPoint { get; }

    public EndPoint? LocalEndPoint => _peer!.RemoteEndPoint;

    public PipeReader Input => _input;

    public PipeWriter Output => _output;

    /// <summary>Bytes seen by reads so far.</summary>
    public long BytesReceived => _input.Received;

    /// <summary>Bytes flushed so far.</summary>
    public long BytesSent => _output.Sent;

    public TcpInfo? Info => new TcpInfo { BytesAcknowledged = _peer!._input.Consumed };

    public bool IsReset => _failure == SocketError.ConnectionReset;

    /// <summary>Whether <see cref="DisposeAsync"/> was called.</summary>
    public bool IsDisposed => Volatile.Read(ref _isDisposed) != 0;

    /// <summary>Whether the peer takes nothing any more.</summary>
    public bool IsPeerDisposed => _peer!.IsDisposed;

    /// <summary>Whether <see cref="AcknowledgeHandshake"/> was called.</summary>
    public bool IsHandshakeAcknowledged { get; private set; }

    /// <summary>Why the connection failed; <see cref="SocketError.Success"/> while it has not.</summary>
    public SocketError Failure => _failure;

    /// <summary>Makes a connection between the code under test and the test.</summary>
    /// <param name="remote">What the code under test takes for its peer's address; 192.0.2.1:50000 when null.</param>
    /// <param name="side">The side of the peer.</param>
    /// <param name="capacity">How many bytes each direction holds before its writer has to wait.</param>
    /// <returns>The end for the code under test, and the end that the test plays the peer with.</returns>
    public static (InMemoryConnection Connection, InMemoryConnection Peer) CreatePair(
        EndPoint? remote = null, int capacity = 64 * 1024, ConnectionSide side = ConnectionSide.Client)
    {
        // Inline, as a socket's completions are: what a write sets off has run when the write returns.
        var options = new PipeOptions(
            readerScheduler: PipeScheduler.Inline, writerScheduler: PipeScheduler.Inline,
            pauseWriterThreshold: capacity, resumeWriterThreshold: Math.Max(1, capacity / 2), useSynchronizationContext: false);
        var toConnection = new Pipe(options);
        var toPeer = new Pipe(options);
        var connection =
            new InMemoryConnection(remote ?? new IPEndPoint(IPAddress.Parse("192.0.2.1"), 50000), toConnection, toPeer) { Side = side };
        var peer = new InMemoryConnection(new IPEndPoint(IPAddress.Parse("192.0.2.254"), 8080), toPeer, toConnection);
        connection._peer = peer;
        peer._peer = connection;
        return (connection, peer);
    }

    public ValueTask StartAsync() => ValueTask.CompletedTask;

    public void AcknowledgeHandshake() => IsHandshakeAcknowledged = true;

    public void Abort()
    {
        Fail(SocketError.OperationAborted);
        _peer!.Fail(SocketError.ConnectionReset);
    }

    /// <summary>Makes the connection fail as if its peer had not answered for too long.</summary>
    public void Lose() => Fail(SocketError.TimedOut);

    public ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0)
            return ValueTask.CompletedTask;
        if (_peer!.BytesSent > _input.Consumed)
            _peer.Fail(SocketError.ConnectionReset); // close(2) with unread bytes resets
        _output.Complete();
        _input.Close();
        return ValueTask.CompletedTask;
    }

    internal void Fail(SocketError error)
    {
        if (Interlocked.CompareExchange(ref _failure, error, SocketError.Success) != SocketError.Success)
            return;
        _input.CancelPendingRead();
        _output.CancelPendingFlush();
    }
}
