using DnsClient;
using LbTcp.Discovery;
using LbTcp.Tests.TestDoubles;

namespace LbTcp.Tests.Discovery;

public sealed class DnsMessageTests
{
    private const ushort Id = 4711;

    // Priority 10, weight 5, port 80, "a" and a pointer to the name of the question.
    private static readonly byte[] _target = [0, 10, 0, 5, 0, 80, 1, (byte)'a', 0xC0, 12];

    [Fact]
    public void Read_Addresses_AreThoseOfTheKind()
    {
        byte[] response = ScriptedMessages.Answer(Query(QueryType.AAAA), "10.0.0.1", "fd00::1", "fd00::2");

        DnsMessage message = DnsMessage.Read(response, Id, DnsRecordKind.Aaaa);

        Assert.Equal("fd00::1 fd00::2", string.Join(' ', message.Addresses));
        Assert.Equal((DnsHeaderResponseCode.NoError, 60), (message.Code, message.TimeToLive));
    }

    [Fact]
    public void Read_Service_HasTargetsWhoseNamesPointIntoTheMessage()
    {
        byte[] response = Service(_target);

        Assert.Equal(new ServiceTarget("a.web.lan", 80, 10, 5), Assert.Single(DnsMessage.Read(response, Id, DnsRecordKind.Srv).Targets));
    }

    [Fact]
    public void Read_AnyPartOfAResponse_IsMalformed()
    {
        byte[] response = Service(_target);

        for (int length = 0; length < response.Length; length++)
            _ = Assert.Throws<InvalidDataException>(() => DnsMessage.Read(response.AsSpan(0, length), Id, DnsRecordKind.Srv));
    }

    [Fact]
    public void Read_AnyByteIsAnother_EndsWithAMessageOrIsMalformed()
    {
        byte[] response = Service(_target);
        foreach (byte other in new byte[] { 0, 1, 12, 63, 64, 0xC0, 255 })
        {
            for (int i = 0; i < response.Length; i++)
            {
                byte[] changed = [.. response];
                changed[i] = other;
                Exception? failure = Record.Exception(() => DnsMessage.Read(changed, Id, DnsRecordKind.Srv));
                Assert.True(failure is null or InvalidDataException, $"byte {i} is {other}: {failure}");
            }
        }
    }

    [Fact]
    public void Read_NameThatPointsToItself_IsMalformed()
    {
        byte[] response = Service([0, 10, 0, 5, 0, 80, 0xC0, 0]);
        response[^1] = (byte)(response.Length - 2);

        _ = Assert.Throws<InvalidDataException>(() => DnsMessage.Read(response, Id, DnsRecordKind.Srv));
    }

    [Fact]
    public void Read_ResponseToAnotherQuery_IsRefused() => Assert.Throws<InvalidDataException>(
        () => DnsMessage.Read(ScriptedMessages.ToAnother(Service(_target)), Id, DnsRecordKind.Srv));

    private static byte[] Service(byte[] target) =>
        ScriptedMessages.Response(Query(QueryType.SRV), 0x80, 0, ScriptedMessages.Record(target, (byte)QueryType.SRV));

    private static byte[] Query(QueryType type) => DnsMessage.Write(Id, new DnsQuestion("web.lan.", type));
}
