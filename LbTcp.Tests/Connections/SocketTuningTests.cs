using System.Net.Sockets;
using LbTcp.Configuration;
using LbTcp.Connections;
using LbTcp.Tests.TestDoubles;

namespace LbTcp.Tests.Connections;

public sealed class SocketTuningTests
{
    [Theory]
    [InlineData(60, 6, 10)]
    [InlineData(1, 1, 1)]
    [InlineData(2, 2, 1)]
    [InlineData(7, 4, 2)] // rounded up to whole intervals
    [InlineData(3600, 6, 600)]
    [InlineData(32400, 6, 5400)]
    [InlineData(1.5, 2, 1)]
    [InlineData(0, 6, 10)] // off: those of the default
    public void KeepAliveProbes_DeadPeerTimeout_IsWhatTheyTakeTogether(double seconds, int count, int interval)
    {
        var options = new TransportOptions { DeadPeerTimeout = TimeSpan.FromSeconds(seconds) };

        Assert.Equal((count, interval), SocketTuning.KeepAliveProbes(options));
    }

    [SkippableFact]
    public void AcknowledgeHandshake_SocketOfACheck_SendsAtOnce()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "only Linux delays the acknowledgement");
        using TcpListener listener = RawSockets.Listen();
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        SocketTuning.ApplyToCheck(socket);
        socket.Connect(listener.EndPoint());

        SocketTuning.AcknowledgeHandshake(socket);

        Assert.Equal(2, SentSegments(socket)); // SYN and ACK
    }

    private static int SentSegments(Socket socket)
    {
        const int segmentsSentOffset = 136; // tcpi_segs_out
        byte[] info = new byte[TcpInfo.Size];
        _ = socket.GetRawSocketOption(TcpInfo.Level, TcpInfo.Option, info);
        return BitConverter.ToInt32(info, segmentsSentOffset);
    }
}
