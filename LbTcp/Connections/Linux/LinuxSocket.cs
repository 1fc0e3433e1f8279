using System.Net;
using System.Net.Sockets;
using LbTcp.Configuration;

namespace LbTcp.Connections.Linux;

/// <summary>A non-blocking socket's system calls. Each returns what the call returns, or the error number negated.</summary>
/// <param name="descriptor">The socket.</param>
internal readonly unsafe struct LinuxSocket(int descriptor)
{
    /// <summary>The socket's number.</summary>
    public int Descriptor => descriptor;

    /// <summary>Receives into <paramref name="buffer"/>; 0 for FIN.</summary>
    public int Receive(Span<byte> buffer)
    {
        fixed (byte* start = buffer)
        {
            nint received;
            do
                received = LinuxCalls.Receive(descriptor, start, (nuint)buffer.Length, 0);
            while (IsInterrupted(received));
            return Result(received);
        }
    }

    /// <summary>Receives at most <paramref name="count"/> bytes into a pipe; 0 for FIN.</summary>
    public int ReceiveInto(int pipe, int count) => Splice(descriptor, pipe, count);

    /// <summary>Sends from <paramref name="bytes"/>.</summary>
    public int Send(ReadOnlySpan<byte> bytes)
    {
        fixed (byte* start = bytes)
        {
            nint sent;
            do
                sent = LinuxCalls.Send(descriptor, start, (nuint)bytes.Length, LinuxCalls.NoSignal);
            while (IsInterrupted(sent));
            return Result(sent);
        }
    }

    /// <summary>Sends at most <paramref name="count"/> bytes from a pipe.</summary>
    public int SendFrom(int pipe, int count) => Splice(pipe, descriptor, count);

    /// <summary>Sends FIN.</summary>
    public int Shut() => Result(LinuxCalls.Shutdown(descriptor, LinuxCalls.ShutWrite));

    /// <summary>Closes; with FIN when everything received was read.</summary>
    public void Close() => _ = LinuxCalls.Close(descriptor);

    /// <summary>Closes with RST.</summary>
    public void Reset()
    {
        long onZeroSeconds = 1; // struct linger { l_onoff = 1, l_linger = 0 }
        _ = LinuxCalls.SetSocketOption(descriptor, LinuxCalls.SocketLevel, LinuxCalls.Linger, &onZeroSeconds, sizeof(long));
        Close();
    }

    /// <summary>Sets an option; a failure is ignored, since a connection works without.</summary>
    public void Set(int level, int name, int value) => _ = LinuxCalls.SetSocketOption(descriptor, level, name, &value, sizeof(int));

    /// <summary>Returns and clears the socket's pending error (SO_ERROR); 0 for none.</summary>
    public int TakeError()
    {
        int errno = 0;
        int length = sizeof(int);
        _ = LinuxCalls.GetSocketOption(descriptor, LinuxCalls.SocketLevel, LinuxCalls.SocketError, &errno, &length);
        return errno;
    }

    /// <summary>Enables TCP keepalive.</summary>
    public void SetKeepAlive(TransportOptions options)
    {
        (int count, int interval) = SocketTuning.KeepAliveProbes(options);
        Set(LinuxCalls.SocketLevel, LinuxCalls.KeepAlive, 1);
        Set(LinuxCalls.TcpLevel, LinuxCalls.TcpKeepIdle, SocketTuning.KeepAliveSeconds(options));
        Set(LinuxCalls.TcpLevel, LinuxCalls.TcpKeepInterval, interval);
        Set(LinuxCalls.TcpLevel, LinuxCalls.TcpKeepCount, count);
    }

    /// <summary>Asks for the state of the TCP connection; false when the system does not tell enough.</summary>
    public bool TryReadInfo(out TcpInfo info)
    {
        byte* raw = stackalloc byte[TcpInfo.Size];
        int length = TcpInfo.Size;
        if (LinuxCalls.GetSocketOption(descriptor, TcpInfo.Level, TcpInfo.Option, raw, &length) == 0)
            return TcpInfo.TryParse(new ReadOnlySpan<byte>(raw, length), out info);
        info = default;
        return false;
    }

    /// <summary>Asks for this end's address; null when the system does not tell.</summary>
    public EndPoint? LocalEndPoint()
    {
        byte* address = stackalloc byte[RawSocketAddress.Size];
        int length = RawSocketAddress.Size;
        return LinuxCalls.GetSocketName(descriptor, address, &length) == 0
            ? RawSocketAddress.Read(new ReadOnlySpan<byte>(address, length)).Named()
            : null;
    }

    /// <summary>Asks for the process at the other end of a unix socket.</summary>
    public UnixPeer ReadUnixPeer()
    {
        int length = UnixPeer.Size;
        byte* credentials = stackalloc byte[length];
        new Span<byte>(credentials, length).Clear();
        _ = LinuxCalls.GetSocketOption(descriptor, UnixPeer.Level, UnixPeer.Option, credentials, &length);
        return UnixPeer.Read(new ReadOnlySpan<byte>(credentials, UnixPeer.Size));
    }

    /// <summary>Sets the address from which the socket will be connected. See <see cref="SocketTuning.Bind"/>.</summary>
    public SocketError Bind(IPAddress source)
    {
        Set(LinuxCalls.IpLevel, SocketTuning.BindAddressNoPort, 1);
        byte* address = stackalloc byte[RawSocketAddress.Size];
        (_, int length) = RawSocketAddress.Write(new IPEndPoint(source, 0), new Span<byte>(address, RawSocketAddress.Size));
        if (LinuxCalls.Bind(descriptor, address, length) == 0)
            return SocketError.Success;
        SocketError error = Errno.ToSocketError(LinuxCalls.Errno);
        return error is SocketError.AddressNotAvailable ? SocketErrors.SourceNotLocal : error;
    }

    private static int Splice(int from, int to, int count)
    {
        nint moved;
        do
            moved = LinuxCalls.Splice(from, null, to, null, (nuint)count, LinuxCalls.SpliceMoveNonBlocking);
        while (IsInterrupted(moved));
        return Result(moved);
    }

    private static bool IsInterrupted(nint result) => result < 0 && LinuxCalls.Errno is LinuxCalls.Interrupted;

    private static int Result(nint result) => result < 0 ? -LinuxCalls.Errno : (int)result;
}
