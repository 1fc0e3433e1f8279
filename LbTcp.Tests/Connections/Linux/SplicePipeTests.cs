using LbTcp.Connections.Linux;

namespace LbTcp.Tests.Connections.Linux;

public sealed class SplicePipeTests
{
    // As to a user whose pipes have reached fs.pipe-user-pages-soft; this process may be root, to whom that does not apply.
    [SkippableFact]
    public void TryCreate_TheSystemGivesASmallerOneThanIsUseful_RefusesIt()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "this system is not Linux");
        Assert.Null(SplicePipe.TryCreate(leastSize: 16 * 1024 * 1024));
        using SplicePipe? useful = SplicePipe.TryCreate(leastSize: 64 * 1024);
        Assert.NotNull(useful);
    }
}
