using System.Net;

namespace LbTcp.Connections;

/// <summary>What the framework's end points lack.</summary>
internal static class EndPointExtensions
{
    /// <summary>An IPv4 peer of a dual-stack socket (<c>::ffff:10.0.0.9</c>) as the IPv4 address that it is.</summary>
    public static IPEndPoint Unmapped(this IPEndPoint endPoint) =>
        endPoint.Address.IsIPv4MappedToIPv6 ? new IPEndPoint(endPoint.Address.MapToIPv4(), endPoint.Port) : endPoint;
}
