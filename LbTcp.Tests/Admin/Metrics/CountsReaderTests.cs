using LbTcp.Admin.Metrics;
using LbTcp.Hosting.Operations;
using static LbTcp.Tests.Admin.Metrics.CountsScript;

namespace LbTcp.Tests.Admin.Metrics;

public class CountsReaderTests
{
    private readonly CountsReader _reader;
    private int _reads;
    private int _collections;

    public CountsReaderTests()
    {
        _reader = new CountsReader(View(() =>
        {
            _reads++;
            return Host();
        }));
        _reader.Began += _ => _collections++;
    }

    [Fact]
    public void Read_AllMetricsOfACollection_GetTheSameCounts()
    {
        HostCounts first = _reader.Read("a");
        Assert.Same(first, _reader.Read("b"));
        Assert.NotSame(first, _reader.Read("a"));
        Assert.Equal((2, 2), (_reads, _collections));
    }

    [Fact]
    public void Offer_Counts_AreThoseOfTheNextCollectionOnly()
    {
        HostCounts offered = Host();
        _reader.Offer(offered);
        Assert.Same(offered, _reader.Read("a"));
        Assert.NotSame(offered, _reader.Read("a"));
        Assert.Equal((1, 2), (_reads, _collections));
    }
}
