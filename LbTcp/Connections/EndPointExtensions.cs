using System.Net;
using System.Net.Sockets;
using LbTcp.Configuration;

namespace LbTcp.Connections;

/// <summary>Conversions that the framework's end points lack.</summary>
internal static class EndPointExtensions
{
    /// <summary>An IPv4 peer of a dual-stack socket (<c>::ffff:10.0.0.9</c>) as the IPv4 address that it is.</summary>
    public static IPEndPoint Unmapped(this IPEndPoint endPoint) =>
        endPoint.Address.IsIPv4MappedToIPv6 ? new IPEndPoint(endPoint.Address.MapToIPv4(), endPoint.Port) : endPoint;

    /// <inheritdoc cref="Unmapped(IPEndPoint)"/>
    public static EndPoint Unmapped(this EndPoint endPoint) => endPoint is IPEndPoint address ? address.Unmapped() : endPoint;

    /// <summary>
    /// What the framework reports, an IPv4 address as IPv4 and a unix socket as <see cref="UnixEndPoint"/>; null for a unix socket
    /// without a name.
    /// </summary>
    public static EndPoint? Named(this EndPoint endPoint) => endPoint switch
    {
        UnixEndPoint { IsUnnamed: true } => null,
        UnixDomainSocketEndPoint adopted => new UnixEndPoint("").Create(adopted.Serialize()).Named(),
        _ => endPoint.Unmapped(),
    };

    /// <summary>The address that access rules go by; null for a peer without an address, such as the client of a unix socket.</summary>
    public static IPAddress? ClientAddress(this EndPoint endPoint) => (endPoint as IPEndPoint)?.Address;

    /// <summary>The address that a client comes from; loopback for a peer without an address, which is a process of this host.</summary>
    public static IPAddress SourceAddress(this EndPoint endPoint) => endPoint is IPEndPoint address ? address.Address : IPAddress.Loopback;
}
