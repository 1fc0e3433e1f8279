using LbTcp.Health;
using LbTcp.Health.Exchanges;

namespace LbTcp.Tests.Health.Exchanges;

public class RedisExchangeTests
{
    [Theory]
    [InlineData("+PONG\r\n", "redis: PONG")]
    [InlineData("-NOAUTH Authentication required.\r\n", "redis: -NOAUTH Authentication required. (the server works)")]
    [InlineData("-WRONGPASS invalid username-password pair\r\n", "redis: -WRONGPASS invalid username-password pair (the server works)")]
    [InlineData("-NOPERM no permissions to run 'ping'\r\n", "redis: -NOPERM no permissions to run 'ping' (the server works)")]
    public void Read_AnswerOfAWorkingServer_IsHealthy(string answer, string detail) =>
        Assert.Equal(new ProbeResult(ProbeOutcome.Healthy, detail, IsAnswer: true), ResultOf(answer));

    [Theory]
    [InlineData("-LOADING Redis is loading the dataset in memory\r\n", "redis: -LOADING Redis is loading the dataset in memory")]
    [InlineData("-BUSY Redis is busy running a script.\r\n", "redis: -BUSY Redis is busy running a script.")]
    [InlineData("-ERR max number of clients reached\r\n", "redis: -ERR max number of clients reached")]
    [InlineData("-\u001b[2J\u0007\r\n", "redis: -\\u001B[2J\\u0007")]
    [InlineData("+OK\r\n", "redis: unexpected answer '+OK'")]
    [InlineData("H", "redis: unexpected answer 'H'")]
    public void Read_OtherAnswer_IsUnhealthyWithItsText(string answer, string detail) =>
        Assert.Equal(new ProbeResult(ProbeOutcome.Unhealthy, detail, IsAnswer: true), ResultOf(answer));

    [Theory]
    [InlineData("")]
    [InlineData("+")]
    [InlineData("-NOAUTH")]
    [InlineData("+PONG\r")]
    public void Read_PartOfALine_NeedsMore(string answer) => Assert.Null(ResultOf(answer));

    private static ProbeResult? ResultOf(string answer) => ExchangeReads.ResultOf(() => new RedisExchange(), answer);
}
