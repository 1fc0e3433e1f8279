using System.Collections.Concurrent;

namespace LbTcp.Connections.Linux;

/// <summary>
/// One thread and its epoll set. Calls the handlers of descriptors that have events. Everything about such a descriptor runs on this
/// thread, so that its state needs no locks. Other threads queue work with <see cref="Post"/>. The thread has a
/// <see cref="SynchronizationContext"/>: a plain <c>await</c> on it continues on it. Nothing that runs here may block.
/// </summary>
internal sealed class Reactor : IDisposable
{
    [ThreadStatic]
    private static Reactor? _current;

    private readonly EpollSet _epoll = new();
    private readonly WakeEvent _wake = new();
    private readonly ConcurrentQueue<(SendOrPostCallback Callback, object? State)> _posted = new();
    private readonly Queue<(SendOrPostCallback Callback, object? State)> _nextTurn = new();
    private readonly HandlerTable _handlers;
    private readonly IReactorTimer _timer;
    private readonly Thread _thread;
    private bool _isStopping;

    /// <summary>Makes and starts a reactor.</summary>
    /// <param name="handlers">The handlers of all reactors.</param>
    /// <param name="timer">The timed work of this thread.</param>
    /// <param name="number">The reactor's index among those that share the table.</param>
    /// <exception cref="PlatformNotSupportedException">The system lacks a call that this transport needs.</exception>
    public Reactor(HandlerTable handlers, IReactorTimer timer, int number)
    {
        _handlers = handlers;
        _timer = timer;
        Number = number;
        if (Add(_wake.Descriptor, _wake, EpollEvents.Readable) != 0)
            throw new PlatformNotSupportedException("eventfd cannot be used with epoll");
        _thread = new Thread(Run) { IsBackground = true, Name = $"reactor {number}" };
        _thread.Start();
    }

    /// <summary>The reactor that the calling thread is, or null.</summary>
    public static Reactor? Current => _current;

    /// <summary>The reactor's index among those that share its table.</summary>
    public int Number { get; }

    /// <summary>Runs <paramref name="callback"/> on this reactor's thread, soon. From any thread.</summary>
    public void Post(SendOrPostCallback callback, object? state)
    {
        _posted.Enqueue((callback, state));
        if (_current != this)
            _wake.Signal();
    }

    /// <summary>Await it to continue on this reactor's thread; at once when already there.</summary>
    public ReactorEntry EnterAsync() => new(this);

    /// <summary>
    /// Runs <paramref name="callback"/> after the other handlers of this reactor had their turn. On this reactor's thread only.
    /// </summary>
    public void PostNextTurn(SendOrPostCallback callback, object? state) => _nextTurn.Enqueue((callback, state));

    /// <summary>Enters a descriptor's handler and asks for its events. From any thread; the descriptor must stay open meanwhile.</summary>
    /// <returns>0, or the error number.</returns>
    public int Add(int descriptor, IEventHandler handler, EpollEvents events) =>
        Watch(descriptor, events, _handlers.Add(descriptor, handler));

    /// <summary>Removes a descriptor's handler. The close that follows takes the descriptor out of the epoll set.</summary>
    public void Remove(int descriptor, IEventHandler handler) => _handlers.Remove(descriptor, handler);

    /// <summary>Asks for the events of a descriptor whose handler has been entered under <paramref name="token"/>.</summary>
    /// <returns>0, or the error number.</returns>
    public int Watch(int descriptor, EpollEvents events, ulong token) => _epoll.Add(descriptor, events, token);

    /// <summary>Asks no longer for the events of a descriptor; one that is not watched is ignored.</summary>
    public void Unwatch(int descriptor) => _epoll.Remove(descriptor);

    /// <summary>
    /// Ends the thread; what lives here gets no more events. On the reactor's own thread it only asks for the end, as a thread cannot wait
    /// for itself.
    /// </summary>
    public void Dispose()
    {
        Post(static state => ((Reactor)state!)._isStopping = true, this);
        if (_current != this)
            _thread.Join();
    }

    private void Run()
    {
        _current = this;
        SynchronizationContext.SetSynchronizationContext(new ReactorContext(this));
        while (!_isStopping)
        {
            int turns = _nextTurn.Count; // what an event postpones from here on waits for the next round
            int count = _epoll.Wait(turns == 0 && _posted.IsEmpty ? _timer.Pause(Environment.TickCount64) : 0);
            for (int i = 0; i < count; i++)
            {
                (EpollEvents events, ulong token) = _epoll.Read(i);
                _handlers.Find(token)?.OnEvents(events);
            }

            for (; turns > 0; turns--)
                Run(_nextTurn.Dequeue());
            // What is posted meanwhile waits for the next round, so that work that posts itself again holds up no events; the last round
            // runs everything.
            for (int left = _posted.Count; (left > 0 || _isStopping) && _posted.TryDequeue(out (SendOrPostCallback, object?) work); left--)
                Run(work);
            _timer.Run(Environment.TickCount64);
        }

        _handlers.Remove(_wake.Descriptor, _wake);
        _wake.Dispose();
        _epoll.Dispose();
    }

    private static void Run((SendOrPostCallback Callback, object? State) work) => work.Callback(work.State);
}
