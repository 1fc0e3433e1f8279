using System.Net.Sockets;
using LbTcp.Configuration;
using LbTcp.Connections.Linux;

namespace LbTcp.Connections;

/// <summary>
/// Opens unix sockets that listen. The file gets its mode and owner between bind and listen, when connections are refused: at no time may
/// anyone connect who is not meant to. A file that was left behind, at which nobody listens, is replaced; nothing else is.
/// </summary>
internal static class UnixListenSocket
{
    /// <summary>Opens a socket that listens.</summary>
    /// <returns>The socket, and what deletes its file; null for a name without a file.</returns>
    /// <exception cref="ListenException">It cannot be listened on; the message says why.</exception>
    public static (Socket Socket, IDisposable? File) Open(UnixEndPoint endPoint)
    {
        if (!OperatingSystem.IsLinux())
            throw new ListenException(endPoint, "lbtcp listens on unix sockets on Linux only");
        Socket? socket = null;
        UnixSocketFile? file = null;
        try
        {
            using DirectoryLock? others = endPoint.IsAbstract ? null : DirectoryLock.TryAcquire(DirectoryOf(endPoint));
            socket = Bind(endPoint);
            file = endPoint.IsAbstract ? null : UnixSocketFile.Open(endPoint);
            file?.Set(endPoint.Access);
            socket.Listen(int.MaxValue); // the kernel cuts it to net.core.somaxconn
            return (socket, file);
        }
        catch (Exception exception)
        {
            file?.Dispose();
            socket?.Dispose();
            if (exception is SocketException failure)
                throw new ListenException(endPoint, Explain(endPoint, failure.SocketErrorCode));
            throw;
        }
    }

    /// <summary>Deletes the file of a socket at which nobody listens; not one that has taken its place meanwhile.</summary>
    /// <param name="endPoint">The address.</param>
    /// <param name="dial">Dials it; tells whether somebody listens.</param>
    /// <exception cref="ListenException">The file was not deleted; the message says why.</exception>
    internal static void DeleteLeftBehind(UnixEndPoint endPoint, Func<UnixEndPoint, SocketError> dial)
    {
        if (!UnixSocketFile.IsSocket(endPoint.Path))
            throw new ListenException(endPoint, "the file exists and is not a socket");
        var file = UnixSocketFile.Open(endPoint);
        try
        {
            SocketError error = dial(endPoint);
            if (error is not SocketError.ConnectionRefused)
                throw new ListenException(endPoint, ExplainInUse(error));
            if (!file.IsInPlace)
                throw new ListenException(endPoint, "the file was replaced by another program");
            if (!file.TryDelete())
                throw new ListenException(endPoint, "the socket that another program has left behind cannot be deleted: permission denied");
        }
        finally
        {
            file.Close();
        }
    }

    private static Socket Bind(UnixEndPoint endPoint)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            try
            {
                socket.Bind(endPoint);
            }
            catch (SocketException exception) when (exception.SocketErrorCode is SocketError.AddressAlreadyInUse && !endPoint.IsAbstract)
            {
                DeleteLeftBehind(endPoint, Dial);
                socket.Bind(endPoint);
            }

            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    // Does not wait: with a full queue, somebody listens.
    private static SocketError Dial(UnixEndPoint endPoint)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) { Blocking = false };
        try
        {
            socket.Connect(endPoint);
            return SocketError.Success;
        }
        catch (SocketException exception)
        {
            return exception.SocketErrorCode;
        }
    }

    private static string ExplainInUse(SocketError error) => error is SocketError.AccessDenied
        ? "the socket exists, and whether a program listens there cannot be found out: permission denied"
        : "another program listens there";

    private static string Explain(UnixEndPoint endPoint, SocketError error) => error switch
    {
        SocketError.AddressAlreadyInUse => "another program listens there",
        _ when !endPoint.IsAbstract && !Directory.Exists(DirectoryOf(endPoint)) =>
            $"the directory {DirectoryOf(endPoint)} does not exist",
        SocketError.AccessDenied => $"no file can be created in the directory {DirectoryOf(endPoint)}: permission denied",
        SocketError.AddressNotAvailable => $"no file can be created in the directory {DirectoryOf(endPoint)}", // ENOENT
        _ => SocketErrors.Describe(error),
    };

    private static string DirectoryOf(UnixEndPoint endPoint) => Path.GetDirectoryName(endPoint.Path) ?? "/";
}
