using System.Globalization;
using System.Net;

namespace LbTcp.Tests.EndToEnd.Harness;

/// <summary>The system's table of TCP sockets, see proc_net_tcp.txt of the kernel's documentation.</summary>
internal static class TcpTable
{
    /// <summary>All sockets, IPv4 and IPv6, of the network that a process is in; of this process's when null.</summary>
    public static IEnumerable<TcpSocket> Read(int? pid = null) =>
        ReadFile($"/proc/{pid ?? Environment.ProcessId}/net/tcp").Concat(ReadFile($"/proc/{pid ?? Environment.ProcessId}/net/tcp6"));

    private static IEnumerable<TcpSocket> ReadFile(string path) =>
        from line in File.Exists(path) ? File.ReadLines(path).Skip(1) : []
        let columns = line.Split(' ', StringSplitOptions.RemoveEmptyEntries)
        select new TcpSocket(
            ParseEndPoint(columns[1]), ParseEndPoint(columns[2]), (TcpState)ParseHex(columns[3]), ParseHex(columns[4][..8]), columns[9]);

    // Groups of four bytes, each written as a number of this machine; then the port.
    private static IPEndPoint ParseEndPoint(string text)
    {
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        byte[] address = [.. text[..colon].Chunk(8).SelectMany(group => BitConverter.GetBytes(ParseHex(new string(group))))];
        return new IPEndPoint(new IPAddress(address), (int)ParseHex(text[(colon + 1)..]));
    }

    private static uint ParseHex(string text) => uint.Parse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
