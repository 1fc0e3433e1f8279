using System.Buffers.Binary;

namespace LbTcp.Tests.Preface.Fuzzing;

/// <summary>Changes inputs as a structure-aware fuzzer does.</summary>
internal static class Mutation
{
    private static readonly byte[] _bytes = [0, 1, 2, 3, 0x20, 0x21, 0x2F, 0x7F, 0x80, 0xFE, 0xFF, .. "\r\n \t:.09aF%PQT"u8];

    /// <summary>Applies up to four changes to <paramref name="input"/>; one input in five stays as it is.</summary>
    /// <param name="input">The input.</param>
    /// <param name="other">Another one, of which a part may be taken.</param>
    /// <param name="random">Chooses.</param>
    public static byte[] Mutate(byte[] input, byte[] other, Random random)
    {
        for (int changes = random.Next(5); changes > 0; changes--)
            input = MutateOnce(input, other, random);
        return input;
    }

    private static byte[] MutateOnce(byte[] input, byte[] other, Random random)
    {
        int place = random.Next(input.Length + 1);
        switch (random.Next(9))
        {
            case 0 when place < input.Length:
                input[place] ^= (byte)(1 << random.Next(8));
                return input;
            case 1 when place < input.Length:
                input[place] = _bytes[random.Next(_bytes.Length)];
                return input;
            case 2 when place + 1 < input.Length: // a length, as it may be, in the order of the network
                BinaryPrimitives.WriteUInt16BigEndian(input.AsSpan(place), Length(input.Length - place, random));
                return input;
            case 3 when input.Length >= 16: // the place of the length in version 2
                BinaryPrimitives.WriteUInt16BigEndian(input.AsSpan(14), Length(input.Length - 16, random));
                return input;
            case 4:
                return input[..place];
            case 5:
                return [.. input[..place], .. RandomBytes(random), .. input[place..]];
            case 6:
                return [.. input[..place], .. input[Math.Min(input.Length, place + 1 + random.Next(4))..]];
            case 7:
                return [.. input[..place], .. other[Math.Min(other.Length, place)..]];
            default:
                return [.. input[..place], .. input[random.Next(place + 1)..]];
        }
    }

    private static ushort Length(int rest, Random random) => random.Next(4) switch
    {
        0 => (ushort)random.Next(ushort.MaxValue + 1),
        1 => (ushort)(random.Next(2) * ushort.MaxValue),
        _ => (ushort)Math.Max(0, rest + random.Next(-4, 5)),
    };

    private static byte[] RandomBytes(Random random)
    {
        byte[] bytes = new byte[1 + random.Next(6)];
        for (int i = 0; i < bytes.Length; i++)
            bytes[i] = _bytes[random.Next(_bytes.Length)];
        return bytes;
    }
}
