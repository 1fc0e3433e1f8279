using LbTcp.Health;
using LbTcp.Health.Exchanges;

namespace LbTcp.Tests.Health.Exchanges;

public class MemcachedExchangeTests
{
    [Theory]
    [InlineData("VERSION 1.6.18\r\n", "memcached: VERSION 1.6.18")]
    [InlineData("CLIENT_ERROR unauthenticated\r\n", "memcached: CLIENT_ERROR unauthenticated (the server works)")]
    public void Read_AnswerOfAWorkingServer_IsHealthy(string answer, string detail) =>
        Assert.Equal(new ProbeResult(ProbeOutcome.Healthy, detail, IsAnswer: true), ResultOf(answer));

    [Theory]
    [InlineData("ERROR Too many open connections\r\n", "memcached: ERROR Too many open connections")]
    [InlineData("SERVER_ERROR out of memory\r\n", "memcached: SERVER_ERROR out of memory")]
    [InlineData("CLIENT_ERROR bad\r\n", "memcached: CLIENT_ERROR bad")]
    [InlineData("VERSIONS\r\n", "memcached: unexpected answer 'VERSIONS'")]
    public void Read_OtherAnswer_IsUnhealthyWithItsText(string answer, string detail) =>
        Assert.Equal(new ProbeResult(ProbeOutcome.Unhealthy, detail, IsAnswer: true), ResultOf(answer));

    [Theory]
    [InlineData("")]
    [InlineData("VERSION 1.6.18")]
    public void Read_PartOfALine_NeedsMore(string answer) => Assert.Null(ResultOf(answer));

    private static ProbeResult? ResultOf(string answer) => ExchangeReads.ResultOf(() => new MemcachedExchange(), answer);
}
