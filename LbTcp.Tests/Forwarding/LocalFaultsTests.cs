using System.Net.Sockets;
using LbTcp.Diagnostics;
using LbTcp.Forwarding;
using LbTcp.Tests.TestDoubles;

namespace LbTcp.Tests.Forwarding;

public class LocalFaultsTests
{
    private readonly LogRecorder<LocalFaults> _logger = new();
    private readonly LocalFaults _faults;

    public LocalFaultsTests() => _faults = new LocalFaults(_logger);

    [Fact]
    public void Report_ManyFaultsOfOneCause_AreOneRecordWithCountCauseAndRemedy()
    {
        for (int i = 0; i < 1_215; i++)
            _faults.Record(SocketError.AddressNotAvailable);
        _faults.Report();
        Assert.Equal(
            "connections failed for a reason on this machine count=1215 error=no local address or port available "
            + "hint=widen net.ipv4.ip_local_port_range, set net.ipv4.tcp_tw_reuse=1, or give the backend more addresses",
            Assert.Single(_logger.Of(EventIds.LocalFault)).Message);
    }

    [Fact]
    public void Report_NothingNew_IsSilent()
    {
        _faults.Report();
        _faults.Record(SocketError.TooManyOpenSockets);
        _faults.Report();
        _faults.Report();
        Assert.Single(_logger.Records);
    }

    [Fact]
    public void Record_FaultOfTheBackend_IsNotCounted()
    {
        _faults.Record(SocketError.ConnectionRefused);
        _faults.Report();
        Assert.Empty(_logger.Records);
    }

    [Fact]
    public async Task FinishAsync_FaultsAfterTheLastReport_AreLogged()
    {
        _faults.Record(SocketError.NoBufferSpaceAvailable);
        await _faults.FinishAsync();
        Assert.Single(_logger.Of(EventIds.LocalFault));
    }

    [Fact]
    public void Record_FromManyThreads_LosesNone()
    {
        Parallel.For(0, 10_000, _ => _faults.Record(SocketError.AddressAlreadyInUse));
        _faults.Report();
        Assert.Contains("count=10000 ", Assert.Single(_logger.Records).Message, StringComparison.Ordinal);
    }
}
