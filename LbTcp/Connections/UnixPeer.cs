using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace LbTcp.Connections;

/// <summary>
/// The client of a unix socket. It has no address: it is known by the process that connected, as the system reports it (SO_PEERCRED of
/// unix(7)).
/// </summary>
/// <param name="processId">The id of the process; 0 if the system does not tell, or it is in another namespace.</param>
/// <param name="userId">The id of its user; null if the system does not tell.</param>
internal sealed class UnixPeer(int processId, uint? userId = null) : EndPoint
{
    /// <summary>SOL_SOCKET, the option's level.</summary>
    public const int Level = 1;

    /// <summary>SO_PEERCRED, the option.</summary>
    public const int Option = 17;

    /// <summary>The size of <c>struct ucred</c>: the ids of process, user and group.</summary>
    public const int Size = 12;

    /// <summary>The user that the process ran as when it connected; null if the system does not tell.</summary>
    public uint? UserId { get; } = userId;

    /// <inheritdoc/>
    public override AddressFamily AddressFamily => AddressFamily.Unix;

    /// <summary>Asks the system about the peer of a managed socket.</summary>
    public static UnixPeer Of(Socket socket)
    {
        if (!OperatingSystem.IsLinux())
            return new UnixPeer(0);
        Span<byte> credentials = stackalloc byte[Size];
        _ = socket.GetRawSocketOption(Level, Option, credentials);
        return Read(credentials);
    }

    /// <summary>Reads <c>struct ucred</c>.</summary>
    public static UnixPeer Read(ReadOnlySpan<byte> credentials) =>
        new(MemoryMarshal.Read<int>(credentials), MemoryMarshal.Read<uint>(credentials[sizeof(int)..]));

    /// <inheritdoc/>
    public override string ToString() =>
        processId > 0 ? string.Create(CultureInfo.InvariantCulture, $"unix:pid:{processId}") : "unix:";
}
