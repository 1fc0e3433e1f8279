using System.Net;
using System.Runtime.CompilerServices;
using LbTcp.Backends;
using LbTcp.Configuration;
using LbTcp.Health;

namespace LbTcp.Hosting.Operations;

/// <summary>
/// The journals of the backends of one service. Notes what changes of the pool and of its health bring; what an operator changes is noted
/// with its requester by the one who makes the change. A journal lives as long as its backend, so one that is removed and returns continues
/// its journal. Safe for use by any number of threads.
/// </summary>
internal sealed class BackendJournals
{
    private const string OverrideEnded = "the configured weight changed, which ends that of the operator";

    private readonly ConditionalWeakTable<Backend, BackendJournal> _known = [];
    private readonly TimeProvider _timeProvider;

    /// <summary>Begins a journal for each backend, and follows changes from now on.</summary>
    /// <param name="pool">The backends.</param>
    /// <param name="health">Their health.</param>
    /// <param name="trigger">What adds the service: the start of the process, or a reload.</param>
    /// <param name="timeProvider">The clock.</param>
    public BackendJournals(BackendPool pool, PoolHealth health, TransitionTrigger trigger, TimeProvider timeProvider)
    {
        _timeProvider = timeProvider;
        pool.Changed += Follow;
        health.Flipped += Follow;
        foreach (Backend backend in pool.GetAllBackends())
            Of(backend).Added(New("added", AddressOf(backend), trigger));
    }

    /// <summary>Returns the journal of <paramref name="backend"/>.</summary>
    public BackendJournal Of(Backend backend) => _known.GetValue(backend, _ => new BackendJournal());

    /// <summary>Notes that an operator has set the intent.</summary>
    public void IntentSet(Backend backend, BackendIntent was, Requester requester) => Of(backend).IntentChanged(
        New(HealthWords.Of(backend.Intent), $"set by {requester.Name} from {requester.From}, was {HealthWords.Of(was)}",
            TransitionTrigger.Admin));

    /// <summary>Notes that an operator has set the weight, or has ended that.</summary>
    public void WeightSet(Backend backend, int was, Requester requester) => Of(backend).WeightChanged(
        New($"weight {backend.Weight}", $"set by {requester.Name} from {requester.From}, was {was}", TransitionTrigger.Admin));

    private void Follow(HealthFlip flip) => Of(flip.Record.Backend).HealthChanged(
        New(HealthWords.StateOf(flip), HealthWords.ReasonOf(flip), HealthWords.TriggerOf(flip)), isFlip: !flip.IsConfirmation);

    private void Follow(PoolChange change)
    {
        TransitionTrigger trigger = change.IsDiscovered ? TransitionTrigger.Dns : TransitionTrigger.Reload;
        foreach (Backend backend in change.Added)
            Of(backend).Added(New("added", AddressOf(backend), trigger));
        foreach (Backend backend in change.Removed)
            Of(backend).Add(New("removed", $"{backend.OpenConnections} connections open", trigger));
        foreach (OptionsChange options in change.Changed)
            Note(options, trigger);
        foreach (Backend backend in change.OverrideEnded)
            Of(backend).WeightChanged(New($"weight {backend.Options.Weight}", OverrideEnded, trigger));
        foreach (Backend backend in change.IsMarked ? change.Flipped : [])
            Of(backend).HealthChanged(New(HealthWords.Of(backend.IsHealthy), "set from outside", TransitionTrigger.Admin), isFlip: true);
    }

    private void Note(OptionsChange change, TransitionTrigger trigger)
    {
        BackendJournal journal = Of(change.Backend);
        if (change.Old.Resolved != change.New.Resolved)
            journal.Add(New("addresses changed", AddressOf(change.Backend), trigger));
        foreach (SettingChange setting in BackendDifference.Between(change.Old, change.New))
            journal.Add(New($"{setting.Name} {setting.New}", $"was {setting.Old}", trigger));
    }

    private Transition New(string state, string reason, TransitionTrigger trigger) =>
        new(_timeProvider.GetUtcNow(), state, reason, trigger);

    private static string AddressOf(Backend backend) =>
        backend.EndPoints.Length == 0 ? $"{backend.Address.HostAndPort}, no answer yet" : string.Join<EndPoint>(' ', backend.EndPoints);
}
