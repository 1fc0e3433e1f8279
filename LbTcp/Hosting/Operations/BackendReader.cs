using LbTcp.Backends;
using LbTcp.Configuration;
using LbTcp.Health;

namespace LbTcp.Hosting.Operations;

/// <summary>Reads the state of the backends of one service, all as of one moment.</summary>
internal sealed class BackendReader
{
    private readonly ServiceParts _parts;
    private readonly ServiceOptions _options;
    private readonly RouteShares _shares;
    private readonly DateTimeOffset _now;

    /// <summary>Takes a snapshot of a service.</summary>
    public BackendReader(ServiceParts parts, TimeProvider timeProvider)
    {
        _parts = parts;
        _options = parts.Options.All.Value;
        _shares = new RouteShares(parts.Routes, _options.Algorithm);
        _now = timeProvider.GetUtcNow();
    }

    /// <summary>The facts about each backend, in the order of the configuration.</summary>
    public IReadOnlyList<BackendFacts> ReadFacts() => [.. _parts.Pool.GetAllBackends().Select(FactsOf)];

    /// <summary>The number of backends that a new connection may go to.</summary>
    public int CountAvailable() => _shares.Backends.Count(backend => !backend.IsFull);

    /// <summary>Reads the state of a backend.</summary>
    public BackendStatus Read(BackendFacts facts, TrafficStatus traffic)
    {
        Backend backend = facts.Backend;
        return new BackendStatus
        {
            Service = _parts.Name,
            Name = backend.Name,
            Address = backend.Address.HostAndPort,
            Health = facts.Health,
            Intent = backend.Intent,
            Available = facts.IsAvailable,
            Reason = StateReason.Of(facts),
            Since = facts.Journal.Since,
            Weight = backend.Options.Weight,
            WeightOverride = backend.WeightOverride,
            EffectiveWeight = facts.Shares.WeightOf(backend),
            Share = facts.Shares.ShareOf(backend),
            Backup = backend.Options.IsBackup,
            ServerNames = backend.Options.ServerNames?.All ?? [],
            MaxConnections = backend.MaxConnections > 0 ? backend.MaxConnections : null,
            Traffic = traffic,
            LastCheck = facts.Record.History?.Last is { } last ? Convert(last) : null,
            ChecksInRow = facts.Record.History?.InRow ?? 0,
        };
    }

    /// <summary>Reads the state of a backend with its history.</summary>
    public BackendDetail ReadDetail(BackendFacts facts, BackendLoad traffic)
    {
        BackendStatus status = Read(facts, traffic.Status);
        return new BackendDetail
        {
            Service = status.Service,
            Name = status.Name,
            Address = status.Address,
            Health = status.Health,
            Intent = status.Intent,
            Available = status.Available,
            Reason = status.Reason,
            Since = status.Since,
            Weight = status.Weight,
            WeightOverride = status.WeightOverride,
            EffectiveWeight = status.EffectiveWeight,
            Share = status.Share,
            Backup = status.Backup,
            ServerNames = status.ServerNames,
            MaxConnections = status.MaxConnections,
            Traffic = status.Traffic,
            LastCheck = status.LastCheck,
            ChecksInRow = status.ChecksInRow,
            Addresses = [.. facts.Backend.EndPoints.Select(endPoint => $"{endPoint}")],
            Checks = [.. (facts.Record.History?.Latest ?? []).Select(Convert)],
            Transitions = facts.Journal.Latest,
            NextCheck = _parts.Checker.TimeToCheck(facts.Backend),
            Next = NextSteps.Of(facts),
            ShareReasons = ShareReasons.Of(facts),
            OldestConnection = traffic.OldestConnection,
            LongestIdle = traffic.LongestIdle,
            Completed = traffic.Completed,
        };
    }

    /// <summary>The facts about one backend.</summary>
    public BackendFacts FactsOf(Backend backend) => FactsOf(backend, _shares.Of(backend));

    /// <summary>The facts about one backend in the group whose shares are given.</summary>
    public BackendFacts FactsOf(Backend backend, PickShares shares) => new(
        backend, _parts.Health.RecordOf(backend), _parts.Journals.Of(backend), shares, _options, _now);

    private static CheckStatus Convert(CheckRecord check) => new(
        check.Time,
        check.Outcome switch
        {
            ProbeOutcome.Healthy => CheckOutcome.Success,
            ProbeOutcome.Unhealthy => CheckOutcome.Failure,
            ProbeOutcome.Inconclusive or ProbeOutcome.Unanswered => CheckOutcome.Inconclusive,
            _ => throw new InvalidOperationException($"Unknown outcome {check.Outcome}."),
        },
        check.Duration,
        check.Detail);
}
