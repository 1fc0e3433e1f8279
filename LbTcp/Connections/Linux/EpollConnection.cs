using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using LbTcp.Diagnostics;

namespace LbTcp.Connections.Linux;

/// <summary>A connection of the fast transport.</summary>
internal sealed class EpollConnection : StreamSocket, IConnection, ITransferSource
{
    private EpollPipeReader? _input; // the pipes are created when they are used: an idle connection that is copied needs none
    private EpollPipeWriter? _output;
    private EndPoint? _localEndPoint;

    /// <summary>Takes over a connected or connecting, non-blocking socket.</summary>
    public EpollConnection(RelayThread home, int descriptor, ConnectionSide side, EndPoint remoteEndPoint)
        : base(home, descriptor, side)
    {
        RemoteEndPoint = remoteEndPoint;
        IsEndNear = !IsTcp; // a unix socket hands out what one send brought, if that passed descriptors: more may follow (unix(7))
    }

    public EndPoint RemoteEndPoint { get; }

    protected override bool IsTcp => RemoteEndPoint is IPEndPoint;

    public EndPoint? LocalEndPoint => _localEndPoint ??= ReadLocalEndPoint();

    public PipeReader Input => _input ?? Interlocked.CompareExchange(ref _input, new EpollPipeReader(this), null) ?? _input;

    public PipeWriter Output => _output ?? Interlocked.CompareExchange(ref _output, new EpollPipeWriter(this), null) ?? _output;

    public TcpInfo? Info => TryReadInfo(out TcpInfo info) ? info : null;

    public Transfer? TryBeginTransfer(IConnection destination, TransferRace? race)
    {
        if (_input is not null || destination is not EpollConnection { _output: null } other || other.Home != Home)
            return null;
        var transfer = new EpollTransfer(this, other, race);
        transfer.Start();
        return transfer;
    }

    public ValueTask StartAsync()
    {
        if (Reactor.Current != Home.Reactor)
            return new ValueTask(new RemoteStart(this), 0);
        bool isStarted = IsRegistered || TryRegister();
        return isStarted && Failure is SocketError.Success ? ValueTask.CompletedTask : ValueTask.FromException(Fail(Failure));
    }

    /// <summary>Returns the error of a connect that has just ended, or success.</summary>
    public SocketError ConnectError()
    {
        if (Failure is SocketError.Success && IsReset)
            _ = Fail(Errno.ToSocketError(Socket.TakeError()));
        return Failure;
    }

    public void AcknowledgeHandshake()
    {
        if (IsTcp && !IsClosed)
            Socket.Set(LinuxCalls.TcpLevel, SocketTuning.QuickAck, 1);
    }

    public void Abort()
    {
        if (Reactor.Current != Home.Reactor)
        {
            Home.Reactor.Post(static connection => ((EpollConnection)connection!).Abort(), this);
            return;
        }

        if (IsClosed)
            return;
        _ = Fail(SocketError.OperationAborted);
        if (Side is ConnectionSide.Backend)
            _ = LocalEndPoint;
        Close(isReset: true);
        WakeAll();
    }

    /// <summary>Closes the socket and returns what it held; no read or write may be pending. From any thread.</summary>
    public async ValueTask DisposeAsync()
    {
        await Home.Reactor.EnterAsync();
        Close(isReset: false);
        _input?.Complete();
        _output?.ReturnBuffer();
    }
}
