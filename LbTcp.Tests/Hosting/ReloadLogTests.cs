using LbTcp.Diagnostics;
using LbTcp.Hosting;
using LbTcp.Tests.TestDoubles;
using Microsoft.Extensions.Logging.Abstractions;

namespace LbTcp.Tests.Hosting;

public sealed class ReloadLogTests
{
    [Fact]
    public void Warnings_OfAReload_AreThoseThatAreNew()
    {
        var records = new LogRecorder<ReloadLog>();
        var log = new ReloadLog(
            new ReloadChangesLog(NullLoggerFactory.Instance, new ServiceLoggers(NullLoggerFactory.Instance)), TimeProvider.System, records);

        log.Warnings(ReloadTrigger.Start, ["of the start"]);
        log.Warnings(ReloadTrigger.File, ["of the start", "new"]);
        log.Warnings(ReloadTrigger.File, ["new"]);
        log.Warnings(ReloadTrigger.Signal, ["of the start"]);

        Assert.Equal(["new", "of the start"], records.Of(EventIds.StartWarning).Select(record => record.Message));
    }
}
