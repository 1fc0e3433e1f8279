using System.Globalization;
using LbTcp.Backends;
using LbTcp.Cli.Terminals;
using LbTcp.Diagnostics;
using LbTcp.Hosting.Operations;

namespace LbTcp.Cli.Operate.Views;

/// <summary>The words for the state of a backend.</summary>
internal static class BackendText
{
    /// <summary>Stands for a value that there is not.</summary>
    public const string None = "-";

    /// <summary>Health, intent unless it is ready, and whether it is a backup: <c>healthy, drain</c>.</summary>
    public static Cell State(BackendStatus backend)
    {
        string health = backend.Health.ToString().ToLowerInvariant();
        string intent = backend.Intent is BackendIntent.Ready ? "" : $", {backend.Intent.ToString().ToLowerInvariant()}";
        return new Cell($"{health}{intent}{(backend.Backup ? ", backup" : "")}", ToneOf(backend));
    }

    /// <summary>The weight, with the configured one if it is overridden, or with that of a slow start.</summary>
    public static string Weight(BackendStatus backend)
    {
        int weight = backend.WeightOverride ?? backend.Weight;
        string text = backend.Available && backend.EffectiveWeight < weight
            ? string.Create(CultureInfo.InvariantCulture, $"{backend.EffectiveWeight:0.#} of {weight}")
            : weight.ToString(CultureInfo.InvariantCulture);
        return backend.WeightOverride is null ? text : string.Create(CultureInfo.InvariantCulture, $"{text} (file: {backend.Weight})");
    }

    /// <summary>The number of open connections, with the limit if there is one.</summary>
    public static string Open(BackendStatus backend) => backend.MaxConnections is { } limit
        ? string.Create(CultureInfo.InvariantCulture, $"{backend.Traffic.Open}/{limit}")
        : backend.Traffic.Open.ToString(CultureInfo.InvariantCulture);

    /// <summary>The median of the time to connect.</summary>
    public static string Connect(BackendStatus backend) => backend.Traffic.ConnectP50 is { } time ? DurationText.Of(time) : None;

    /// <summary>The last check: <c>200 in 1.2ms</c>, or <c>connection refused, 3 in a row</c>.</summary>
    public static string LastCheck(BackendStatus backend) => backend.LastCheck switch
    {
        null => None,
        { Outcome: CheckOutcome.Failure } check => string.Create(
            CultureInfo.InvariantCulture, $"{check.Detail}, {backend.ChecksInRow} in a row"),
        var check => Check(check),
    };

    /// <summary>The result of one check with its duration.</summary>
    public static string Check(CheckStatus check) => check.Outcome switch
    {
        CheckOutcome.Success => $"{(check.Detail.Length == 0 ? "succeeded" : check.Detail)} in {DurationText.Of(check.Duration)}",
        CheckOutcome.Failure => $"{check.Detail} after {DurationText.Of(check.Duration)}",
        _ => $"{check.Detail} on this machine, no evidence",
    };

    /// <summary>Why it is not available; empty if it is, and where its state or its last check say it already.</summary>
    public static string Reason(BackendStatus backend)
    {
        bool isSaid = backend.Available || backend.Intent is not BackendIntent.Ready
            || backend is { Health: HealthState.Unhealthy, LastCheck.Outcome: CheckOutcome.Failure }
            || (backend is { Backup: true, Health: HealthState.Healthy or HealthState.Unchecked }
                && !(backend.Traffic.Open >= backend.MaxConnections));
        return isSaid ? "" : backend.Reason;
    }

    private static Tone ToneOf(BackendStatus backend) => backend.Health switch
    {
        _ when backend.Intent is not BackendIntent.Ready => Tone.Notice,
        HealthState.Unhealthy or HealthState.Ejected or HealthState.Unresolved => Tone.Bad,
        HealthState.Healthy when backend.Available || backend.Backup => Tone.Good,
        _ when backend.Available || backend.Backup => Tone.Plain,
        _ => Tone.Notice,
    };
}
