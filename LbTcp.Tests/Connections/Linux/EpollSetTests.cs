using LbTcp.Connections.Linux;

namespace LbTcp.Tests.Connections.Linux;

public sealed class EpollSetTests
{
    [SkippableFact]
    public void Wait_SeveralAreReady_EachEventCarriesAllBitsOfItsToken()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "this system is not Linux");
        ulong[] tokens = [0xFEDCBA9876543210, 1, ulong.MaxValue, 1UL << 32];
        using var set = new EpollSet();
        int[] descriptors = [.. tokens.Select(_ => LinuxCalls.EventDescriptor(1, LinuxCalls.EventCloseOnExec))];
        for (int i = 0; i < tokens.Length; i++)
            Assert.Equal(0, set.Add(descriptors[i], EpollEvents.Readable, tokens[i]));

        int count = set.Wait(milliseconds: 0);

        Assert.Equal(
            tokens.Select(token => (EpollEvents.Readable, token)).Order(),
            Enumerable.Range(0, count).Select(set.Read).Order());
        Array.ForEach(descriptors, descriptor => _ = LinuxCalls.Close(descriptor));
    }

    [SkippableFact]
    public void Remove_OnceAndAgain_EndsTheEventsAndIsIgnored()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "this system is not Linux");
        using var set = new EpollSet();
        int descriptor = LinuxCalls.EventDescriptor(1, LinuxCalls.EventCloseOnExec);
        Assert.Equal(0, set.Add(descriptor, EpollEvents.Readable, 1));

        set.Remove(descriptor);
        set.Remove(descriptor);

        Assert.Equal(0, set.Wait(milliseconds: 0));
        Assert.Equal(0, set.Add(descriptor, EpollEvents.Readable, 2));
        Assert.NotEqual(0, set.Add(descriptor, EpollEvents.Readable, 3));
        _ = LinuxCalls.Close(descriptor);
    }
}
