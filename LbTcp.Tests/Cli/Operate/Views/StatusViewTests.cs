using LbTcp.Admin;
using LbTcp.Cli.Operate.Views;
using LbTcp.Hosting.Operations;
using LbTcp.Tests.TestDoubles;

namespace LbTcp.Tests.Cli.Operate.Views;

public sealed class StatusViewTests
{
    private static readonly StateReport _state =
        new(Samples.Now, Samples.Process, [Samples.Service], [Samples.Web1, Samples.Web2, Samples.Web3]);

    [Fact]
    public void Write_Service_IsALineAndATable() => Assert.Equal(
        """
        web  *:8080  leastconn  2 of 3 available  41 open  118/s  in 310 KB/s  out 2.1 MB/s
          BACKEND  ADDRESS        STATE           WEIGHT  OPEN  TOTAL  CONNECT  SINCE  LAST CHECK
          web1     10.0.1.4:3001  healthy              3    28  91022    0.4ms     2d  200 in 1.2ms
          web2     10.0.1.5:3001  unhealthy            1     0  30111        -    12s  connection refused, 3 in a row
          web3     10.0.1.6:3001  healthy, drain       1    13  29870    0.6ms     4m  200 in 0.9ms

        """,
        Write(_state));

    [Fact]
    public void Write_ReasonThatNothingElseTells_HasAColumn()
    {
        BackendDetail full = Samples.Web1 with { Available = false, Reason = "all 28 slots are in use", MaxConnections = 28 };
        string text = Write(_state with { Backends = [full, Samples.Web2] });
        Assert.Matches(@"LAST CHECK +REASON\n", text);
        Assert.Matches(@" 28/28 .* 200 in 1.2ms +all 28 slots are in use\n", text);
    }

    [Fact]
    public void Write_ClientsWait_IsToldWithTheReason()
    {
        ServiceStatus waiting = Samples.Service with { AdmissionWaiting = 12, Queued = 3 };
        Assert.Contains(
            "  out 2.1 MB/s  12 waiting for admission  3 queued\n", Write(_state with { Services = [waiting] }), StringComparison.Ordinal);
    }

    [Fact]
    public void Write_BackupInReserve_NeedsNoReason()
    {
        BackendDetail backup = Samples.Web1 with { Available = false, Backup = true };
        Assert.DoesNotContain("REASON", Write(_state with { Backends = [backup] }), StringComparison.Ordinal);
    }

    [Fact]
    public void Write_OverrideAndSlowStart_AreShown()
    {
        BackendDetail overridden = Samples.Web1 with { WeightOverride = 5, EffectiveWeight = 5 };
        BackendDetail starting = Samples.Web1 with { EffectiveWeight = 1.26 };
        string text = Write(_state with { Backends = [overridden, starting] });
        Assert.Contains(" 5 (file: 3) ", text, StringComparison.Ordinal);
        Assert.Contains(" 1.3 of 3 ", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_NarrowTerminal_LinesAreCutToItsWidth()
    {
        using var scenario = new VerbScenario(new ScriptedTerminal { Size = (80, 24) });
        new StatusView(scenario.Environment).Write(_state);
        Assert.All(scenario.Output.Split('\n').Skip(1), line => Assert.InRange(line.Length, 0, 80));
        Assert.Contains("…", scenario.Output, StringComparison.Ordinal);
        Assert.Contains("30111", scenario.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_Colors_MarkTheState()
    {
        using var scenario = new VerbScenario(new ScriptedTerminal { HasColors = true });
        new StatusView(scenario.Environment).Write(_state);
        Assert.Contains("\u001b[31munhealthy\u001b[0m", scenario.Output, StringComparison.Ordinal);
        Assert.Contains("\u001b[33mhealthy, drain\u001b[0m", scenario.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_TextFromOutside_IsEscaped()
    {
        string text = Write(_state with
        {
            Services = [Samples.Service with { Listen = ["\u001b[2J"] }],
            Backends = [Samples.Web1 with { Name = "a\nb\u001b[31m", LastCheck = Samples.Web1.LastCheck! with { Detail = "\u0007" } }],
        });
        Assert.DoesNotContain('\u001b', text);
        Assert.DoesNotContain('\u0007', text);
        Assert.Contains(@"a\u000Ab\u001B[31m", text, StringComparison.Ordinal);
    }

    private static string Write(StateReport state)
    {
        using var scenario = new VerbScenario();
        new StatusView(scenario.Environment).Write(state);
        return scenario.Output;
    }
}
