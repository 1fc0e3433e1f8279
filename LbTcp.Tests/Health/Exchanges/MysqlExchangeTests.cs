using System.Text;
using LbTcp.Health;
using LbTcp.Health.Exchanges;

namespace LbTcp.Tests.Health.Exchanges;

public class MysqlExchangeTests
{
    private static readonly byte[] _greeting = Packet(0, [10, .. "10.11.19-MariaDB\0"u8, .. new byte[60], .. "mysql_native_password\0"u8]);
    private static readonly byte[] _ok = Packet(2, [0, 0, 0, 2, 0, 0, 0]);
    private static readonly byte[] _otherMethod = Packet(2, [254, .. "caching_sha2_password\0salt\0"u8]);

    private readonly MysqlExchange _exchange = new();

    [Fact]
    public void Request_IsEmptyBecauseTheServerSpeaksFirst() => Assert.True(_exchange.Request.IsEmpty);

    [Fact]
    public void Read_Greeting_LogsInWithoutAPassword()
    {
        ExchangeStep step = _exchange.Receive(_greeting);
        Assert.Null(step.Result);
        byte[] login = step.Message.ToArray();
        Assert.Equal(login.Length - 4, login[0]);
        Assert.Equal([0, 0, 1], login[1..4]);
        Assert.Equal("lbtcp\0\0mysql_native_password\0", Encoding.ASCII.GetString(login[36..]));
    }

    [Fact]
    public void Read_LoginAccepted_IsHealthyAndQuits()
    {
        _exchange.Receive(_greeting);
        ExchangeStep step = _exchange.Receive(_ok);
        Assert.Equal(new ProbeResult(ProbeOutcome.Healthy, "mysql: login accepted", IsAnswer: true), step.Result);
        Assert.Equal([1, 0, 0, 0, 1], step.Message.ToArray());
        Assert.True(step.EndsInOrder);
    }

    [Fact]
    public void Read_MethodsWithoutEnd_AreRefused()
    {
        _exchange.Receive(_greeting);
        _exchange.Receive(_otherMethod);
        ExchangeStep step = _exchange.Receive(_otherMethod);
        Assert.Equal((ProbeOutcome.Unhealthy, false), (step.Result?.Outcome, step.EndsInOrder));
    }

    [Fact]
    public void Read_PasswordRequest_IsHealthy()
    {
        _exchange.Receive(_greeting);
        Assert.Equal(
            new ProbeResult(ProbeOutcome.Healthy, "mysql: password requested", IsAnswer: true),
            _exchange.Receive(Packet(2, [1, 4])).Result);
    }

    [Fact]
    public void Read_AnotherMethod_IsAnsweredWithoutAPassword()
    {
        _exchange.Receive(_greeting);
        ExchangeStep step = _exchange.Receive(_otherMethod);
        Assert.Null(step.Result);
        Assert.Equal([0, 0, 0, 3], step.Message.ToArray());
        Assert.Equal(ProbeOutcome.Healthy, _exchange.Receive(_ok).Result?.Outcome);
    }

    [Theory]
    [InlineData(1045, "28000", "Access denied for user 'lbtcp'@'h' (using password: NO)")]
    [InlineData(1698, "28000", "Access denied for user 'lbtcp'@'h'")]
    [InlineData(4151, "HY000", "Access denied, this account is locked")]
    [InlineData(3159, "HY000", "Connections using insecure transport are prohibited")]
    public void Read_AccountIsRefused_IsHealthyAndEndsInOrder(int code, string state, string text)
    {
        _exchange.Receive(_greeting);
        ExchangeStep step = _exchange.Receive(Error(2, code, $"#{state}{text}"));
        Assert.Equal(ProbeOutcome.Healthy, step.Result?.Outcome);
        Assert.Equal($"mysql: {char.ToLowerInvariant(text[0])}{text[1..]} (the server works)", step.Result?.Detail);
        Assert.True(step.EndsInOrder);
        Assert.True(step.Message.IsEmpty); // the server closes
    }

    [Theory]
    [InlineData(1040, "Too many connections", "mysql: too many connections")]
    [InlineData(1129, "Host 'lb' is blocked", "mysql: host 'lb' is blocked")]
    [InlineData(1040, "\u001b[2J", @"mysql: \u001B[2J")]
    [InlineData(1040, "", "mysql: error 1040")]
    public void Read_ErrorInsteadOfTheGreeting_IsUnhealthyWithItsText(int code, string text, string detail) =>
        Assert.Equal(
            new ProbeResult(ProbeOutcome.Unhealthy, detail, IsAnswer: true), _exchange.Receive(Error(0, code, text)).Result);

    [Theory]
    [InlineData(1040, "#08004Too many connections", "mysql: too many connections")]
    [InlineData(1226, "#42000User 'lbtcp' has exceeded", "mysql: user 'lbtcp' has exceeded")]
    [InlineData(1053, "#08S01Server shutdown in progress", "mysql: server shutdown in progress")]
    public void Read_LoginIsRefusedForAnotherReason_IsUnhealthyWithItsText(int code, string text, string detail)
    {
        _exchange.Receive(_greeting);
        Assert.Equal(
            new ProbeResult(ProbeOutcome.Unhealthy, detail, IsAnswer: true), _exchange.Receive(Error(2, code, text)).Result);
    }

    [Fact]
    public void Read_LongText_IsCut()
    {
        string detail = _exchange.Receive(Error(0, 1040, new string('x', 2000))).Result!.Value.Detail;
        Assert.InRange(detail.Length, 80, 100);
    }

    [Fact]
    public void Read_EveryByteOnItsOwn_IsAsTogether()
    {
        Assert.False(_exchange.ReceiveSplit(_greeting).Message.IsEmpty);
        Assert.Equal("mysql: login accepted", _exchange.ReceiveSplit(_ok).Result?.Detail);
    }

    [Theory]
    [InlineData("SSH-2.0-OpenSSH_9.2\r\n")]
    [InlineData("HTTP/1.1 400 Bad Request\r\n\r\n")]
    [InlineData("\0\0\0\0\n")] // an empty packet
    [InlineData("\u0002\0\0\0\u0009x")] // protocol 9
    public void Read_AnotherProtocol_IsUnhealthyAndBreaksOff(string answer)
    {
        ExchangeStep step = _exchange.Receive(Encoding.Latin1.GetBytes(answer));
        Assert.Equal(ProbeOutcome.Unhealthy, step.Result?.Outcome);
        Assert.StartsWith("mysql: unexpected answer '", step.Result?.Detail, StringComparison.Ordinal);
        Assert.False(step.EndsInOrder);
    }

    [Fact]
    public void Closed_WithinTheGreeting_SaysSo()
    {
        _exchange.Receive(_greeting[..20]);
        Assert.Equal("mysql: connection closed before the end of the answer", _exchange.Closed().Detail);
    }

    [Theory]
    [InlineData(new byte[] { 255 })]
    [InlineData(new byte[] { 255, 16 })]
    public void Read_ErrorWithoutANumber_IsUnhealthy(byte[] payload) =>
        Assert.Equal("mysql: error", _exchange.Receive(Packet(0, payload)).Result?.Detail);

    private static byte[] Error(byte sequence, int code, string text) =>
        Packet(sequence, [255, (byte)code, (byte)(code >> 8), .. Encoding.UTF8.GetBytes(text)]);

    private static byte[] Packet(byte sequence, byte[] payload) =>
        [(byte)payload.Length, (byte)(payload.Length >> 8), 0, sequence, .. payload];
}
