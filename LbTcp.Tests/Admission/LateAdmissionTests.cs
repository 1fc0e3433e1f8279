using LbTcp.Admission;
using LbTcp.Configuration;

namespace LbTcp.Tests.Admission;

/// <summary>Clients that wait for a rate while the ticks are late.</summary>
public sealed class LateAdmissionTests() : AdmissionScenario(new AdmissionOptions(), MostWaiting)
{
    private const int MostWaiting = 20_000;

    [Theory]
    [InlineData(200, 1, 1.3)]
    [InlineData(200, 1, 50)]
    [InlineData(200, 10, 7)]
    [InlineData(5_000, 1, 0)] // several per tick
    [InlineData(5_000, 1, 50)]
    public void ConnectionRate_TicksAreLate_AdmitsAtTheRate(int rate, int burst, double late) => AssertRate(
        new AdmissionOptions { ConnectionRate = PerSecond(rate), ConnectionBurst = burst, OverLimit = OverLimit.Wait }, rate, burst, late);

    [Theory]
    [InlineData(200, 1, 1.3)]
    [InlineData(5_000, 20, 50)]
    public void ConnectionRatePerSource_TicksAreLate_AdmitsAtTheRate(int rate, int burst, double late) => AssertRate(
        new AdmissionOptions
        {
            ConnectionRate = PerSecond(10_000),
            ConnectionRatePerSource = PerSecond(rate),
            ConnectionBurstPerSource = burst,
            OverLimit = OverLimit.Wait,
        },
        rate,
        burst,
        late);

    [Fact]
    public async Task ConnectionRate_ATickIsLate_SourcesTakeTurns()
    {
        Reload(_shared, MostWaiting);
        _ = Admitted("192.0.2.1");
        Task<AdmissionResult>[] first = [.. Enumerable.Range(0, 20).Select(_ => Admit("192.0.2.1"))];
        Task<AdmissionResult>[] second = [.. Enumerable.Range(0, 20).Select(_ => Admit("192.0.2.2"))];

        Pass(TimeSpan.FromMilliseconds(50));

        foreach (Task<AdmissionResult> client in first[..5].Concat(second[..5]))
            Assert.True((await client.Done()).IsAdmitted);
        Assert.Equal(30, Queue.Length);
    }

    // A process that was stopped for a while would otherwise admit all at once that its rate admits in that time.
    [Fact]
    public void ConnectionRate_ATickIsVeryLate_AdmitsThoseOfATenthOfASecond()
    {
        Reload(_shared, MostWaiting);
        _ = Admitted("192.0.2.1");
        Wait(1_000);

        Pass(TimeSpan.FromSeconds(30));

        Assert.Equal(1_000 - 21, Queue.Length);
        Assert.Equal(TimeSpan.FromMilliseconds(5), Queue.Tick);
    }

    // Time that passes while nobody waits is no time that a tick is late.
    [Fact]
    public void ConnectionRate_ClientsComeAfterAPause_AdmitsTheBurst()
    {
        Reload(_shared, MostWaiting);
        _ = Admitted("192.0.2.1");
        Wait(1);
        Pass(TimeSpan.FromMilliseconds(5));
        Clock.Advance(TimeSpan.FromSeconds(1));

        _ = Admitted("192.0.2.1");
        Wait(10);
        Queue.ServeDue();

        Assert.Equal(10, Queue.Length);
    }

    private static readonly AdmissionOptions _shared =
        new() { ConnectionRate = PerSecond(200), ConnectionBurst = 1, OverLimit = OverLimit.Wait };

    private void AssertRate(AdmissionOptions options, int rate, int burst, double late)
    {
        Reload(options, MostWaiting);
        for (int i = 0; i < burst; i++)
            _ = Admitted("192.0.2.1");
        Wait(MostWaiting);
        TimeSpan passed = TimeSpan.Zero;

        while (passed < TimeSpan.FromSeconds(3))
        {
            TimeSpan time = Queue.Tick + TimeSpan.FromMilliseconds(late);
            passed += time;
            Pass(time);
            Assert.InRange(burst + MostWaiting - Queue.Length, 0, burst + (rate * passed.TotalSeconds) + 1e-6);
        }

        Assert.InRange(MostWaiting - Queue.Length, rate * passed.TotalSeconds * 0.98, double.MaxValue);
    }

    private void Wait(int clients)
    {
        for (int i = 0; i < clients; i++)
            Assert.False(Admit("192.0.2.1").IsCompleted);
    }
}
