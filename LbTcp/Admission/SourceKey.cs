using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace LbTcp.Admission;

/// <summary>
/// A source of connections as limits count it: an IPv4 address, or the prefix of an IPv6 address. The default value stands for the clients
/// of unix sockets, which are no source.
/// </summary>
internal readonly struct SourceKey : IEquatable<SourceKey>
{
    private const int AddressBits = 128;

    private readonly ulong _high;
    private readonly ulong _low;
    private readonly int _hash;
    private readonly bool _isSource;

    // The hash of strings is keyed with a random seed of the process (Marvin), so that no choice of sources can make them collide.
    private SourceKey(ulong high, ulong low)
    {
        _high = high;
        _low = low;
        _isSource = true;
        ReadOnlySpan<ulong> words = [high, low];
        _hash = string.GetHashCode(MemoryMarshal.Cast<ulong, char>(words));
    }

    /// <summary>Whether it stands for no source.</summary>
    public bool IsNone => !_isSource;

    /// <summary>Its first 64 bits, in an order of bytes that does not matter.</summary>
    public ulong High => _high;

    /// <summary>Its last 64 bits.</summary>
    public ulong Low => _low;

    /// <summary>Returns the source of a connection. Does not allocate.</summary>
    /// <param name="address">The address of the client, an IPv4 address as such or as IPv6; null for the client of a unix socket.</param>
    /// <param name="prefixIPv6">The length of the prefix by which IPv6 sources are told apart, from 1 to 128.</param>
    public static SourceKey Of(IPAddress? address, int prefixIPv6)
    {
        if (address is null)
            return default;
        Span<ulong> words = stackalloc ulong[2];
        Span<byte> bytes = MemoryMarshal.AsBytes(words);
        if (address.AddressFamily is AddressFamily.InterNetwork)
        {
            bytes[10..12].Fill(0xFF); // ::ffff:0:0/96
            _ = address.TryWriteBytes(bytes[12..], out _);
        }
        else
        {
            _ = address.TryWriteBytes(bytes, out _);
            if (!address.IsIPv4MappedToIPv6)
                KeepPrefix(bytes, prefixIPv6);
        }

        return new SourceKey(words[0], words[1]);
    }

    /// <inheritdoc/>
    public bool Equals(SourceKey other) => _high == other._high && _low == other._low && _isSource == other._isSource;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is SourceKey other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _hash;

    private static void KeepPrefix(Span<byte> bytes, int length)
    {
        UInt128 mask = UInt128.MaxValue << (AddressBits - length);
        BinaryPrimitives.WriteUInt128BigEndian(bytes, BinaryPrimitives.ReadUInt128BigEndian(bytes) & mask);
    }
}
