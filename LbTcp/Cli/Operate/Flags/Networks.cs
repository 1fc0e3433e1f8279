using System.Net;
using System.Net.Sockets;
using LbTcp.Configuration;

namespace LbTcp.Cli.Operate.Flags;

/// <summary>Addresses and networks of clients.</summary>
internal static class Networks
{
    /// <summary>Says what is wrong with an address or network in CIDR notation; null if it is one.</summary>
    public static string? FindProblem(string text)
    {
        string[] parts = text.Split('/');
        if (ReadAddress(parts[0]) is not { } address || parts.Length > 2)
            return $"{Quoted.Text(text)} is not an address or a network like 10.0.0.0/8.";
        if (parts.Length == 1 || IPNetwork.TryParse(text, out _))
            return null;
        int most = address.AddressFamily is AddressFamily.InterNetwork ? 32 : 128;
        return $"{Quoted.Text(text)} is not a network: the length is not a number from 0 to {most}.";
    }

    /// <inheritdoc cref="Network.ReadAddress"/>
    public static IPAddress? ReadAddress(string text) => Network.ReadAddress(text);
}
