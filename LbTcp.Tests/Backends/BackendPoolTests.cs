using LbTcp.Backends;

namespace LbTcp.Tests.Backends;

public class BackendPoolTests
{
    private static readonly string[] _urls = ["http://localhost:3001", "http://localhost:3002", "tcp://10.0.0.1:80"];

    private readonly BackendPool _pool = new(_urls);

    [Fact]
    public void Constructor_Urls_AreAllHealthyInTheirOrder()
    {
        Assert.Equal(_urls, Urls(_pool.GetAllBackends()));
        Assert.Equal(_urls, Urls(_pool.GetHealthyBackends()));
        Assert.All(_pool.GetAllBackends(), backend => Assert.True(backend.IsHealthy));
    }

    [Fact]
    public void Constructor_NoUrl_MakesAnEmptyPool()
    {
        var pool = new BackendPool(Array.Empty<string>());
        Assert.Empty(pool.GetAllBackends());
        Assert.Empty(pool.GetHealthyBackends());
    }

    [Fact]
    public void Constructor_WrongUrl_ThrowsNamingIt()
    {
        var exception = Assert.Throws<FormatException>(() => new BackendPool(["http://localhost:3001", "nonsense"]));
        Assert.Contains("'nonsense'", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("localhost:1")]
    [InlineData("http://LOCALHOST:1")]
    public void Constructor_SameHostAndPortTwice_Throws(string other) =>
        Assert.Throws<ArgumentException>(() => new BackendPool(["tcp://localhost:1", other]));

    [Fact]
    public void MarkUnhealthy_Backend_LeavesTheHealthyOnesOnly()
    {
        Assert.True(_pool.MarkUnhealthy(_urls[1]));
        Assert.Equal([_urls[0], _urls[2]], Urls(_pool.GetHealthyBackends()));
        Assert.Equal(_urls, Urls(_pool.GetAllBackends()));
        Assert.False(_pool.GetAllBackends()[1].IsHealthy);
    }

    [Fact]
    public void MarkHealthy_UnhealthyBackend_ComesBackInItsPlace()
    {
        _pool.MarkUnhealthy(_urls[0]);
        _pool.MarkUnhealthy(_urls[1]);
        Assert.True(_pool.MarkHealthy(_urls[0]));
        Assert.Equal([_urls[0], _urls[2]], Urls(_pool.GetHealthyBackends()));
    }

    [Fact]
    public void MarkUnhealthy_AllBackends_LeavesNone()
    {
        foreach (string url in _urls)
            _pool.MarkUnhealthy(url);
        Assert.Empty(_pool.GetHealthyBackends());
        Assert.Equal(3, _pool.GetAllBackends().Count);
    }

    [Fact]
    public void Mark_HealthItHasAlready_ChangesNothing()
    {
        IReadOnlyList<Backend> before = _pool.GetHealthyBackends();
        Assert.False(_pool.MarkHealthy(_urls[0]));
        Assert.Same(before, _pool.GetHealthyBackends());
        _pool.MarkUnhealthy(_urls[0]);
        Assert.False(_pool.MarkUnhealthy(_urls[0]));
    }

    [Theory]
    [InlineData("http://localhost:9")]
    [InlineData("localhost")]
    [InlineData("")]
    public void Mark_UnknownUrl_ChangesNothing(string url)
    {
        IReadOnlyList<Backend> before = _pool.GetHealthyBackends();
        Assert.False(_pool.MarkUnhealthy(url));
        Assert.False(_pool.MarkHealthy(url));
        Assert.Same(before, _pool.GetHealthyBackends());
    }

    [Theory]
    [InlineData("http://localhost:3001/")]
    [InlineData("HTTP://Localhost:3001")]
    [InlineData("localhost:3001")]
    [InlineData("tcp://localhost:3001")]
    public void Mark_OtherSpellingOfAUrl_FindsTheBackend(string url)
    {
        Assert.True(_pool.MarkUnhealthy(url));
        Assert.False(_pool.GetAllBackends()[0].IsHealthy);
    }

    [Fact]
    public void GetHealthyBackends_ListTakenBefore_NeverChanges()
    {
        IReadOnlyList<Backend> before = _pool.GetHealthyBackends();
        _pool.MarkUnhealthy(_urls[0]);
        Assert.Equal(_urls, Urls(before));
    }

    [Fact]
    public void GetBackends_Callers_CannotChangeTheLists()
    {
        Assert.Throws<NotSupportedException>(() => ((IList<Backend>)_pool.GetAllBackends()).Clear());
        Assert.Throws<NotSupportedException>(() => ((IList<Backend>)_pool.GetHealthyBackends()).RemoveAt(0));
    }

    [Fact]
    public void GetHealthyBackends_ManyReads_AllocateNothing()
    {
        _ = _pool.GetHealthyBackends();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++)
            _ = _pool.GetHealthyBackends().Count + _pool.GetAllBackends().Count;
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private static IEnumerable<string> Urls(IEnumerable<Backend> backends) => backends.Select(backend => backend.Url);
}
