using System.Net;

namespace LbTcp.Tests.TestDoubles;

/// <summary>Responses of name servers to a query (RFC 1035, section 4.1).</summary>
internal static class ScriptedMessages
{
    private const int HeaderSize = 12;

    /// <summary>A response with addresses, each at the name of the question, with a time to live of one minute.</summary>
    public static byte[] Answer(byte[] query, params string[] addresses) =>
        Response(query, 0x80, 0, [.. addresses.Select(each => Record(IPAddress.Parse(each).GetAddressBytes()))]);

    /// <summary>A response that says that it is too large.</summary>
    public static byte[] Truncated(byte[] query) => Response(query, 0x82, 0);

    /// <summary>A response without records.</summary>
    public static byte[] Failure(byte[] query, byte code) => Response(query, 0x80, code);

    /// <summary>The same response to a query with another number.</summary>
    public static byte[] ToAnother(byte[] response) => [(byte)(response[0] + 1), .. response[1..]];

    /// <summary>A response with records.</summary>
    public static byte[] Response(byte[] query, byte flags, byte code, params byte[][] records)
    {
        int end = Array.IndexOf(query, (byte)0, HeaderSize) + 5; // the name, type and class
        return
        [
            .. query[..2], (byte)(flags | 1), code, 0, 1, 0, (byte)records.Length, 0, 0, 0, 0,
            .. query[HeaderSize..end], .. records.SelectMany(each => each),
        ];
    }

    /// <summary>A record of the name of the question; its type is that of its length unless given.</summary>
    public static byte[] Record(byte[] data, byte? type = null) =>
        [0xC0, HeaderSize, 0, type ?? (byte)(data.Length == 4 ? 1 : 28), 0, 1, 0, 0, 0, 60, 0, (byte)data.Length, .. data];
}
