using System.Text;
using LbTcp.Configuration;
using LbTcp.Health;
using LbTcp.Health.Exchanges;

namespace LbTcp.Tests.Health.Exchanges;

public class ExpectExchangeTests
{
    [Theory]
    [InlineData("+PON", "G\r\n", "+PONG")]
    [InlineData("xx+PON+PON", "G and more", "+PONG")]
    [InlineData("\u0000", "\u00ff", @"\xff")]
    public void Read_AnswerWithTheBytes_IsHealthyOnceTheyAreThere(string start, string end, string expect)
    {
        Assert.Null(ExchangeReads.ResultOf(() => Exchange(null, expect), start));
        ProbeResult? result = ExchangeReads.Read(Exchange(null, expect), Encoding.Latin1.GetBytes(start + end), 1);
        Assert.Equal((ProbeOutcome.Healthy, true), (result?.Outcome, result?.IsAnswer));
        Assert.StartsWith("check_expect: as expected; received '", result!.Value.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_NothingIsExpected_IsHealthyWithTheFirstByte()
    {
        Assert.Null(ExchangeReads.ResultOf(() => Exchange("x", null), ""));
        Assert.Equal(
            new ProbeResult(ProbeOutcome.Healthy, "check_send: answered; received '?'", IsAnswer: true),
            ExchangeReads.ResultOf(() => Exchange("x", null), "?"));
    }

    [Fact]
    public void Read_BytesAreBeyondTheLimit_IsUnhealthyAndNamesTheAnswer()
    {
        string start = new('a', 60);
        Assert.Equal(
            new ProbeResult(
                ProbeOutcome.Unhealthy,
                $"check_expect: the expected bytes are not among the first 4 KiB; received '{start}'",
                IsAnswer: true),
            ExchangeReads.ResultOf(() => Exchange(null, "b"), new string('a', 4096) + "b"));
    }

    [Fact]
    public void Read_BytesEndAtTheLimit_IsHealthy() => Assert.Equal(
        ProbeOutcome.Healthy, ExchangeReads.ResultOf(() => Exchange(null, "ab"), new string('a', 4095) + "b")?.Outcome);

    [Fact]
    public void Describe_AnswerOfThePeer_IsOneHarmlessLine()
    {
        ExpectExchange exchange = Exchange(null, "x");
        Assert.Equal("check_expect: timed out after 2s", exchange.Describe("timed out after 2s"));
        _ = ExchangeReads.Read(exchange, Encoding.Latin1.GetBytes("HTTP/1.1 503 It's\r\n\u001b\u009f"), 100);
        Assert.Equal(
            @"check_expect: timed out after 2s; received 'HTTP/1.1 503 It\x27s\r\n\x1B\x9F'", exchange.Describe("timed out after 2s"));
    }

    private static ExpectExchange Exchange(string? send, string? expect) => new(Bytes(send), Bytes(expect));

    private static EscapedBytes? Bytes(string? text) =>
        text is not null && EscapedBytes.TryParse(text, out EscapedBytes? bytes, out _) ? bytes : null;
}
