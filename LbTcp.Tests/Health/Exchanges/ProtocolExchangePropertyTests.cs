using System.Text;
using CsCheck;
using LbTcp.Backends;
using LbTcp.Configuration;
using LbTcp.Health;
using LbTcp.Health.Exchanges;

namespace LbTcp.Tests.Health.Exchanges;

/// <summary>What holds for every protocol and whatever a peer sends.</summary>
public class ProtocolExchangePropertyTests
{
    private static readonly Func<ProtocolExchange>[] _all =
    [
        () => new RedisExchange(), () => new MemcachedExchange(), () => new SmtpExchange(), () => new ExpectExchange(null, null),
        () => new PostgresExchange(), () => new TlsExchange(new BackendPool(["web1:443"]).GetAllBackends()[0]),
    ];

    private static readonly string[] _fragments =
    [
        "+PONG", "-ERR ", "\r\n", "\n", "VERSION ", "ERROR", "220", "220-", " ", "554 x", "\0", "\u00e4", "\u001b[2J", "mail",
        "R\0\0\0\u0008\0\0\0\0", "S\0\0\0\u0006ab", "E\0\0\0\u0007Mx\0",
        "\u0016\u0003\u0003\0\u0009\u0002", "\u0015\u0003\u0003\0\u0002\u0002(",
    ];

    // Random bytes and, more often, fragments of the protocols.
    private static readonly Gen<byte[]> _answers = Gen.OneOf(
        Gen.Byte.Array[0, 40],
        Gen.Int[0, _fragments.Length - 1].Array[0, 8].Select(
            indexes => indexes.SelectMany(index => Encoding.Latin1.GetBytes(_fragments[index])).ToArray()),
        Gen.Byte.Array[4090, 4100]);

    [Fact]
    public void Read_AnyBytes_EndInTheSameWayHoweverTheyArriveAndAreSafeInTheLog() =>
        Gen.Select(_answers, Gen.Int[1, 50]).Sample((bytes, piece) => Assert.All(_all, create =>
        {
            ProbeResult? result = ExchangeReads.Read(create(), bytes, piece);
            if (bytes.Length >= ProtocolExchange.MaxKiB * 1024)
                Assert.NotNull(result);
            if (result is not { } ended)
                return;
            Assert.True(ended.IsAnswer);
            Assert.InRange(ended.Detail.Length, 1, 600); // 80 characters, each of them escaped
            Assert.Equal(ended.Detail, SafeText.Escape(ended.Detail));
            ProbeOutcome whole = ExchangeReads.Read(create(), bytes, Math.Max(1, bytes.Length))!.Value.Outcome;
            Assert.Equal(whole, ended.Outcome);
        }));
}
