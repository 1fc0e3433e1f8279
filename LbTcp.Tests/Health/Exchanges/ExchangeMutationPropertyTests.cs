using System.Text;
using CsCheck;
using LbTcp.Backends;
using LbTcp.Configuration;
using LbTcp.Health;
using LbTcp.Health.Exchanges;

namespace LbTcp.Tests.Health.Exchanges;

/// <summary>What holds for every exchange, also over several answers, when a peer sends almost what its protocol says.</summary>
public class ExchangeMutationPropertyTests
{
    private static readonly Backend _backend = new BackendPool(["web1:443"]).GetAllBackends()[0];

    private static readonly byte[] _mysqlGreeting = [96, 0, 0, 0, 10, .. new byte[95]];

    private static readonly (Func<ProbeExchange> Create, byte[][] Answers)[] _conversations =
    [
        (() => new RedisExchange(), [Bytes("-LOADING Redis is loading\r\n")]),
        (() => new MemcachedExchange(), [Bytes("SERVER_ERROR out of memory\r\n")]),
        (() => new SmtpExchange(), [Bytes("554-no\r\n554 mail\r\n")]),
        (() => new MysqlExchange(),
            [_mysqlGreeting, [3, 0, 0, 2, 254, 0, 0], [24, 0, 0, 4, 255, 0x10, 4, .. "#08004Too many clients"u8]]),
        (() => new PostgresExchange(), [Bytes("R\0\0\0\u0008\0\0\0\0S\0\0\0\u0008a\0b\0E\0\0\0\u0019C57P03\0Mstarting up\0\0")]),
        (() => new TlsExchange(_backend), [[22, 3, 3, 0, 80, 2, 0, 0, 76, .. new byte[76]], [21, 3, 3, 0, 2, 2, 40]]),
        (() => new HttpExchange(_backend, "/health"), [Bytes("HTTP/1.1 100 Go on\r\n\r\nHTTP/1.1 503 no\r\na: b\r\n c\r\n\r\n")]),
        (() => new ExpectExchange(null, null), [Bytes("any")]),
    ];

    private static readonly byte[] _bytes = [0, 0x1B, 0x7F, 0x80, 0xFF];

    // A place (in thousandths of the answer), what happens there, and a byte.
    private static readonly Gen<(int Place, int Kind, byte Value)[]> _mutations =
        Gen.Select(Gen.Int[0, 999], Gen.Int[0, 5], Gen.OneOf(Gen.Byte, Gen.Int[0, _bytes.Length - 1].Select(index => _bytes[index])))
            .Array[0, 6];

    [Fact]
    public void Read_MutatedAnswers_EndWithoutAnExceptionAndAreSafeInTheLog() =>
        Gen.Select(Gen.Int[0, _conversations.Length - 1], _mutations, Gen.Int[1, 40]).Sample((index, mutations, piece) =>
        {
            (Func<ProbeExchange> create, byte[][] answers) = _conversations[index];
            ProbeExchange exchange = create();
            ProbeResult result = Converse(exchange, answers.Select(answer => Mutate(answer, mutations)), piece) ?? exchange.Closed();
            Assert.All([result.Detail, exchange.Describe("timed out")], detail =>
            {
                Assert.InRange(detail.Length, 1, 600); // 80 characters, each of them escaped
                Assert.Equal(detail, SafeText.Escape(detail));
            });
        });

    private static byte[] Bytes(string text) => Encoding.Latin1.GetBytes(text);

    private static byte[] Mutate(byte[] answer, (int Place, int Kind, byte Value)[] mutations)
    {
        var bytes = answer.ToList();
        foreach ((int place, int kind, byte value) in mutations)
        {
            int at = place * bytes.Count / 1000;
            if (kind == 0 || bytes.Count == 0)
                bytes.Insert(at, value);
            else if (kind == 1)
                bytes.RemoveAt(at);
            else if (kind == 2)
                bytes.AddRange(bytes[at..]);
            else if (kind == 3)
                bytes.RemoveRange(at, bytes.Count - at);
            else
                bytes[at] = value;
        }

        return [.. bytes];
    }

    // Sends each answer in pieces, and the next one where the exchange has asked again.
    private static ProbeResult? Converse(ProbeExchange exchange, IEnumerable<byte[]> answers, int piece)
    {
        byte[] received = [];
        foreach (byte[] answer in answers)
        {
            foreach (byte[] part in answer.Chunk(piece))
            {
                received = [.. received, .. part];
                ExchangeStep step = exchange.Receive(ref received);
                if (step.Result is not null)
                    return step.Result;
                if (step.IsPending)
                    continue;
                received = [];
                break;
            }
        }

        return null;
    }
}
