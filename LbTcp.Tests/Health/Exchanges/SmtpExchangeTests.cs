using LbTcp.Health;
using LbTcp.Health.Exchanges;

namespace LbTcp.Tests.Health.Exchanges;

public class SmtpExchangeTests
{
    [Theory]
    [InlineData("220 mail.lan ESMTP Postfix\r\n", "smtp: 220 mail.lan ESMTP Postfix")]
    [InlineData("220\r\n", "smtp: 220")]
    [InlineData("220-mail.lan waits\r\n220-\r\n220 mail.lan ESMTP\r\n", "smtp: 220 mail.lan ESMTP")]
    public void Read_WholeGreeting_IsHealthy(string answer, string detail) =>
        Assert.Equal(new ProbeResult(ProbeOutcome.Healthy, detail, IsAnswer: true), ResultOf(answer));

    [Theory]
    [InlineData("421 4.3.2 too many connections\r\n", "smtp: 421 4.3.2 too many connections")]
    [InlineData("554-mail.lan\r\n554 no mail here\r\n", "smtp: 554 no mail here")]
    [InlineData("250 ok\r\n", "smtp: 250 ok")]
    [InlineData("S", "smtp: unexpected answer 'S'")]
    [InlineData("2200", "smtp: unexpected answer '2200'")]
    [InlineData("22x", "smtp: unexpected answer '22x'")]
    public void Read_OtherAnswer_IsUnhealthyWithItsText(string answer, string detail) =>
        Assert.Equal(new ProbeResult(ProbeOutcome.Unhealthy, detail, IsAnswer: true), ResultOf(answer));

    [Theory]
    [InlineData("")]
    [InlineData("220")]
    [InlineData("220-mail.lan\r\n")]
    [InlineData("220-mail.lan\r\n220 mail")]
    public void Read_PartOfTheGreeting_NeedsMore(string answer) => Assert.Null(ResultOf(answer));

    private static ProbeResult? ResultOf(string answer) => ExchangeReads.ResultOf(() => new SmtpExchange(), answer);
}
