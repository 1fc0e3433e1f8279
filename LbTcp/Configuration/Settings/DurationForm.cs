using System.Diagnostics.CodeAnalysis;

namespace LbTcp.Configuration.Settings;

/// <summary>A <see cref="Duration"/> within bounds.</summary>
/// <param name="shortest">The shortest accepted duration above 0.</param>
/// <param name="longest">The longest accepted duration.</param>
/// <param name="zero">The effect of 0, as a verb phrase; null if 0 is refused.</param>
internal sealed class DurationForm(TimeSpan shortest, TimeSpan longest, string? zero = null)
    : SettingForm<TimeSpan>("TIME", $"between {Duration.Format(shortest)} and {Duration.Format(longest)}", zero)
{
    /// <summary>The longest duration of any setting; the framework's timers end at 49 days.</summary>
    private static readonly TimeSpan _longest = TimeSpan.FromDays(30);

    /// <summary>A duration of at most 30 days.</summary>
    /// <param name="shortest">The shortest accepted duration above 0.</param>
    /// <param name="zero">The effect of 0, as a verb phrase; null if 0 is refused.</param>
    public DurationForm(TimeSpan shortest, string? zero = null)
        : this(shortest, _longest, zero)
    {
    }

    /// <inheritdoc/>
    public override ValueShape Shape => new(Pattern: Duration.Pattern);

    /// <inheritdoc/>
    public override bool TryParse(string text, out TimeSpan value, [NotNullWhen(false)] out ValueProblem? problem)
    {
        if (!Duration.TryParse(text, out value, out string? complaint))
            problem = ValueProblem.Of(complaint);
        else if (value == TimeSpan.Zero)
            problem = Zero is null ? CannotBeZero() : null;
        else
            problem = value < shortest || value > longest ? ValueProblem.OutOfRange(text, Range) : null;
        return problem is null;
    }

    /// <inheritdoc/>
    public override string Format(TimeSpan value) => Duration.Format(value);

    private ValueProblem CannotBeZero()
    {
        string predicate = $"cannot be 0; the shortest is {Duration.Format(shortest)}.";
        return new ValueProblem($" {predicate}", $"which {predicate}");
    }
}
