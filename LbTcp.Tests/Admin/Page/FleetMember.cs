using LbTcp.Backends;
using LbTcp.Hosting.Operations;

namespace LbTcp.Tests.Admin.Page;

/// <summary>A backend of a <see cref="Fleet"/>; a test sets what it likes.</summary>
internal sealed class FleetMember(string service, string name, string address, int seed)
{
    private readonly Random _random = new(seed);
    private readonly List<CheckStatus> _checks = [];
    private readonly List<Transition> _transitions = [];

    public string Service { get; } = service;

    public string Name { get; } = name;

    public HealthState Health { get; private set; } = HealthState.Healthy;

    public BackendIntent Intent { get; private set; } = BackendIntent.Ready;

    public string Reason { get; private set; } = "checks succeed";

    public DateTimeOffset Since { get; private set; }

    public int Weight { get; init; } = 1;

    public int? WeightOverride { get; set; }

    public double SlowStart { get; set; } = 1;

    public bool Backup { get; init; }

    public int? MaxConnections { get; init; }

    public int Open { get; set; }

    public double Rate { get; set; }

    public double Failures { get; set; }

    public bool IsAvailable => Health is HealthState.Healthy && Intent is BackendIntent.Ready && (WeightOverride ?? Weight) > 0;

    /// <summary>Sets what it is, since when, and 30 checks up to now.</summary>
    public FleetMember Begin(DateTimeOffset now, TimeSpan age)
    {
        Since = now - age;
        _transitions.Insert(0, new Transition(Since, "healthy", "assumed healthy at the start", TransitionTrigger.Start));
        Open = _random.Next(18, 40);
        Rate = 18 + (_random.NextDouble() * 12);
        for (int index = 29; index >= 0; index--)
            AddCheck(now - TimeSpan.FromSeconds(2 * index), CheckOutcome.Success, "200");
        return this;
    }

    /// <summary>Checks that fail, the last three of them in a row.</summary>
    public void Fail(DateTimeOffset now, string error, TimeSpan duration)
    {
        (Health, Reason, Since) = (HealthState.Unhealthy, $"3 checks failed in a row: {error}", now);
        (Open, Rate) = (0, 0);
        _transitions.Insert(0, new Transition(now, "unhealthy", Reason, TransitionTrigger.Active));
        for (int index = 2; index >= 0; index--)
            AddCheck(now - TimeSpan.FromSeconds(0.5 * index), CheckOutcome.Failure, error, duration);
    }

    public void Set(BackendIntent intent, DateTimeOffset now)
    {
        (Intent, Reason, Since) = (intent, intent is BackendIntent.Ready ? "checks succeed" : "set by an operator", now);
        Rate = intent is BackendIntent.Ready ? 20 : 0;
        _transitions.Insert(0, new Transition(now, intent.ToString().ToLowerInvariant(), "by local", TransitionTrigger.Admin));
    }

    public void AddCheck(DateTimeOffset time, CheckOutcome outcome, string detail, TimeSpan? duration = null)
    {
        double milliseconds = 0.5 + (20 * Math.Pow(_random.NextDouble(), 5));
        _checks.Insert(0, new CheckStatus(time, outcome, duration ?? TimeSpan.FromMilliseconds(milliseconds), detail));
        if (_checks.Count > 30)
            _checks.RemoveAt(30);
    }

    public BackendDetail Read(double share) => new()
    {
        Service = Service,
        Name = Name,
        Address = address,
        Health = Health,
        Intent = Intent,
        Available = IsAvailable,
        Reason = Reason,
        Since = Since,
        Weight = Weight,
        WeightOverride = WeightOverride,
        EffectiveWeight = IsAvailable ? (WeightOverride ?? Weight) * SlowStart : 0,
        Share = share,
        Backup = Backup,
        ServerNames = [],
        MaxConnections = MaxConnections,
        Traffic = ReadTraffic(),
        LastCheck = _checks[0],
        ChecksInRow = _checks.TakeWhile(check => check.Outcome == _checks[0].Outcome).Count(),
        Addresses = [address],
        Checks = [.. _checks],
        Transitions = [.. _transitions],
        NextCheck = TimeSpan.FromSeconds(0.4),
        Next = Health is HealthState.Healthy ? [] : ["The next check is in 0.4s; 2 successes in a row make it healthy."],
        ShareReasons = [$"Its weight is {WeightOverride ?? Weight}."],
        OldestConnection = TimeSpan.FromHours(4),
        LongestIdle = TimeSpan.FromMinutes(12),
        Completed = 90_000,
    };

    private TrafficStatus ReadTraffic() => new()
    {
        Open = Open,
        Total = 91_022,
        Failed = 3,
        BytesIn = 1_000_000_000,
        BytesOut = 7_000_000_000,
        ConnectionsPerSecond = Rate,
        FailuresPerSecond = Failures,
        BytesInPerSecond = Rate * 2600,
        BytesOutPerSecond = Rate * 81_000,
        ConnectP50 = Health is HealthState.Healthy ? TimeSpan.FromMilliseconds(0.3 + (Rate / 100)) : null,
        ConnectP99 = Health is HealthState.Healthy ? TimeSpan.FromMilliseconds(1 + (Rate / 25)) : null,
    };
}
