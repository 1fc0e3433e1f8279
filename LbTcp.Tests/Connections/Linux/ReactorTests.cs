using System.Net.Sockets;
using LbTcp.Configuration;
using LbTcp.Connections.Linux;
using LbTcp.Tests.TestDoubles;

namespace LbTcp.Tests.Connections.Linux;

public sealed class ReactorTests
{
    // Each action is waited for before the next one is posted, so that a single lost wake-up stops the test.
    [SkippableFact]
    public async Task Post_FromSeveralThreads_LosesNoWakeUp()
    {
        await using var fixture = new ReactorFixture();
        Reactor reactor = fixture.Reactor;

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            for (int i = 0; i < 5_000; i++)
            {
                await reactor.EnterAsync();
                Assert.Same(reactor, Reactor.Current);
                await Task.Yield(); // to the thread pool
            }
        }))).Done();
    }

    [SkippableFact]
    public async Task Await_WhatCompletesOnThePool_ContinuesOnTheReactor()
    {
        await using var fixture = new ReactorFixture();
        await fixture.RunAsync(async () =>
        {
            for (int i = 0; i < 200; i++)
            {
                var elsewhere = new TaskCompletionSource();
                _ = Task.Run(elsewhere.SetResult);
                await elsewhere.Task;
                Assert.Same(fixture.Reactor, Reactor.Current);
                await Task.Run(() => Assert.Null(Reactor.Current));
                Assert.Same(fixture.Reactor, Reactor.Current);
            }
        });
    }

    [SkippableFact]
    public async Task PostNextTurn_OthersWait_LetsThemGoFirst()
    {
        await using var fixture = new ReactorFixture();
        var order = new List<string>();

        await fixture.RunAsync(async () =>
        {
            Task first = RunTurnsAsync("a");
            Task second = RunTurnsAsync("b");
            await Task.WhenAll(first, second);
        });

        Assert.Equal(["a", "b", "a", "b", "a", "b"], order);

        async Task RunTurnsAsync(string name)
        {
            for (int i = 0; i < 3; i++)
            {
                order.Add(name);
                await fixture.Reactor.NextTurnAsync();
            }
        }
    }

    [SkippableFact]
    public async Task Post_WorkThatPostsItselfAgain_EventsAreStillHandled()
    {
        await using var fixture = new ReactorFixture();
        (EpollConnection connection, Socket peer) = await fixture.ConnectAsync();
        bool isReceived = false;
        await fixture.RunAsync(() => connection.WaitToRead(new ActionWaiter(() => Volatile.Write(ref isReceived, true))));
        fixture.Reactor.Post(PostAgain, null);

        _ = peer.Send(new byte[1]);

        await Until.TrueAsync(() => Volatile.Read(ref isReceived), "the event is handled");

        void PostAgain(object? state)
        {
            if (!isReceived)
                fixture.Reactor.Post(PostAgain, null);
        }
    }

    [SkippableFact]
    public async Task Dispose_OnItsOwnThread_EndsItAfterwards()
    {
        await using var fixture = new ReactorFixture();
        await fixture.RunAsync(fixture.Reactor.Dispose);

        await Task.Run(fixture.Reactor.Dispose).Done(); // waits for the thread
    }

    [SkippableFact]
    public async Task Dispose_WorkPostsMoreWork_RunsEverythingBeforeTheEnd()
    {
        await using var fixture = new ReactorFixture();
        bool hasRun = false;
        await fixture.RunAsync(() =>
        {
            fixture.Reactor.Dispose();
            fixture.Reactor.Post(_ => fixture.Reactor.Post(_ => Volatile.Write(ref hasRun, true), null), null);
        });

        await Task.Run(fixture.Reactor.Dispose).Done(); // waits for the thread

        Assert.True(hasRun);
    }

    [SkippableFact]
    public async Task Dispose_OthersPostAtTheSameMoment_EndsEveryTime()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "this system is not Linux");
        await Race.RunAsync(rounds: 300, () =>
        {
            var table = new HandlerTable();
            var reactor = new Reactor(table, new DeferredKeepAlive(table, new TransportOptions()), number: 0);
            return (reactor.Dispose, () => reactor.Post(static _ => { }, null), () => Task.Run(reactor.Dispose).Done());
        });
    }
}
