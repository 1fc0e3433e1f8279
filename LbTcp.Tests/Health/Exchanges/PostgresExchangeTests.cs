using System.Buffers.Binary;
using System.Text;
using LbTcp.Health;
using LbTcp.Health.Exchanges;

namespace LbTcp.Tests.Health.Exchanges;

public class PostgresExchangeTests
{
    private static readonly byte[] _passwordRequest = Message('R', "\0\0\0\u000ASCRAM-SHA-256\0\0");
    private static readonly byte[] _accepted = Message('R', "\0\0\0\0");
    private static readonly byte[] _ready = Message('Z', "I");

    private readonly PostgresExchange _exchange = new();

    [Fact]
    public void Request_IsAStartupMessageOfAFixedUser()
    {
        byte[] request = _exchange.Request.ToArray();
        Assert.Equal(request.Length, BinaryPrimitives.ReadInt32BigEndian(request));
        Assert.Equal(0x30000, BinaryPrimitives.ReadInt32BigEndian(request.AsSpan(4)));
        Assert.Equal("user\0lbtcp\0database\0lbtcp\0application_name\0lbtcp\0\0", Encoding.ASCII.GetString(request[8..]));
    }

    [Fact]
    public void Read_PasswordRequest_IsHealthyAndLeavesWithoutAMessage()
    {
        ExchangeStep step = _exchange.ReceiveSplit(_passwordRequest);
        Assert.Equal(new ProbeResult(ProbeOutcome.Healthy, "postgres: password requested", IsAnswer: true), step.Result);
        Assert.True(step.EndsInOrder);
        Assert.True(step.Message.IsEmpty); // a message other than the password would be logged as an error
    }

    [Fact]
    public void Read_LoginAccepted_IsHealthyWhenTheSessionIsReadyAndTerminates()
    {
        ExchangeStep step = _exchange.ReceiveSplit(
            [.. _accepted, .. Message('S', "server_version\015.18\0"), .. Message('K', "12345678"), .. Message('N', "\0"), .. _ready]);
        Assert.Equal(new ProbeResult(ProbeOutcome.Healthy, "postgres: login accepted", IsAnswer: true), step.Result);
        Assert.Equal([(byte)'X', 0, 0, 0, 4], step.Message.ToArray());
    }

    [Theory]
    [InlineData("57P03", "the database system is starting up")]
    [InlineData("57P03", "the database system is in recovery mode")]
    [InlineData("57P01", "terminating connection due to administrator command")]
    [InlineData("53300", "sorry, too many clients already")]
    [InlineData("XX000", "could not open file")]
    [InlineData("08P01", "server conn crashed?")]
    public void Read_ErrorThatAffectsAllClients_IsUnhealthyWithItsText(string state, string text)
    {
        ExchangeStep step = _exchange.Receive(Error(state, text));
        Assert.Equal(new ProbeResult(ProbeOutcome.Unhealthy, $"postgres: {text}", IsAnswer: true), step.Result);
        Assert.True(step.EndsInOrder);
    }

    [Theory]
    [InlineData("28000", "no pg_hba.conf entry for host \"10.0.0.1\"")]
    [InlineData("28P01", "password authentication failed for user \"lbtcp\"")]
    [InlineData("3D000", "database \"lbtcp\" does not exist")]
    [InlineData("42501", "permission denied for database \"lbtcp\"")]
    public void Read_AccountIsRefused_IsHealthy(string state, string text)
    {
        var expected = new ProbeResult(ProbeOutcome.Healthy, $"postgres: {text} (the server works)", IsAnswer: true);
        Assert.Equal(expected, _exchange.Receive(Error(state, text)).Result);
        Assert.Equal(expected, new PostgresExchange().Receive([.. _accepted, .. Error(state, text)]).Result);
    }

    [Theory]
    [InlineData("\u001b]0;x\u0007\r\n", @"postgres: \u001B]0;x\u0007\u000D\u000A")]
    [InlineData("", "postgres: error 53300")]
    public void Read_TextOfAnError_IsEscaped(string text, string detail) =>
        Assert.Equal(detail, _exchange.Receive(Error("53300", text)).Result?.Detail);

    [Theory]
    [InlineData("", "postgres: error")]
    [InlineData("M", "postgres: error")]
    [InlineData("Mno end", "postgres: no end")]
    [InlineData("SFATAL\0\0Mhidden\0", "postgres: error")]
    public void Read_ErrorWithOddFields_IsUnhealthy(string fields, string detail) =>
        Assert.Equal(
            new ProbeResult(ProbeOutcome.Unhealthy, detail, IsAnswer: true), _exchange.Receive(Message('E', fields)).Result);

    [Theory]
    [InlineData("HTTP/1.1 400 Bad Request\r\n\r\n")]
    [InlineData("Ecould not fork new process for connection: out of memory\n\0")] // of the protocol before 3.0, without a length
    [InlineData("R\0\0\0\u0003x")] // shorter than its length
    [InlineData("R\u007F\u007F\u007F\u007F")]
    [InlineData("R\0\0\0\u0006\0\0")] // no code
    [InlineData("T\0\0\0\u0004")] // rows
    public void Read_AnotherProtocol_IsUnhealthyAndBreaksOff(string answer)
    {
        ExchangeStep step = _exchange.Receive(Encoding.Latin1.GetBytes(answer));
        Assert.Equal(ProbeOutcome.Unhealthy, step.Result?.Outcome);
        Assert.StartsWith("postgres: unexpected answer '", step.Result?.Detail, StringComparison.Ordinal);
        Assert.False(step.EndsInOrder);
    }

    [Fact]
    public void Read_EndlessParameters_AreLimited()
    {
        byte[] parameters = [.. Enumerable.Repeat(Message('S', "name\0value\0"), 500).SelectMany(message => message)];
        ExchangeStep step = _exchange.Receive([.. _accepted, .. parameters]);
        Assert.Equal("postgres: the answer is longer than 4 KiB", step.Result?.Detail);
    }

    [Fact]
    public void Closed_WithoutAnAnswer_SaysSo() =>
        Assert.Equal("postgres: connection closed without an answer", _exchange.Closed().Detail);

    private static byte[] Error(string state, string text) => Message('E', $"SFATAL\0VFATAL\0C{state}\0M{text}\0Fpostmaster.c\0\0");

    private static byte[] Message(char type, string body)
    {
        byte[] message = [(byte)type, 0, 0, 0, 0, .. Encoding.Latin1.GetBytes(body)];
        BinaryPrimitives.WriteInt32BigEndian(message.AsSpan(1), message.Length - 1);
        return message;
    }
}
