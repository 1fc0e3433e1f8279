using System.Net;
using System.Net.Sockets;
using LbTcp.Configuration;

namespace LbTcp.Connections;

/// <summary>No socket can listen at an address, or on a descriptor. The message is a sentence for the operator.</summary>
internal sealed class ListenException : IOException
{
    /// <summary>For an address that cannot be listened on.</summary>
    public ListenException(EndPoint endPoint, SocketError error)
        : base($"Cannot listen on {endPoint}: {Explain(endPoint, error)}.")
    {
    }

    /// <summary>For a unix socket that cannot be listened on, with the reason as the end of a sentence.</summary>
    public ListenException(UnixEndPoint endPoint, string reason)
        : base($"Cannot listen on {endPoint}: {reason}.")
    {
    }

    /// <summary>For an inherited descriptor that is no listening socket.</summary>
    public ListenException(int descriptor, string reason)
        : base($"Cannot listen on the inherited descriptor {descriptor}: {reason}.")
    {
    }

    private static string Explain(EndPoint endPoint, SocketError error) => error switch
    {
        SocketError.AddressAlreadyInUse => "the port is in use by another program",
        SocketError.AccessDenied when endPoint is IPEndPoint { Port: < 1024 } =>
            "permission denied; give lbtcp the right to use ports below 1024, by 'setcap cap_net_bind_service=+ep "
            + $"{SafeText.Escape(Environment.ProcessPath ?? "lbtcp")}' or AmbientCapabilities=CAP_NET_BIND_SERVICE, or let systemd open "
            + "the port by a socket unit",

        SocketError.AddressNotAvailable => "this host does not have the address",
        _ => SocketErrors.Describe(error),
    };
}
