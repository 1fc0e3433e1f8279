using System.CommandLine;
using LbTcp.Configuration;

namespace LbTcp.Cli.Flags;

/// <summary>A flag whose value is a <see cref="Duration"/>.</summary>
internal sealed class DurationFlag : Option<TimeSpan>, IFlag
{
    /// <summary>The longest duration that any flag takes; timers of the framework end at 49 days.</summary>
    private static readonly TimeSpan _longest = TimeSpan.FromDays(30);

    /// <summary>Declares the flag.</summary>
    /// <param name="name">The name with its dashes.</param>
    /// <param name="default">The value when the flag is not given.</param>
    /// <param name="description">What it sets, for the help page; the default is added.</param>
    /// <param name="shortest">The shortest duration, above zero.</param>
    /// <param name="longest">The longest duration; 30 days when null.</param>
    /// <param name="zero">What 0 means, or null when 0 is refused.</param>
    public DurationFlag(
        string name, TimeSpan @default, string description, TimeSpan shortest, TimeSpan? longest = null, string? zero = null)
        : base(name)
    {
        TimeSpan most = longest ?? _longest;
        HelpName = "TIME";
        Arity = ArgumentArity.ExactlyOne;
        Description = $"{description}{(zero is null ? "" : $"; 0 {zero}")} [{Duration.Format(@default)}]";
        DefaultValueFactory = _ => @default;
        CustomParser = result =>
        {
            string text = result.Tokens[0].Value;
            if (!Duration.TryParse(text, out TimeSpan duration, out string? problem))
                result.AddError($"{name}: {problem}");
            else if (duration == TimeSpan.Zero && zero is null)
                result.AddError($"{name} cannot be 0; the shortest is {Duration.Format(shortest)}.");
            else if (duration != TimeSpan.Zero && (duration < shortest || duration > most))
                result.AddError($"{name} is {text}, which is not between {Duration.Format(shortest)} and {Duration.Format(most)}.");
            return duration;
        };
    }

    /// <inheritdoc/>
    public string? Show(ParseResult parsed) => Duration.Format(parsed.GetValue(this));
}
