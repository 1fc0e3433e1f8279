using System.Diagnostics.CodeAnalysis;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using LbTcp.Diagnostics;

namespace LbTcp.Connections.Sockets;

/// <summary>A connection over a managed socket: the portable transport.</summary>
internal sealed class SocketConnection : IConnection
{
    private readonly Socket _socket;
    private readonly SocketPipeReader _input;
    private readonly SocketPipeWriter _output;
    private int _failure; // the first SocketError, kept: the system reports each error only once
    private int _isClosed;
    private EndPoint? _localEndPoint;

    /// <summary>Takes over a connected socket.</summary>
    public SocketConnection(Socket socket, ConnectionSide side, EndPoint remoteEndPoint)
    {
        _socket = socket;
        Side = side;
        RemoteEndPoint = remoteEndPoint.Unmapped();
        _input = new SocketPipeReader(this, socket);
        _output = new SocketPipeWriter(this, socket);
    }

    public ConnectionSide Side { get; }

    public EndPoint RemoteEndPoint { get; }

    public EndPoint? LocalEndPoint => _localEndPoint ??= ReadLocalEndPoint();

    public PipeReader Input => _input;

    public PipeWriter Output => _output;

    public TcpInfo? Info => TcpInfo.TryRead(_socket, out TcpInfo info) ? info : null;

    // Once FIN was sent, the peer's FIN closes the connection as well. Asked in this order: FIN may go out at this very moment.
    public bool IsReset => Failure is not SocketError.Success || (Info is { IsClosed: true } && !IsOutputCompleted);

    /// <summary>The first failure, or <see cref="SocketError.Success"/>.</summary>
    public SocketError Failure => (SocketError)Volatile.Read(ref _failure);

    /// <summary>Whether FIN was sent: from then on the peer's FIN may close the connection altogether.</summary>
    public bool IsOutputCompleted => _output.IsCompleted;

    public ValueTask StartAsync() => ValueTask.CompletedTask;

    /// <summary>Records a failure and makes the exception for it; the first one wins.</summary>
    public ConnectionException Fail(SocketError error)
    {
        _ = Interlocked.CompareExchange(ref _failure, (int)error, (int)SocketError.Success);
        return new ConnectionException(Side, Failure);
    }

    /// <summary>As <see cref="Fail"/>, from what a managed socket threw; false for what says nothing about the connection.</summary>
    public bool TryFail(Exception exception, [NotNullWhen(true)] out ConnectionException? failure)
    {
        failure = exception switch
        {
            SocketException socketException => Fail(socketException.SocketErrorCode),
            ObjectDisposedException => Fail(SocketError.OperationAborted),
            _ => null,
        };
        return failure is not null;
    }

    public void AcknowledgeHandshake()
    {
        try
        {
            SocketTuning.AcknowledgeHandshake(_socket);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The connection has ended, which the next read reports.
        }
    }

    public void Abort()
    {
        _ = Interlocked.CompareExchange(ref _failure, (int)SocketError.OperationAborted, (int)SocketError.Success);
        if (Interlocked.Exchange(ref _isClosed, 1) != 0)
            return;
        if (Side is ConnectionSide.Backend)
            _ = LocalEndPoint;
        try
        {
            // Linger 0 makes close send RST; a shutdown before it would make it FIN again (dotnet/runtime#104000).
            _socket.LingerState = new LingerOption(enable: true, seconds: 0);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The peer has ended the connection already: there is nothing left to reset.
        }

        _socket.Dispose();
    }

    public ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isClosed, 1) == 0)
            _socket.Dispose();
        _input.Complete();
        _output.ReturnBuffer();
        return ValueTask.CompletedTask;
    }

    private EndPoint? ReadLocalEndPoint()
    {
        try
        {
            return _socket.LocalEndPoint?.Named();
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            return null;
        }
    }
}
