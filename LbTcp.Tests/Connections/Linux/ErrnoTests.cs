using System.Net.Sockets;
using LbTcp.Connections.Linux;

namespace LbTcp.Tests.Connections.Linux;

public sealed class ErrnoTests
{
    // A listening socket that is none any more must not be taken for a network that is in trouble for a while.
    [Theory]
    [InlineData(9, SocketError.NotSocket)] // EBADF
    [InlineData(22, SocketError.InvalidArgument)] // EINVAL
    [InlineData(88, SocketError.NotSocket)] // ENOTSOCK
    [InlineData(24, SocketError.TooManyOpenSockets)] // EMFILE
    [InlineData(28, SocketError.NoBufferSpaceAvailable)] // ENOSPC: epoll's limit of watches, see epoll_ctl(2)
    [InlineData(112, SocketError.HostDown)] // EHOSTDOWN
    [InlineData(64, SocketError.SocketError)] // ENONET, which has no counterpart
    public void ToSocketError_Number_IsWhatTheCallMeant(int errno, SocketError expected) =>
        Assert.Equal(expected, Errno.ToSocketError(errno));
}
