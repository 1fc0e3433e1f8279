using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace LbTcp.Configuration;

/// <summary>
/// A network in CIDR notation, such as <c>10.0.0.0/8</c>, one address, <c>all</c> for every address, or <c>unix</c> for the clients of unix
/// sockets.
/// </summary>
internal sealed record Network
{
    private const string AllWord = "all";
    private const string UnixWord = "unix";
    private const int MappedBits = 96; // of ::ffff:0:0/96, which IPv4 addresses have as IPv6

    private readonly IPNetwork _range;
    private readonly AddressFamily _family; // Unspecified for all, Unix for unix

    private Network(AddressFamily family, IPNetwork range = default)
    {
        _family = family;
        _range = range;
    }

    /// <summary>Every address of both families, and the clients of unix sockets.</summary>
    public static Network All { get; } = new(AddressFamily.Unspecified);

    /// <summary>The clients of unix sockets.</summary>
    public static Network Unix { get; } = new(AddressFamily.Unix);

    /// <summary>The range of addresses; null for <see cref="All"/> and for <see cref="Unix"/>.</summary>
    public IPNetwork? Range => IsRange ? _range : null;

    /// <summary>The network as numbers.</summary>
    public NetworkBlock Block =>
        IsRange ? new(NumberOf(_range.BaseAddress), (byte)_range.PrefixLength, _family) : new(0, 0, _family);

    private bool IsRange => _family is AddressFamily.InterNetwork or AddressFamily.InterNetworkV6;

    /// <summary>The network that the numbers stand for.</summary>
    public static Network Of(NetworkBlock block)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, block.First);
        return block.Family switch
        {
            AddressFamily.Unspecified => All,
            AddressFamily.Unix => Unix,
            AddressFamily.InterNetwork => new(block.Family, new IPNetwork(new IPAddress(bytes[12..]), block.Length)),
            _ => new(block.Family, new IPNetwork(new IPAddress(bytes), block.Length)),
        };
    }

    /// <summary>An address as a number.</summary>
    public static UInt128 NumberOf(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        _ = address.TryWriteBytes(bytes, out int length);
        return length == 4 ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }

    /// <inheritdoc cref="TryParse(string, out Network, out string)"/>
    public static bool TryParse(
        ReadOnlySpan<char> text, [NotNullWhen(true)] out Network? network, [NotNullWhen(false)] out string? error)
    {
        network = ReadIPv4(text);
        error = null;
        return network is not null || TryParse(text.ToString(), out network, out error);
    }

    /// <summary>Reads a network strictly: an address within it is refused, since the length may be the mistake.</summary>
    /// <param name="text">The text.</param>
    /// <param name="network">The network if the text is one; an IPv4 network that is written as IPv6 is given as IPv4.</param>
    /// <param name="error">Otherwise what is wrong, in one sentence that quotes <paramref name="text"/>.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out Network? network, [NotNullWhen(false)] out string? error)
    {
        error = null;
        network = text switch { AllWord => All, UnixWord => Unix, _ => ReadIPv4(text) };
        if (network is not null)
            return true;
        string[] parts = text.Split('/');
        if (parts.Length > 2 || ReadAddress(parts[0]) is not { } address)
        {
            error = $"{Quoted.Text(text)} is not an address, a network such as 10.0.0.0/8, {AllWord} or {UnixWord}.";
            return false;
        }

        int most = address.AddressFamily is AddressFamily.InterNetwork ? 32 : 128;
        int least = most == 32 && parts[0].Contains(':') ? MappedBits : 0; // IPv4 written as IPv6: so is the length
        int length = most + least;
        if (parts.Length == 2 && !(TryReadNumber(parts[1], most + least, out length) && length >= least))
        {
            error = $"{Quoted.Text(text)} is not a network: the length is not a number from {least} to {most + least}.";
            return false;
        }

        length -= least;
        IPAddress start = FirstOf(address, length);
        if (!start.Equals(address))
        {
            error = $"{Quoted.Text(text)} is an address within a network; write {start}/{length}, or {address} for the address alone.";
            return false;
        }

        network = new Network(address.AddressFamily, new IPNetwork(address, length));
        return true;
    }

    /// <summary>Reads an address strictly: the framework takes 10 for 0.0.0.10.</summary>
    /// <returns>The address, an IPv4 address that is written as IPv6 as IPv4; null if it is not one.</returns>
    public static IPAddress? ReadAddress(string text) =>
        Hosts.TryParseAddress(text, out IPAddress? address, out _) || IsBegin(text, out address) ? Hosts.Unmapped(address!) : null;

    /// <summary>Reads the address of a client, or <c>unix</c> for the client of a unix socket.</summary>
    /// <param name="text">The text.</param>
    /// <param name="client">The address if the text is one; null for the client of a unix socket.</param>
    public static bool TryReadClient(string text, out IPAddress? client)
    {
        client = text == UnixWord ? null : ReadAddress(text);
        return client is not null || text == UnixWord;
    }

    /// <summary>Whether a peer with <paramref name="address"/> belongs to the network; null is the client of a unix socket.</summary>
    public bool Contains(IPAddress? address) => _family switch
    {
        AddressFamily.Unspecified => true,
        AddressFamily.Unix => address is null,
        _ => address is not null && _range.Contains(Hosts.Unmapped(address)),
    };

    /// <summary>The network as it is read.</summary>
    public override string ToString() => _family switch
    {
        AddressFamily.Unspecified => AllWord,
        AddressFamily.Unix => UnixWord,
        _ => _range.PrefixLength == (_family is AddressFamily.InterNetwork ? 32 : 128) ? _range.BaseAddress.ToString() : _range.ToString(),
    };

    // What most lines of a large file are, without the cost of the general way, which takes the rest and finds the mistakes.
    private static Network? ReadIPv4(ReadOnlySpan<char> text)
    {
        int slash = text.IndexOf('/');
        int length = 32;
        if (slash >= 0 && !TryReadNumber(text[(slash + 1)..], 32, out length))
            return null;
        ReadOnlySpan<char> rest = slash < 0 ? text : text[..slash];
        Span<byte> bytes = stackalloc byte[4];
        for (int i = 0; i < bytes.Length; i++)
        {
            int end = i < bytes.Length - 1 ? rest.IndexOf('.') : rest.Length;
            if (end < 0 || !TryReadNumber(rest[..end], byte.MaxValue, out int part))
                return null;
            bytes[i] = (byte)part;
            rest = end < rest.Length ? rest[(end + 1)..] : default;
        }

        bool isWithin = length < 32 && BinaryPrimitives.ReadUInt32BigEndian(bytes) << length != 0;
        return isWithin ? null : new Network(AddressFamily.InterNetwork, new IPNetwork(new IPAddress(bytes), length));
    }

    private static bool TryReadNumber(ReadOnlySpan<char> text, int most, out int number)
    {
        number = 0;
        bool isNumber = text.Length is >= 1 and <= 3 && !text.ContainsAnyExceptInRange('0', '9') && (text[0] != '0' || text.Length == 1);
        return isNumber && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number <= most;
    }

    private static IPAddress FirstOf(IPAddress address, int length)
    {
        byte[] bytes = address.GetAddressBytes();
        for (int i = 0; i < bytes.Length; i++)
        {
            int kept = Math.Clamp(length - (8 * i), 0, 8);
            bytes[i] &= (byte)(0xFF << (8 - kept));
        }

        return new IPAddress(bytes);
    }

    // As the begin of a network, 0.0.0.0 stands for nothing else, and fe80:: for all interfaces.
    private static bool IsBegin(string text, out IPAddress? address) =>
        IPAddress.TryParse(text, out address) && text.Length >= 2
        && (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any) || (address.IsIPv6LinkLocal && !text.Contains('%')));
}
