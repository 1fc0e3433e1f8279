using LbTcp.Admin;
using LbTcp.Cli.Operate.Top;
using LbTcp.Hosting.Operations;
using LbTcp.Tests.TestDoubles;

namespace LbTcp.Tests.Cli.Operate.Top;

public class TopFrameTests
{
    private readonly TopState _state = new();

    [Theory]
    [InlineData(40, 5)]
    [InlineData(80, 24)]
    [InlineData(200, 50)]
    [InlineData(5, 1)]
    public void Draw_AnySize_Fits(int columns, int rows)
    {
        Take([.. Enumerable.Range(0, 100).Select(i => Samples.Web1 with { Name = $"backend-with-a-long-name-{i}" })]);
        IReadOnlyList<string> lines = new TopFrame(hasColors: false).Draw(_state, columns, rows);
        Assert.InRange(lines.Count, 1, rows);
        Assert.All(lines, line => Assert.InRange(line.Length, 0, columns));
    }

    [Fact]
    public void Draw_Backends_AreRowsUnderHeadings()
    {
        Take(Samples.Web1, Samples.Web2);
        IReadOnlyList<string> lines = new TopFrame(hasColors: false).Draw(_state, 160, 24);
        Assert.StartsWith("lbtcp 0.1.0  running for 3d  41 of 20000 connections  48 MB of memory", lines[0], StringComparison.Ordinal);
        Assert.StartsWith("web  *:8080  leastconn  2 of 3 available", lines[1], StringComparison.Ordinal);
        Assert.Matches(@"^BACKENDv +STATE +WEIGHT +OPEN +RATE +FAILED +IN +OUT +CONNECT +LAST CHECK", lines[3]);
        Assert.Equal(
            "web/web1  healthy         3    28  118/s     0/s  310 KB/s  2.1 MB/s    0.4ms  200 in 1.2ms", lines[4].TrimEnd());
        Assert.StartsWith("web/web2  unhealthy       1     0  118/s ", lines[5], StringComparison.Ordinal);
        Assert.StartsWith("q quit", lines[6], StringComparison.Ordinal);
    }

    [Fact]
    public void Draw_NarrowTerminal_LeavesOutNumbersBeforeItCutsNames()
    {
        Take(Samples.Web1 with { Name = "10.0.0.11:3001" }, Samples.Web2 with { Name = "10.0.0.12:3001" });
        IReadOnlyList<string> lines = new TopFrame(hasColors: false).Draw(_state, 50, 24);
        Assert.Matches(@"^BACKENDv +STATE +WEIGHT +OPEN *$", lines[3]);
        Assert.Matches(@"^web/10\.0\.0\.11:3001 +healthy +3 +28 *$", lines[4]);
        Assert.Matches(@"^web/10\.0\.0\.12:3001 +unhealthy +1 +0 *$", lines[5]);
    }

    [Fact]
    public void Draw_MarkupAndEscapesFromOutside_AreShownAsText()
    {
        Take(Samples.Web1 with { Name = "[red]x[/] [/]\u001b[31m" });
        string text = string.Join('\n', new TopFrame(hasColors: false).Draw(_state, 200, 24));
        Assert.Contains(@"web/[red]x[/] [/]\u001B[31m", text, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', text);
    }

    [Fact]
    public void Draw_Colors_MarkTheState()
    {
        Take(Samples.Web2);
        Assert.Contains("\u001b[31munhealthy", string.Join('\n', new TopFrame(hasColors: true).Draw(_state, 160, 24)));
    }

    private void Take(params BackendStatus[] backends) =>
        _state.Take(new StateReport(Samples.Now, Samples.Process, [Samples.Service], backends));
}
