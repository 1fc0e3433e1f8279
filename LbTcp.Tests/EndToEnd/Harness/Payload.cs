using System.Security.Cryptography;

namespace LbTcp.Tests.EndToEnd.Harness;

/// <summary>Bytes that are the same in every run and nowhere alike, so that a lost, doubled or displaced one shows.</summary>
internal static class Payload
{
    public static byte[] Random(int length, int seed = 1)
    {
        byte[] bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    /// <summary>A short name for the content, for messages that a person can read.</summary>
    public static string Hash(ReadOnlySpan<byte> bytes) => $"{bytes.Length} bytes {Convert.ToHexStringLower(SHA256.HashData(bytes))}";
}
