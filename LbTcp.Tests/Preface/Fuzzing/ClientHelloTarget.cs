using LbTcp.Configuration;
using LbTcp.Preface;

namespace LbTcp.Tests.Preface.Fuzzing;

/// <summary>
/// The parser of ClientHellos: what it has decided must not depend on how the bytes arrive, and a server name must be a host name.
/// </summary>
internal sealed class ClientHelloTarget : IFuzzTarget
{
    private const int Prefixes = 4;

    public string Name => "ClientHello";

    public byte[] CreateValid(Random random) => new ClientHelloMutations(random).Next();

    public string Check(byte[] input, Random random)
    {
        ClientHello hello = ClientHello.Read(input);
        for (int i = 0; i < Prefixes; i++)
            CheckPrefix(hello, input, random.Next(input.Length + 1));
        if (hello.ServerName is { } name && !(Hosts.TryParseName(name, out string? parsed, out _) && parsed == name))
            throw new InvalidOperationException($"the server name {name}");
        if (hello.Status is ClientHelloStatus.Incomplete && input.Length > 2 * HandshakeRecords.MaxLength)
            throw new InvalidOperationException($"incomplete with {input.Length} bytes");
        return hello.Status switch
        {
            ClientHelloStatus.Complete => hello.ServerName is null ? "accepted without a name" : "accepted with a name",
            ClientHelloStatus.Incomplete => "incomplete",
            ClientHelloStatus.NotTls => "not TLS",
            _ => "malformed",
        };
    }

    private static void CheckPrefix(ClientHello all, byte[] input, int length)
    {
        ClientHello early = ClientHello.Read(input.AsSpan(0, length));
        if (early.Status is not ClientHelloStatus.Incomplete && early != all)
            throw new InvalidOperationException($"{early} after {length} bytes, {all} after all");
    }
}
