using System.Collections.Concurrent;
using System.IO.Pipelines;
using System.Net.Sockets;
using LbTcp.Connections.Sockets;
using LbTcp.Diagnostics;
using LbTcp.Tests.TestDoubles;

namespace LbTcp.Tests.Connections.Sockets;

public sealed class SocketPipeReaderTests
{
    // Whoever never has to wait would keep the thread, which others need as well, to itself.
    [Fact]
    public async Task ReadAsync_ThereIsAlwaysMore_LetsOthersRunNowAndThen()
    {
        const int Length = 64 * 1024 * 1024;
        using TcpListener listener = RawSockets.Listen();
        using Socket peer = await RawSockets.ConnectAsync(listener.EndPoint());
        await using var connection = new SocketConnection(await listener.AcceptSocketAsync(), ConnectionSide.Client, listener.EndPoint());
        Task sending = Task.Run(() => peer.SendNoiseAsync(seed: 1, Length));

        long longestTurn = 0;
        await Turns.RunAsync(async turns =>
        {
            long turn = 0;
            for (long left = Length; left > 0;)
            {
                int before = turns.Count;
                ReadResult result = await connection.Input.ReadAsync();
                turn = turns.Count == before ? turn + result.Buffer.Length : result.Buffer.Length;
                longestTurn = Math.Max(longestTurn, turn);
                left -= result.Buffer.Length;
                connection.Input.AdvanceTo(result.Buffer.End);
            }
        });

        await sending.Done();
        Assert.InRange(longestTurn, 1, 1024 * 1024);
    }

    /// <summary>Runs code whose every continuation is queued here, so that it can be seen when the thread was given away.</summary>
    private sealed class Turns : SynchronizationContext
    {
        private readonly BlockingCollection<(SendOrPostCallback Callback, object? State)> _queue = [];

        /// <summary>How often the thread was given away.</summary>
        public int Count { get; private set; }

        public static Task RunAsync(Func<Turns, Task> body) => Task.Run(() =>
        {
            var turns = new Turns();
            SetSynchronizationContext(turns);
            Task run = body(turns);
            _ = run.ContinueWith(_ => turns._queue.CompleteAdding(), TaskScheduler.Default);
            foreach ((SendOrPostCallback callback, object? state) in turns._queue.GetConsumingEnumerable())
            {
                turns.Count++;
                callback(state);
            }

            SetSynchronizationContext(null);
            return run;
        }).Done();

        public override void Post(SendOrPostCallback d, object? state) => _queue.Add((d, state));
    }
}
