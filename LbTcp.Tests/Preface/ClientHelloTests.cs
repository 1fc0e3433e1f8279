using System.Net.Security;
using LbTcp.Preface;
using LbTcp.Tests.TestDoubles;
using static LbTcp.Tests.Preface.ClientHelloBytes;

namespace LbTcp.Tests.Preface;

public sealed class ClientHelloTests
{
    private static readonly ClientHello _ofExample = new(ClientHelloStatus.Complete, "a.example");
    private static readonly ClientHello _withoutName = new(ClientHelloStatus.Complete);
    private static readonly ClientHello _invalid = new(ClientHelloStatus.Invalid);
    private static readonly ClientHello _notTls = new(ClientHelloStatus.NotTls);
    private static readonly ClientHello _incomplete = new(ClientHelloStatus.Incomplete);

    [Fact]
    public void Read_CapturedFromPrograms_HasTheirName()
    {
        AssertReads(_ofExample, CapturedClientHellos.OpenSsl);
        AssertReads(_ofExample, CapturedClientHellos.OpenSslTls12);
        AssertReads(_ofExample, CapturedClientHellos.Curl);
        AssertReads(_withoutName, CapturedClientHellos.OpenSslWithoutName);
    }

    [Theory]
    [InlineData("a.example", "a.example")]
    [InlineData("", null)] // none is sent
    public async Task Read_OfSslStream_HasItsName(string target, string? expected)
    {
        (InMemoryConnection connection, InMemoryConnection peer) = InMemoryConnection.CreatePair();
        await using var client = new SslStream(new DuplexStream(peer));
        Task handshake = client.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = target });

        byte[] sent = (await connection.Input.ReadAsync()).Buffer.FirstSpan.ToArray();
        connection.Abort();

        AssertReads(new ClientHello(ClientHelloStatus.Complete, expected), sent);
        await Assert.ThrowsAnyAsync<Exception>(() => handshake).Done();
    }

    [Theory]
    [InlineData("a.example", "a.example")]
    [InlineData("A.Example", "a.example")]
    [InlineData("a.example.", "a.example")] // RFC 6066 wants none, some clients send it
    [InlineData("xn--bcher-kva.example", "xn--bcher-kva.example")]
    [InlineData("a_b.example", "a_b.example")]
    [InlineData("localhost", "localhost")]
    [InlineData("10.0.0.1", null)] // no host names
    [InlineData("::1", null)]
    [InlineData("a b", null)]
    [InlineData("a..example", null)]
    [InlineData("b\u00fccher.example", null)]
    [InlineData("a.example\r\ninfo", null)]
    [InlineData("a.example\0.b.example", null)]
    [InlineData("*.example", null)]
    public void Read_Name_IsAHostNameOrNone(string sent, string? expected) =>
        AssertReads(new ClientHello(ClientHelloStatus.Complete, expected), Of(sent));

    [Theory]
    [InlineData(253, true)]
    [InlineData(254, false)]
    public void Read_LongName_IsAHostNameUpToItsMaximum(int length, bool isName)
    {
        string name = string.Concat(Enumerable.Repeat("abcdefg.", 40))[..length].TrimEnd('.').PadRight(length, 'x');

        AssertReads(new ClientHello(ClientHelloStatus.Complete, isName ? name : null), Of(name));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(100)]
    public void Read_SpreadOverRecords_IsTheSame(int size)
    {
        AssertReads(_ofExample, Records(Message(Extensions("a.example")), size));
        AssertReads(_ofExample, [.. Records(Message(Extensions("a.example")), 1, size), 23, 3, 3, 0, 1, 9]);
    }

    [Fact]
    public void Read_PostQuantumSize_IsReadWhateverTheRecords()
    {
        byte[] message = Message(Extensions("a.example", padding: 1_800));

        Assert.Equal(_ofExample, ClientHello.Read(Records(message)));
        Assert.Equal(_ofExample, ClientHello.Read(Records(message, 1_000)));
        Assert.Equal(_ofExample, ClientHello.Read(Records(message, 1)));
    }

    [Fact]
    public void Read_Longest_IsReadAndOneByteMoreIsInvalid()
    {
        const int RecordHeader = 5;
        int others = Of("a.example", padding: 1).Length - 1;

        Assert.Equal(_ofExample, ClientHello.Read(Of("a.example", HandshakeRecords.MaxLength - others)));
        Assert.Equal(_invalid, ClientHello.Read(Of("a.example", HandshakeRecords.MaxLength - others + 1)));
        Assert.Equal(_invalid, ClientHello.Read(Of("a.example", HandshakeRecords.MaxLength - others + 1).AsSpan(0, RecordHeader + 4)));
        Assert.Equal(_invalid, ClientHello.Read(Records(Message(Extensions("a.example", 3_000)), 1)));
    }

    [Fact]
    public void Read_BytesBehindTheMessage_AreNotExamined()
    {
        byte[] message = Message(Extensions("a.example"));

        Assert.Equal(_ofExample, ClientHello.Read([.. Records(message), 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]));
        Assert.Equal(_ofExample, ClientHello.Read(Records([.. message, 0xFF, 0xFF])));
    }

    [Fact]
    public void Read_WithoutExtensions_HasNoName()
    {
        AssertReads(_withoutName, Records(Message(extensions: null)));
        AssertReads(_withoutName, Records(Message(extensions: [])));
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\n\r\n")]
    [InlineData("PROXY TCP4 1.1.1.1 2.2.2.2 1 2\r\n")]
    [InlineData("SSH-2.0-x\r\n")]
    [InlineData("\u0080\u002e\u0001\u0003\u0001")] // the ClientHello of SSL 2
    [InlineData("\u0016\u0002\u0000")] // SSL 2
    [InlineData("\u0015\u0003\u0001")] // an alert
    public void Read_OtherProtocol_IsNotTls(string text) => AssertReads(_notTls, [.. text.Select(character => (byte)character)]);

    [Fact]
    public void Read_Nothing_IsIncomplete() => Assert.Equal(_incomplete, ClientHello.Read([]));

    [Fact]
    public void Read_MalformedRecords_AreInvalid()
    {
        byte[] hello = Of("a.example");
        byte[] first = Records(Message(Extensions("a.example")), 10)[..15];

        AssertReads(_invalid, [22, 3, 1, 0, 0]); // an empty record
        AssertReads(_invalid, [22, 3, 1, 0x40, 1]); // a record above the maximum
        AssertReads(_invalid, [.. first, 23, 3, 3, 0, 1, 0]); // application data in between
        AssertReads(_invalid, [.. first, 22, 2]); // another version in between
        AssertReads(_invalid, [.. hello[..5], 2, .. hello[6..]]); // a ServerHello
        AssertReads(_invalid, [22, 3, 1, 0, 4, 1, 0, 0, 0]); // an empty message
        AssertReads(_invalid, [22, 3, 1, 0, 4, 1, 0xFF, 0xFF, 0xFF]); // a length above the maximum
    }

    [Fact]
    public void Read_MalformedExtensions_AreInvalid()
    {
        byte[] name = HostName("a.example");

        AssertIsInvalid([.. ServerName(name), .. ServerName(name)]); // two extensions
        AssertIsInvalid(ServerName([.. name, .. HostName("b.example")])); // two names
        AssertIsInvalid(ServerName(HostName("a.example", type: 1)));
        AssertIsInvalid(ServerName());
        AssertIsInvalid(ServerName(HostName("")));
        AssertIsInvalid(ServerName(name[..^1]));
        AssertIsInvalid(Extension(0, []));
        AssertIsInvalid(Extension(0, [0, 1, 0, 7])); // bytes behind the list
        AssertIsInvalid([.. ServerName(name), 0]);
        AssertIsInvalid([.. ServerName(name), 0, 1, 0, 9, 1]); // a length that exceeds the rest
    }

    // The length of each vector is changed: fewer or more bytes than there are.
    [Fact]
    public void Read_AnyLengthIsWrong_NeverHasAnotherName()
    {
        byte[] hello = Of("a.example");
        for (int i = 9; i < hello.Length; i++)
        {
            foreach (int change in new[] { -1, 1, 100 })
            {
                byte[] changed = [.. hello];
                changed[i] = (byte)(changed[i] + change);
                AssertIsDecidedOnce(changed);
            }
        }
    }

    private static void AssertIsInvalid(byte[] extensions) => AssertReads(_invalid, Records(Message(extensions)));

    private static void AssertReads(ClientHello expected, byte[] bytes)
    {
        Assert.Equal(expected, ClientHello.Read(bytes));
        AssertIsDecidedOnce(bytes);
    }

    private static void AssertIsDecidedOnce(byte[] bytes)
    {
        ClientHello all = ClientHello.Read(bytes);
        for (int length = 0; length < bytes.Length; length++)
        {
            ClientHello prefix = ClientHello.Read(bytes.AsSpan(0, length));
            Assert.True(prefix == _incomplete || prefix == all, $"{length} of {bytes.Length} bytes: {prefix}, all of them: {all}");
        }
    }
}
