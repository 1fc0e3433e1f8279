using System.Buffers;
using System.Text;
using LbTcp.Health.Exchanges;

namespace LbTcp.Tests.Health.Exchanges;

public class HttpHeadTests
{
    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\n\r\n", 200)]
    [InlineData("HTTP/1.0 503 Service Unavailable\r\nA: b\r\n\r\nbody", 503)]
    [InlineData("HTTP/1.1 204\r\n\r\n", 204)] // no reason phrase, and no blank before it
    [InlineData("HTTP/1.1 204 \r\n\r\n", 204)]
    [InlineData("HTTP/1.1 200 OK\nA:b\nC:\n\n", 200)] // line feeds alone
    [InlineData("HTTP/1.1 200 OK\r\nA: b\r\n folded\r\n\tagain: and again\r\n\r\n", 200)]
    [InlineData("HTTP/1.1 100 Continue\r\nA: b\r\n\r\nHTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 404 Not Found\r\n\r\n", 404)]
    [InlineData("HTTP/1.1 101 Switching Protocols\r\n\r\n", 101)] // is final
    public void Read_Response_IsItsStatusHoweverItArrives(string response, int status)
    {
        var whole = new HttpHead();
        Assert.Equal(HttpHeadState.Complete, whole.Read(Bytes(response), out _));
        Assert.Equal(status, whole.Status);

        var pieces = new HttpHead();
        Assert.Equal(HttpHeadState.Complete, ReadByteByByte(pieces, response));
        Assert.Equal(status, pieces.Status);
    }

    [Theory]
    [InlineData("SSH-2.0-OpenSSH_9.2\r\n")]
    [InlineData("\r\nHTTP/1.1 200 OK\r\n\r\n")]
    [InlineData("HTTP/2.0 200 OK\r\n\r\n")]
    [InlineData("http/1.1 200 OK\r\n\r\n")]
    [InlineData("HTTP/1.x 200 OK\r\n\r\n")]
    [InlineData("HTTP/1.1  200 OK\r\n\r\n")]
    [InlineData("HTTP/1.1 20\r\n\r\n")]
    [InlineData("HTTP/1.1 2000 OK\r\n\r\n")]
    [InlineData("HTTP/1.1 2x0 OK\r\n\r\n")]
    [InlineData("HTTP/1.1 020 OK\r\n\r\n")]
    [InlineData("HTTP/1.1 200-OK\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nno colon\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\n: no name\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\n continues nothing\r\n\r\n")]
    [InlineData("HTTP/1.1 100 Continue\r\n\r\nHello\r\n")]
    public void Read_SomethingElse_IsInvalidHoweverItArrives(string response)
    {
        Assert.Equal(HttpHeadState.Invalid, new HttpHead().Read(Bytes(response), out _));
        Assert.Equal(HttpHeadState.Invalid, ReadByteByByte(new HttpHead(), response));
    }

    [Theory]
    [InlineData("")]
    [InlineData("H")]
    [InlineData("HTTP/1.")]
    [InlineData("HTTP/1.1 20")]
    [InlineData("HTTP/1.1 200 OK\r\nA: b\r\n")]
    [InlineData("HTTP/1.1 100 Continue\r\n\r\n")]
    public void Read_BeginningOfAResponse_IsIncomplete(string response) =>
        Assert.Equal(HttpHeadState.Incomplete, new HttpHead().Read(Bytes(response), out _));

    [Theory]
    [InlineData("\u0016\u0003\u0001")] // TLS
    [InlineData("HTTP/2")]
    [InlineData("+PONG")]
    public void Read_BeginningOfSomethingElse_IsInvalidBeforeTheEndOfTheLine(string response) =>
        Assert.Equal(HttpHeadState.Invalid, new HttpHead().Read(Bytes(response), out _));

    [Fact]
    public void Read_ProvisionalResponsesWithoutEnd_AreTooLargeTogether()
    {
        var head = new HttpHead();
        HttpHeadState state = HttpHeadState.Incomplete;
        int count = 0;
        for (; state is HttpHeadState.Incomplete && count < 10_000; count++)
            state = head.Read(Bytes("HTTP/1.1 100 Continue\r\n\r\n"), out _);

        Assert.Equal(HttpHeadState.TooLarge, state);
        Assert.Equal((64 * 1024 / 25) + 1, count);
    }

    [Theory]
    [InlineData(64 * 1024, "Complete")]
    [InlineData((64 * 1024) + 1, "TooLarge")]
    public void Read_HeadOfThatSize_IsAcceptedUpToTheLimit(int size, string expected)
    {
        const string Status = "HTTP/1.1 200 OK\r\nA: ";
        string response = $"{Status}{new string('x', size - Status.Length - 4)}\r\n\r\n";
        Assert.Equal(expected, new HttpHead().Read(Bytes(response), out _).ToString());
        Assert.Equal(expected, ReadByteByByte(new HttpHead(), response).ToString());
    }

    [Fact]
    public void Read_LineWithoutEnd_IsTooLargeAtTheLimit()
    {
        var head = new HttpHead();
        Assert.Equal(HttpHeadState.Incomplete, head.Read(Bytes("HTTP/1.1 200 OK\r\n"), out _));
        Assert.Equal(HttpHeadState.Incomplete, head.Read(Bytes(new string('x', (64 * 1024) - 17)), out _));
        Assert.Equal(HttpHeadState.TooLarge, head.Read(Bytes(new string('x', (64 * 1024) - 16)), out _));
    }

    private static ReadOnlySequence<byte> Bytes(string text) => new(Encoding.Latin1.GetBytes(text));

    private static HttpHeadState ReadByteByByte(HttpHead head, string response)
    {
        byte[] bytes = Encoding.Latin1.GetBytes(response);
        int consumed = 0;
        for (int length = 1; length <= bytes.Length; length++)
        {
            var received = new ReadOnlySequence<byte>(bytes, consumed, length - consumed);
            HttpHeadState state = head.Read(received, out SequencePosition position);
            if (state is not HttpHeadState.Incomplete)
                return state;
            consumed += (int)received.Slice(received.Start, position).Length;
        }

        return HttpHeadState.Incomplete;
    }
}
