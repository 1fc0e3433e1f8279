using System.Diagnostics.CodeAnalysis;

namespace LbTcp.Configuration.Settings;

/// <summary>The binding of a setting that a part of the options holds.</summary>
/// <typeparam name="TOptions">The options record.</typeparam>
/// <typeparam name="TPart">The record that is a part of it.</typeparam>
/// <param name="binding">The binding to the part.</param>
/// <param name="get">Returns the part.</param>
/// <param name="set">Returns options with another part.</param>
internal sealed class NestedBinding<TOptions, TPart>(
    SettingBinding<TPart> binding, Func<TOptions, TPart> get, Func<TOptions, TPart, TOptions> set)
    : SettingBinding<TOptions>(binding.Setting)
    where TOptions : class
    where TPart : class
{
    /// <inheritdoc/>
    public override bool TryApply(
        TOptions options, string text, [NotNullWhen(true)] out TOptions? applied, [NotNullWhen(false)] out ValueProblem? problem)
    {
        applied = binding.TryApply(get(options), text, out TPart? part, out problem) ? set(options, part) : null;
        return applied is not null;
    }

    /// <inheritdoc/>
    public override string? Format(TOptions options) => binding.Format(get(options));
}
