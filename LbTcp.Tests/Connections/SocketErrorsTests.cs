using System.Net.Sockets;
using LbTcp.Connections;

namespace LbTcp.Tests.Connections;

public sealed class SocketErrorsTests
{
    [Theory]
    [InlineData(SocketError.TooManyOpenSockets, true)]
    [InlineData(SocketError.AddressNotAvailable, true)]
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
    [InlineData(SocketError.TimedOut, false)]
    [InlineData(SocketError.HostUnreachable, false)]
    public void IsReset_Error_TellsForceFromLoss(SocketError error, bool expected) => Assert.Equal(expected, SocketErrors.IsReset(error));

    [Theory]
    [InlineData(SocketError.ConnectionRefused, "connection refused")]
    [InlineData(SocketError.TimedOut, "timed out")]
    [InlineData(SocketError.TooManyOpenSockets, "out of file descriptors")]
    [InlineData(SocketError.MessageSize, "message too long")]
    [InlineData(SocketError.ProtocolType, "ProtocolType")]
    public void Describe_Error_IsShortAndInAnOperatorsWords(SocketError error, string expected) =>
        Assert.Equal(expected, SocketErrors.Describe(error));
}
