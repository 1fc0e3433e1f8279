using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using LbTcp.Configuration;

namespace LbTcp.Connections.Linux;

/// <summary>
/// One thread and its epoll set. Everything about a connection that lives here runs on this thread, so that its state needs no locks; other
/// threads hand work over with <see cref="Post"/>. Nothing that runs here may block.
/// </summary>
internal sealed unsafe class Reactor : IDisposable
{
    /// <summary>How many bytes one direction of a connection may move before the others have their turn.</summary>
    public const int BytesPerTurn = 512 * 1024;

    // Larger messages are moved by splice, which a receive that fills this announces.
    private const int ScratchSize = 16 * 1024;
    private const ulong WakeToken = ulong.MaxValue;
    private const ulong ListenerFlag = 1UL << 63;

    [ThreadStatic]
    private static Reactor? _current;

    private readonly EpollSet _epoll = new();
    private readonly int _wake = LinuxCalls.EventDescriptor(0, LinuxCalls.EventCloseOnExec | LinuxCalls.EventNonBlocking);
    private readonly byte* _scratch = (byte*)NativeMemory.Alloc(ScratchSize);
    private readonly ConcurrentQueue<Action> _posted = new();
    private readonly Queue<Action> _nextTurn = new();
    private volatile EpollListener?[] _listeners = [];
    private readonly ConnectionTable _table;
    private readonly Thread _thread;
    private int _isWakeDue;
    private int _clients;
    private bool _isStopping;

    /// <summary>Makes and starts a reactor.</summary>
    /// <param name="table">Where all reactors find the connection of an event.</param>
    /// <param name="options">How sockets are set up.</param>
    /// <param name="pipeLimit">How many splice pipes it may hold at a time.</param>
    /// <param name="name">The thread's name.</param>
    /// <exception cref="PlatformNotSupportedException">The system lacks a call that this transport needs.</exception>
    public Reactor(ConnectionTable table, TransportOptions options, int pipeLimit, string name)
    {
        _table = table;
        Pipes = new SplicePipes(pipeLimit);
        KeepAlive = new DeferredKeepAlive(table, options);
        if (_wake < 0 || _epoll.Add(_wake, EpollEvents.Readable, WakeToken) != 0)
            throw new PlatformNotSupportedException("eventfd cannot be used with epoll");
        _thread = new Thread(Run) { IsBackground = true, Name = name };
        _thread.Start();
    }

    /// <summary>The reactor that the calling thread is, or null.</summary>
    public static Reactor? Current => _current;

    /// <summary>How many clients live here. Read from any thread.</summary>
    public int Clients => Volatile.Read(ref _clients);

    /// <summary>Where small messages pass through; valid until the next await.</summary>
    public Span<byte> Scratch => new(_scratch, ScratchSize);

    /// <summary>The pipes that bulk passes through.</summary>
    public SplicePipes Pipes { get; }

    /// <summary>What gives the connections that were dialled here their keepalive.</summary>
    public DeferredKeepAlive KeepAlive { get; }

    /// <summary>Changes the number of clients that live here.</summary>
    public void CountClient(int change) => Interlocked.Add(ref _clients, change);

    /// <summary>Runs <paramref name="action"/> on this reactor's thread, soon.</summary>
    public void Post(Action action)
    {
        _posted.Enqueue(action);
        if (_current == this || Interlocked.Exchange(ref _isWakeDue, 1) != 0)
            return;
        ulong one = 1;
        _ = LinuxCalls.Write(_wake, &one, sizeof(ulong));
    }

    /// <summary>Await it to go on, on this reactor's thread; at once when already there.</summary>
    public ReactorEntry EnterAsync() => new(this);

    /// <summary>Runs <paramref name="action"/> after the other connections of this reactor had their turn. On this reactor's thread only.</summary>
    public void PostNextTurn(Action action) => _nextTurn.Enqueue(action);

    /// <summary>Asks for the events of a connection, which is open and stays so meanwhile. From any thread.</summary>
    /// <returns>0, or the error number.</returns>
    public int Add(EpollConnection connection)
    {
        _table.Set(connection.Descriptor, connection);
        return _epoll.Add(connection.Descriptor, EpollConnection.Events, connection.Token);
    }

    /// <summary>Forgets a connection that is about to be closed.</summary>
    public void Forget(EpollConnection connection) => _table.Clear(connection.Descriptor, connection);

    /// <summary>Makes room for a listener's events. From one thread at a time.</summary>
    /// <returns>The token to <see cref="Arm"/> it with.</returns>
    public ulong Add(EpollListener listener)
    {
        int place = Array.IndexOf(_listeners, null);
        if (place < 0)
        {
            place = _listeners.Length;
            _listeners = [.. _listeners, null];
        }

        _listeners[place] = listener;
        return ListenerFlag | (uint)place;
    }

    /// <summary>Forgets the listener with <paramref name="token"/>. Not while another one is added.</summary>
    public void Remove(ulong token) => _listeners[(int)(uint)token] = null;

    /// <summary>Asks for the events of a listening socket, told until they are dealt with.</summary>
    public int Arm(int descriptor, ulong token) => _epoll.Add(descriptor, EpollEvents.Readable | EpollEvents.Exclusive, token);

    /// <summary>Asks no longer for the events of a listening socket.</summary>
    public void Disarm(int descriptor) => _epoll.Remove(descriptor);

    /// <summary>
    /// Ends the thread; connections that still live here are lost. On the reactor's own thread it only asks for the end, as nobody can wait
    /// for himself.
    /// </summary>
    public void Dispose()
    {
        Post(() => _isStopping = true);
        if (_current != this)
            _thread.Join();
    }

    private void Run()
    {
        _current = this;
        while (!_isStopping)
        {
            int count = _epoll.Wait(_nextTurn.Count == 0 && _posted.IsEmpty ? KeepAlive.Pause(Environment.TickCount64) : 0);
            for (int i = 0; i < count; i++)
                Dispatch(_epoll.Read(i));
            for (int turns = _nextTurn.Count; turns > 0; turns--)
                _nextTurn.Dequeue()();
            while (_posted.TryDequeue(out Action? action))
                action();
            KeepAlive.Run(Environment.TickCount64);
        }

        EndWakes();
        Pipes.Dispose();
        _epoll.Dispose();
        _ = LinuxCalls.Close(_wake);
        NativeMemory.Free(_scratch);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Dispatch((EpollEvents Events, ulong Token) happened)
    {
        if (happened.Token == WakeToken)
            AcknowledgeWake();
        else if ((happened.Token & ListenerFlag) != 0)
            _listeners[(int)(uint)happened.Token]?.OnClientWaiting();
        else
            _table.Find(happened.Token)?.OnEvents(happened.Events);
    }

    // Nobody wakes it any more. Whoever has raised the flag is about to write: the descriptor's number must not be another's by then.
    private void EndWakes()
    {
        if (Interlocked.Exchange(ref _isWakeDue, 1) == 0)
            return;
        ulong ignored;
        while (LinuxCalls.Read(_wake, &ignored, sizeof(ulong)) < 0)
            Thread.Yield();
    }

    // The flag falls before the queue is emptied: whoever posts from here on either is seen or writes again.
    private void AcknowledgeWake()
    {
        ulong ignored;
        _ = LinuxCalls.Read(_wake, &ignored, sizeof(ulong));
        Volatile.Write(ref _isWakeDue, 0);
        Interlocked.MemoryBarrier();
    }
}
