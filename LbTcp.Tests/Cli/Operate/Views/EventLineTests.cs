using LbTcp.Cli.Operate.Views;
using LbTcp.Diagnostics;
using LbTcp.Tests.TestDoubles;
using Microsoft.Extensions.Logging;

namespace LbTcp.Tests.Cli.Operate.Views;

public class EventLineTests
{
    [Fact]
    public void Format_Event_IsALineAsInTheLog() => Assert.Equal(
        "2026-11-22T14:02:23.000Z warn backend unhealthy service=web backend=web2 reason=\"3 failed\\u000A\" event=42",
        new EventLine().Format(new EventRecord(
            42, Samples.Now, LogLevel.Warning, 301, "backend unhealthy", "web", "web2", [new("reason", "3 failed\n")])));
}
