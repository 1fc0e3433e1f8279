using System.Net;
using System.Net.Sockets;
using LbTcp.Backends;
using LbTcp.Discovery;

namespace LbTcp.Tests.Discovery;

public class HostResolverTests
{
    [Theory]
    [InlineData("127.0.0.1:80", "127.0.0.1:80")]
    [InlineData("[::1]:80", "[::1]:80")]
    [InlineData("[::ffff:10.0.0.1]:80", "10.0.0.1:80")]
    public async Task RefreshAsync_AddressLiteral_IsKnownAtOnceAndNotLookedUp(string url, string expected)
    {
        Backend backend = new BackendPool([url]).GetAllBackends()[0];
        EndPoint[] known = backend.EndPoints;
        Assert.Equal(expected, Assert.Single(known).ToString());

        Assert.Equal(
            SocketError.Success, await new HostResolver(_ => throw new InvalidOperationException("looked up")).RefreshAsync(backend));

        Assert.Same(known, backend.EndPoints);
    }

    [Fact]
    public async Task RefreshAsync_Name_IsResolvedBySystem()
    {
        Backend backend = new BackendPool(["localhost:80"]).GetAllBackends()[0];
        Assert.Empty(backend.EndPoints);

        Assert.Equal(SocketError.Success, await new HostResolver().RefreshAsync(backend));

        Assert.NotEmpty(backend.EndPoints);
        Assert.All(backend.EndPoints.Cast<IPEndPoint>(), endPoint =>
            Assert.True(IPAddress.IsLoopback(endPoint.Address) && endPoint.Port == 80));
    }

    [Theory]
    [InlineData("no-such-host.invalid")] // RFC 2606: never resolves
    [InlineData("a..b")]
    public async Task ResolveAsync_NameThatDoesNotResolve_ReportsWhy(string name)
    {
        HostAddresses found = await new HostResolver().ResolveAsync(name);

        Assert.NotEqual(SocketError.Success, found.Error);
        Assert.Empty(found.Addresses);
    }

    [Fact]
    public async Task RefreshAsync_LookUpFails_KeepsWhatIsKnown()
    {
        var answers = new Queue<Func<IPAddress[]>>([
            () => [IPAddress.Parse("10.0.0.1"), IPAddress.Parse("::ffff:10.0.0.1"), IPAddress.Parse("10.0.0.2")],
            () => throw new SocketException((int)SocketError.TryAgain),
            () => [],
            () => [IPAddress.Parse("10.0.0.3")],
        ]);
        Backend backend = new BackendPool(["name:80"]).GetAllBackends()[0];
        var resolver = new HostResolver(_ => Task.FromResult(answers.Dequeue()()));

        Assert.Equal(SocketError.Success, await resolver.RefreshAsync(backend));
        EndPoint[] known = backend.EndPoints;
        Assert.Equal(["10.0.0.1:80", "10.0.0.2:80"], known.Select(endPoint => endPoint.ToString()));
        Assert.Equal(SocketError.TryAgain, await resolver.RefreshAsync(backend));
        Assert.Equal(SocketError.HostNotFound, await resolver.RefreshAsync(backend));
        Assert.Same(known, backend.EndPoints);
        Assert.Equal(SocketError.Success, await resolver.RefreshAsync(backend));
        Assert.Equal("10.0.0.3:80", Assert.Single(backend.EndPoints).ToString());
    }

    [Fact]
    public async Task RefreshAsync_LookUpFailsWhileNothingIsKnown_IsReportedAndRepeatedByTheNextCall()
    {
        var answers = new Queue<Func<IPAddress[]>>([
            () => throw new SocketException((int)SocketError.TryAgain),
            () => throw new SocketException((int)SocketError.HostNotFound),
            () => [IPAddress.Loopback],
        ]);
        Backend backend = new BackendPool(["name:80"]).GetAllBackends()[0];
        var resolver = new HostResolver(_ => Task.FromResult(answers.Dequeue()()));

        Assert.Equal(SocketError.TryAgain, await resolver.RefreshAsync(backend));
        Assert.Equal(SocketError.HostNotFound, await resolver.RefreshAsync(backend));
        Assert.Empty(backend.EndPoints);
        Assert.Equal(SocketError.Success, await resolver.RefreshAsync(backend));
        Assert.Equal("127.0.0.1:80", Assert.Single(backend.EndPoints).ToString());
    }

    [Fact]
    public async Task RefreshAsync_TwoBackendsOfOneName_ShareOneLookUp()
    {
        int lookUps = 0;
        var answer = new TaskCompletionSource<IPAddress[]>();
        var resolver = new HostResolver(_ =>
        {
            Interlocked.Increment(ref lookUps);
            return answer.Task;
        });
        IReadOnlyList<Backend> backends = new BackendPool(["name:80", "name:81"]).GetAllBackends();
        using var start = new Barrier(2);

        Task<SocketError>[] calls = [.. backends.Select(backend => Task.Run(() =>
        {
            start.SignalAndWait();
            Task<SocketError> refreshing = resolver.RefreshAsync(backend);
            start.SignalAndWait(); // both are under way before the answer comes
            return refreshing;
        }))];
        await Until.TrueAsync(() => Volatile.Read(ref lookUps) > 0 && start.CurrentPhaseNumber == 2, "both calls are under way");
        answer.SetResult([IPAddress.Loopback]);

        Assert.All(await Task.WhenAll(calls).Done(), error => Assert.Equal(SocketError.Success, error));
        Assert.All(backends, backend => Assert.Single(backend.EndPoints));
    }

    [Fact]
    public async Task ResolveAsync_CallsThatOverlap_ShareOneLookUp()
    {
        int lookUps = 0;
        var answer = new TaskCompletionSource<IPAddress[]>();
        var resolver = new HostResolver(_ =>
        {
            Interlocked.Increment(ref lookUps);
            return answer.Task;
        });

        Task<HostAddresses>[] calls = [.. Enumerable.Range(0, 50).Select(_ => resolver.ResolveAsync("name"))];
        answer.SetResult([IPAddress.Loopback]);
        Assert.All(await Task.WhenAll(calls).Done(), found => Assert.Equal(IPAddress.Loopback, Assert.Single(found.Addresses)));
        Assert.Equal(1, lookUps);

        _ = await resolver.ResolveAsync("name");
        Assert.Equal(2, lookUps);
    }

    [Fact]
    public async Task RefreshAsync_CallsThatOverlap_UpdateTheBackendOnce()
    {
        var answer = new TaskCompletionSource<IPAddress[]>();
        var resolver = new HostResolver(_ => answer.Task);
        Backend backend = new BackendPool(["name:80"]).GetAllBackends()[0];

        Task<SocketError> first = resolver.RefreshAsync(backend);
        Task<SocketError> second = resolver.RefreshAsync(backend);
        Assert.Same(first, second);
        answer.SetResult([IPAddress.Loopback]);
        Assert.Equal(SocketError.Success, await first.Done());

        Assert.NotSame(first, resolver.RefreshAsync(backend));
    }
}
