using System.Net.Sockets;
using LbTcp.Backends;
using LbTcp.Connections;
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
        Backend backend = Pools.Of("10.0.0.1:80").Named("10.0.0.1:80");
        for (int i = 0; i < 1_215; i++)
            _faults.Record(SocketError.AddressNotAvailable, backend);
        _faults.Report();
        Assert.Equal(
            "connections failed for a reason on this machine count=1215 error=no local address or port available "
            + "backend=10.0.0.1:80 hint=the ports of this machine's address towards this backend are used up; add addresses with "
            + "--source-address, which are used in turn, widen net.ipv4.ip_local_port_range, or set net.ipv4.tcp_tw_reuse=1",
            Assert.Single(_logger.Of(EventIds.LocalFault)).Message);
    }

    // A lack of ports concerns one backend; a lack of descriptors all of them alike.
    [Theory]
    [InlineData(SocketError.AddressNotAvailable, 2)]
    [InlineData(SocketErrors.SourceNotLocal, 2)]
    [InlineData(SocketError.TooManyOpenSockets, 1)]
    public void Report_TwoBackends_AreARecordEachWhereTheLackIsTheirs(SocketError error, int records)
    {
        BackendPool pool = Pools.Of("10.0.0.1:80", "10.0.0.2:80");
        foreach (Backend backend in pool.GetAllBackends())
            _faults.Record(error, backend);
        _faults.Report();
        Assert.Equal(records, _logger.Of(EventIds.LocalFault).Count);
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
