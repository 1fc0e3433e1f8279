using CsCheck;
using LbTcp.Configuration;
using LbTcp.Health;

namespace LbTcp.Tests.Health;

/// <summary>The time from a fault to "down" without traffic, as docs/health.md states it, and which backends are never down.</summary>
public sealed class DetectionTimePropertyTests
{
    private static readonly TimeSpan _shortest = TimeSpan.FromMilliseconds(250);
    private static readonly Gen<TimeSpan> _interval = Gen.Int[10, 500].Select(steps => steps * SimulatedChecks.Step);
    private static readonly Gen<TimeSpan> _timeout = Gen.Int[5, 600].Select(steps => steps * SimulatedChecks.Step);
    private static readonly Gen<HealthCheckOptions> _options = Gen.Select(
        _interval, _timeout, Gen.Int[1, 5], (interval, timeout, fall) => new HealthCheckOptions
        {
            Interval = interval,
            Timeout = timeout,
            Fall = fall,
        });

    [Fact]
    public void Vanishes_RightAfterACheckByDefault_IsDownWithinFourSeconds()
    {
        using var checks = new SimulatedChecks(new HealthCheckOptions());
        checks.AnswerAfter(1);
        checks.Run(TimeSpan.FromSeconds(5));
        checks.RunUntilCheck();
        checks.Clock.Advance(SimulatedChecks.Step);
        checks.VanishNow();

        TimeSpan toDown = checks.RunUntilDown()!.Value;

        Assert.InRange(toDown, TimeSpan.FromSeconds(3.5), TimeSpan.FromSeconds(4));
    }

    // At any moment: while settled, just after a check that traffic has requested, or right after a check.
    [Fact]
    public void Vanishes_AtAnyMoment_IsDownWithinTheFormula() =>
        Gen.Select(_options, Gen.Int[1, 7], Gen.Double[0, 0.05], Gen.Int[0, 999], Gen.Int[0, 999], Gen.Bool).Sample(
            (options, backends, usual, requested, moment, isAfterACheck) =>
            {
                using var checks = new SimulatedChecks(options, backends);
                checks.AnswersAfter = () => options.Timeout * usual;
                checks.Run((options.Interval * 2) + (options.Timeout * usual) + SimulatedChecks.Step);
                checks.Run(options.Interval * (requested / 1000.0));
                checks.Health.RequestProbe();
                checks.Run(options.Interval * (moment / 1000.0));
                if (isAfterACheck)
                    checks.RunUntilCheck();
                checks.VanishNow();

                TimeSpan worst = Worst(options, options.Timeout * usual, checks.Tick);
                Assert.True(checks.RunUntilDown() <= worst, $"worst {worst}");
            },
            iter: 300,
            threads: 1);

    [Fact]
    public void AnswersWithinTenTimesItsUsualTime_IsNeverDown() =>
        Gen.Select(_options, Gen.Double[0, 0.1], Gen.Double[0, 10].Array[1, 50]).Sample(
            (options, usual, factors) =>
            {
                using var checks = new SimulatedChecks(options);
                checks.AnswersAfter = () => options.Timeout * usual * 0.99;
                checks.Run(options.Interval * 2);
                int next = 0;
                checks.AnswersAfter = () => Within(
                    checks.Health.UsualCheckTime.Value!.Value * factors[next++ % factors.Length], options.Timeout);
                checks.Run(options.Interval * 20);

                Assert.True(checks.Backend.IsHealthy);
                Assert.DoesNotContain(checks.History, check => check.Outcome is ProbeOutcome.Unhealthy);
            },
            iter: 200,
            threads: 1);

    // However much longer that is than usual: an answer that comes while the next check runs ends the streak.
    [Fact]
    public void AnswersBeforeTheNextCheckHasFailed_IsNeverDown() =>
        Gen.Select(_options, Gen.Double[0, 1].Array[1, 50]).Sample(
            (options, parts) =>
            {
                options = options with { Fall = Math.Max(3, options.Fall) };
                using var checks = new SimulatedChecks(options);
                checks.Run(options.Interval * 2);
                int next = 0;
                TimeSpan longest = Longer(options.Interval / 4, Shortest(options.Timeout)) + Shortest(options.Timeout);
                checks.AnswersAfter = () => Within(longest * parts[next++ % parts.Length], options.Timeout);
                checks.Run(options.Interval * 20);

                Assert.True(checks.Backend.IsHealthy);
            },
            iter: 200,
            threads: 1);

    // A step for each event that the simulation delays: the end of each probe and its limit, and the moment of the fault.
    private static TimeSpan Worst(HealthCheckOptions options, TimeSpan usual, TimeSpan tick)
    {
        TimeSpan limit = options.Fall == 1 ? options.Timeout : Longer(Shortest(options.Timeout), (usual + SimulatedChecks.Step) * 10);
        limit = limit < options.Timeout ? limit : options.Timeout;
        TimeSpan delay = tick + (2 * SimulatedChecks.Step);
        TimeSpan between = Longer(options.Interval / 4, limit) + delay;
        return Longer(options.Interval, usual) + delay + ((options.Fall - 1) * between) + limit + delay;
    }

    private static TimeSpan Shortest(TimeSpan timeout)
    {
        TimeSpan shortest = Longer(timeout / 4, _shortest);
        return shortest < timeout ? shortest : timeout;
    }

    // Up to a step less than the limit, since the simulation notices an answer up to a step later.
    private static TimeSpan Within(TimeSpan answer, TimeSpan timeout) =>
        Longer(TimeSpan.Zero, (answer < timeout ? answer : timeout) - (2 * SimulatedChecks.Step));

    private static TimeSpan Longer(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
