using System.Buffers.Binary;

namespace LbTcp.Tests.Preface.Fuzzing;

/// <summary>
/// Makes inputs for the parser of ClientHellos that get past its first checks: well-formed ones, and such whose message or extensions have
/// a few mistakes within records that fit. The same random numbers make the same inputs.
/// </summary>
internal sealed class ClientHelloMutations(Random random)
{
    private static readonly string?[] _names =
        [null, "a.example", "A.Example.", "10.0.0.1", "", "a\0b", new string('x', 64), $"{new string('y', 63)}.example"];

    private static readonly byte[] _edges = [0, 1, 2, 3, 4, 5, 22, 23, 127, 128, 255];

    /// <summary>The next input.</summary>
    public byte[] Next()
    {
        byte[] extensions = ClientHelloBytes.Extensions(Pick(_names), random.Next(4) == 0 ? random.Next(3_000) : random.Next(3));
        if (random.Next(4) == 0)
            extensions = [.. extensions, .. Mutated(ClientHelloBytes.ServerName(ClientHelloBytes.HostName(Pick(_names) ?? "b.example")))];
        byte[] message = ClientHelloBytes.Message(random.Next(10) == 0 ? null : random.Next(3) == 0 ? Mutated(extensions) : extensions);
        if (random.Next(3) == 0)
            message = Mutated(message);
        byte[] records = random.Next(2) == 0
            ? ClientHelloBytes.Records(message)
            : ClientHelloBytes.Records(message, [.. Enumerable.Range(0, random.Next(1, 5)).Select(_ => random.Next(1, 200))]);
        return random.Next(3) == 0 ? Mutated(records) : records;
    }

    private byte[] Mutated(byte[] bytes)
    {
        List<byte> changed = [.. bytes];
        for (int left = random.Next(1, 4); left > 0 && changed.Count > 2; left--)
        {
            int at = random.Next(random.Next(2) == 0 ? Math.Min(16, changed.Count - 1) : changed.Count - 1);
            switch (random.Next(7))
            {
                case 0:
                    changed[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    changed[at] = Pick(_edges);
                    break;
                case 2:
                    changed.RemoveRange(at, random.Next(1, changed.Count - at));
                    break;
                case 3:
                    changed.InsertRange(at, changed.GetRange(at, random.Next(1, Math.Min(64, changed.Count - at) + 1)));
                    break;
                case 4:
                    changed.InsertRange(at, Enumerable.Repeat(Pick(_edges), random.Next(1, 9)));
                    break;
                case 5:
                    AddToNumber(changed, at);
                    break;
                default:
                    changed.AddRange(changed.GetRange(0, random.Next(Math.Min(64, changed.Count))));
                    break;
            }
        }

        return [.. changed];
    }

    // Where a length is, it becomes one that nearly fits.
    private void AddToNumber(List<byte> bytes, int at)
    {
        Span<byte> number = [bytes[at], bytes[at + 1]];
        BinaryPrimitives.WriteUInt16BigEndian(number, (ushort)(BinaryPrimitives.ReadUInt16BigEndian(number) + random.Next(-4, 5)));
        (bytes[at], bytes[at + 1]) = (number[0], number[1]);
    }

    private T Pick<T>(T[] values) => values[random.Next(values.Length)];
}
