using LbTcp.Admission;
using LbTcp.Configuration;
using LbTcp.Diagnostics;

namespace LbTcp.Tests.Admission;

/// <summary>Clients over a limit that are reset.</summary>
public sealed class SourceLimitsTests : AdmissionScenario
{
    private static readonly AdmissionOptions _two = new() { MaxConnectionsPerSource = 2 };

    [Fact]
    public void MaxConnectionsPerSource_MoreClients_AreRefusedUntilOneHasEnded()
    {
        Reload(_two);
        SourceConnections? first = Admitted("192.0.2.1");
        _ = Admitted("192.0.2.1");

        AssertRefused("192.0.2.1", ConnectionEndReason.SourceLimit);
        _ = Admitted("192.0.2.2");
        first!.Dispose();

        _ = Admitted("192.0.2.1");
        AssertRefused("192.0.2.1", ConnectionEndReason.SourceLimit);
    }

    [Fact]
    public void MaxConnectionsPerSource_AllHaveEnded_KnowsNoSourceAnyMore()
    {
        Reload(_two);
        SourceConnections?[] taken = [.. Enumerable.Range(0, 20_000).Select(i => Admitted($"10.{i / 10_000}.{i / 100 % 100}.{i % 100}"))];
        Assert.Equal(20_000, Limits.Sources);

        foreach (SourceConnections? connection in taken)
            connection!.Dispose();

        Assert.Equal(0, Limits.Sources);
    }

    [Fact]
    public void MaxConnectionsPerSource_SecondClientOfASource_AllocatesNothing()
    {
        Reload(_two);
        SourceKey source = Limits.SourceOf(System.Net.IPAddress.Parse("192.0.2.1"));
        _ = Limits.TryAdmit(source);
        _ = Limits.TryAdmit(source).Taken; // compiled
        long before = GC.GetAllocatedBytesForCurrentThread();

        for (int i = 0; i < 100; i++)
            Limits.TryAdmit(source).Taken?.Dispose();

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void ConnectionRatePerSource_MoreThanTheBurst_AreRefusedUntilTheRateAdmitsThem()
    {
        Reload(new AdmissionOptions { ConnectionRatePerSource = PerSecond(10), ConnectionBurstPerSource = 2 });
        Assert.Null(Admitted("192.0.2.1"));
        _ = Admitted("192.0.2.1");

        AssertRefused("192.0.2.1", ConnectionEndReason.RateLimit);
        _ = Admitted("192.0.2.2");
        Pass(TimeSpan.FromMilliseconds(100));

        _ = Admitted("192.0.2.1");
        AssertRefused("192.0.2.1", ConnectionEndReason.RateLimit);
    }

    [Fact]
    public void ConnectionRate_AllSourcesAndUnixSockets_ShareIt()
    {
        Reload(new AdmissionOptions
        {
            ConnectionRate = PerSecond(3),
            ConnectionRatePerSource = PerSecond(1),
            MaxConnectionsPerSource = 1,
        });
        _ = Admitted("192.0.2.1");
        Assert.Null(Admitted(null));
        Assert.Null(Admitted(null)); // no source, so no limit per source

        AssertRefused("192.0.2.2", ConnectionEndReason.RateLimit);
        AssertRefused(null, ConnectionEndReason.RateLimit);
    }

    // The client counts for neither of its limits, and the refused source uses nothing of the rate of the service.
    [Fact]
    public void SeveralLimits_OneRefuses_NothingIsCountedForTheOthers()
    {
        Reload(new AdmissionOptions
        {
            ConnectionRate = PerSecond(1),
            ConnectionRatePerSource = PerSecond(1),
            MaxConnectionsPerSource = 1,
        });
        _ = Admitted("192.0.2.1");
        for (int i = 0; i < 10; i++)
            AssertRefused("192.0.2.2", ConnectionEndReason.RateLimit);
        Assert.Equal(1, Limits.Sources);
        Pass(TimeSpan.FromSeconds(1));
        for (int i = 0; i < 10; i++)
            AssertRefused("192.0.2.1", ConnectionEndReason.SourceLimit);

        _ = Admitted("192.0.2.2");
    }

    [Fact]
    public void Reload_LowerLimit_ConnectionsStayAndAreCounted()
    {
        Reload(_two);
        SourceConnections? first = Admitted("192.0.2.1");
        SourceConnections? second = Admitted("192.0.2.1");

        Reload(_two with { MaxConnectionsPerSource = 1 });
        AssertRefused("192.0.2.1", ConnectionEndReason.SourceLimit);
        first!.Dispose();
        AssertRefused("192.0.2.1", ConnectionEndReason.SourceLimit);
        second!.Dispose();

        _ = Admitted("192.0.2.1");
    }

    [Fact]
    public void SourcePrefixIPv6_OneNetwork_IsOneSource()
    {
        Reload(_two with { MaxConnectionsPerSource = 1 });
        _ = Admitted("2001:db8::1");

        AssertRefused("2001:db8::2", ConnectionEndReason.SourceLimit);
        Reload(_two with { MaxConnectionsPerSource = 1, SourcePrefixIPv6 = 128 });

        _ = Admitted("2001:db8::2");
    }

    [Fact]
    public async Task MaxConnectionsPerSource_ManyThreads_IsExact()
    {
        Reload(_two with { MaxConnectionsPerSource = 3 });
        int open = 0;
        int most = 0;

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            for (int i = 0; i < 20_000; i++)
            {
                if (Limits.TryAdmit(Limits.SourceOf(System.Net.IPAddress.Loopback)).Taken is not { } taken)
                    continue;
                int now = Interlocked.Increment(ref open);
                if (now > Volatile.Read(ref most))
                    Volatile.Write(ref most, now);
                _ = Interlocked.Decrement(ref open);
                taken.Dispose();
            }
        }))).Done();

        Assert.InRange(most, 1, 3);
        Assert.Equal(0, Limits.Sources);
    }

    private void AssertRefused(string? address, ConnectionEndReason reason)
    {
        Task<AdmissionResult> admission = Admit(address);
        Assert.True(admission.IsCompletedSuccessfully);
        Assert.Equal((reason, null), (admission.Result.Refusal, admission.Result.Taken));
    }
}
