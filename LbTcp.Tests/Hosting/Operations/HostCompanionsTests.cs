using LbTcp.Hosting.Operations;
using NSubstitute;

namespace LbTcp.Tests.Hosting.Operations;

public class HostCompanionsTests
{
    private readonly IHostCompanion _first = Substitute.For<IHostCompanion>();
    private readonly IHostCompanion _second = Substitute.For<IHostCompanion>();

    [Fact]
    public void Of_NoneOrOne_IsWhatIsGiven()
    {
        Assert.Null(HostCompanions.Of(null, null));
        Assert.Same(_first, HostCompanions.Of(null, _first));
    }

    [Fact]
    public async Task Of_Several_AreStartedInOrderAndDisposedInReverse()
    {
        (IHostView view, IHostControl control) = (Substitute.For<IHostView>(), Substitute.For<IHostControl>());
        IHostCompanion companion = HostCompanions.Of(_first, _second)!;

        await companion.StartAsync(view, control);
        await companion.DisposeAsync();

        Received.InOrder(async () =>
        {
            await _first.StartAsync(view, control);
            await _second.StartAsync(view, control);
            await _second.DisposeAsync();
            await _first.DisposeAsync();
        });
    }
}
