using System.Buffers;
using System.Net;
using System.Net.Sockets;
using LbTcp.Configuration;

namespace LbTcp.Preface;

/// <summary>
/// Reads addresses and ports as inet_pton(3) does: the framework also takes octal and hexadecimal numbers, brackets, zones and ports.
/// </summary>
internal static class AddressText
{
    private const byte Dot = (byte)'.';
    private const byte Colon = (byte)':';
    private const int HighestPort = 65535;

    private static readonly SearchValues<byte> _inIPv6 = SearchValues.Create(":.0123456789abcdefABCDEF"u8);

    /// <summary>Reads an address of <paramref name="family"/>.</summary>
    /// <returns>The address, an IPv4 address that is written as IPv6 as IPv4; null if the text is not one.</returns>
    public static IPAddress? Read(ReadOnlySpan<byte> text, AddressFamily family)
    {
        bool isValid = family is AddressFamily.InterNetwork ? IsIPv4(text) : MayBeIPv6(text);
        return isValid && IPAddress.TryParse(text, out IPAddress? address) && address.AddressFamily == family
            ? Hosts.Unmapped(address)
            : null;
    }

    /// <summary>Reads a port, 0 to 65535, without a sign and leading zeros.</summary>
    public static bool TryReadPort(ReadOnlySpan<byte> text, out int port) => TryReadNumber(text, HighestPort, out port);

    private static bool IsIPv4(ReadOnlySpan<byte> text)
    {
        int parts = 0;
        foreach (Range part in text.Split(Dot))
        {
            if (++parts > 4 || !TryReadNumber(text[part], byte.MaxValue, out _))
                return false;
        }

        return parts == 4;
    }

    // The framework decides about the groups; what it takes beyond them is kept from it.
    private static bool MayBeIPv6(ReadOnlySpan<byte> text)
    {
        if (text.IndexOf(Colon) < 0 || text.ContainsAnyExcept(_inIPv6))
            return false;
        return text.IndexOf(Dot) < 0 || IsIPv4(text[(text.LastIndexOf(Colon) + 1)..]);
    }

    private static bool TryReadNumber(ReadOnlySpan<byte> text, int highest, out int number)
    {
        number = 0;
        if (text.IsEmpty || text.Length > 5 || (text[0] == '0' && text.Length > 1))
            return false;
        foreach (byte digit in text)
        {
            if (digit is < (byte)'0' or > (byte)'9')
                return false;
            number = (number * 10) + digit - '0';
        }

        return number <= highest;
    }
}
