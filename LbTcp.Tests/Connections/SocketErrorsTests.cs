using System.Net.Sockets;
using LbTcp.Connections;

namespace LbTcp.Tests.Connections;

public sealed class SocketErrorsTests
{
    [Theory]
    [InlineData(SocketError.TooManyOpenSockets, true)]
    [InlineData(SocketError.AddressNotAvailable, true)]
    [InlineData(SocketError.AddressAlreadyInUse, true)]
    [InlineData(SocketError.ProcessLimit, true)]
    [InlineData(SocketErrors.SourceNotLocal, true)]
    [InlineData(SocketErrors.NoSuchFile, false)]
    [InlineData(SocketError.NoBufferSpaceAvailable, true)]
    [InlineData(SocketError.ConnectionRefused, false)]
    [InlineData(SocketError.TimedOut, false)]
    [InlineData(SocketError.OperationAborted, false)]
    public void IsLocalFault_Error_SaysWhetherThisMachineIsToBlame(SocketError error, bool expected) =>
        Assert.Equal(expected, SocketErrors.IsLocalFault(error));

    [Theory]
    [InlineData(SocketError.ConnectionRefused, SocketError.AddressNotAvailable, SocketError.ConnectionRefused)]
    [InlineData(SocketError.AddressNotAvailable, SocketError.ConnectionRefused, SocketError.ConnectionRefused)]
    [InlineData(SocketError.HostUnreachable, SocketError.ConnectionRefused, SocketError.HostUnreachable)]
    [InlineData(SocketError.TooManyOpenSockets, SocketError.AddressNotAvailable, SocketError.AddressNotAvailable)]
    public void MoreTelling_TwoErrors_IsTheFirstThatIsNotThisMachines(SocketError first, SocketError later, SocketError expected) =>
        Assert.Equal(expected, SocketErrors.MoreTelling(first, later));

    [Theory]
    [InlineData(SocketError.ConnectionReset, true)]
    [InlineData(SocketError.Shutdown, true)]
    [InlineData(SocketError.ConnectionAborted, true)]
    [InlineData(SocketError.NotConnected, true)]
    [InlineData(SocketError.TimedOut, false)]
    [InlineData(SocketError.HostUnreachable, false)]
    public void IsReset_Error_TellsForceFromLoss(SocketError error, bool expected) => Assert.Equal(expected, SocketErrors.IsReset(error));

    [Theory]
    [InlineData(SocketError.ConnectionRefused, true)]
    [InlineData(SocketError.TimedOut, true)]
    [InlineData(SocketError.HostUnreachable, true)]
    [InlineData(SocketError.NetworkUnreachable, true)]
    [InlineData(SocketError.HostDown, true)]
    [InlineData(SocketError.ConnectionReset, true)]
    [InlineData(SocketErrors.NoSuchFile, true)]
    [InlineData(SocketError.TooManyOpenSockets, false)]
    [InlineData(SocketError.AddressNotAvailable, false)]
    [InlineData(SocketError.HostNotFound, false)]
    [InlineData(SocketError.TryAgain, false)]
    public void IsUnreachable_Error_SaysWhetherItSpeaksAgainstThePeer(SocketError error, bool expected) =>
        Assert.Equal(expected, SocketErrors.IsUnreachable(error));

    [Theory]
    [InlineData(SocketError.AddressNotAvailable, "ip_local_port_range")]
    [InlineData(SocketError.AddressNotAvailable, "--source-address")]
    [InlineData(SocketErrors.SourceNotLocal, "--source-address")]
    [InlineData(SocketError.AddressAlreadyInUse, "tcp_tw_reuse")]
    [InlineData(SocketError.TooManyOpenSockets, "ulimit -n")]
    [InlineData(SocketError.NoBufferSpaceAvailable, "tcp_mem")]
    [InlineData(SocketError.ProcessLimit, "ulimit -u")]
    public void Remedy_LocalFault_NamesTheSetting(SocketError error, string expected) =>
        Assert.Contains(expected, SocketErrors.Remedy(error), StringComparison.Ordinal);

    [Fact]
    public void Remedy_FaultOfThePeer_IsNone() => Assert.Null(SocketErrors.Remedy(SocketError.ConnectionRefused));

    [Theory]
    [InlineData(SocketError.ConnectionRefused, "connection refused")]
    [InlineData(SocketError.TimedOut, "timed out")]
    [InlineData(SocketError.TooManyOpenSockets, "out of file descriptors")]
    [InlineData(SocketError.MessageSize, "message too long")]
    [InlineData(SocketErrors.NoSuchFile, "no such socket file")]
    [InlineData(SocketErrors.SourceNotLocal, "the source address is not of this machine")]
    [InlineData(SocketError.ProtocolType, "not a stream socket")]
    [InlineData(SocketError.SystemNotReady, "SystemNotReady")]
    public void Describe_Error_IsShortAndInAnOperatorsWords(SocketError error, string expected) =>
        Assert.Equal(expected, SocketErrors.Describe(error));
}
