using System.Diagnostics.CodeAnalysis;

namespace LbTcp.Configuration.Settings;

/// <summary>Connects a setting with the property of an options record that holds its value.</summary>
/// <typeparam name="TOptions">The options record.</typeparam>
/// <param name="setting">The setting.</param>
internal abstract class SettingBinding<TOptions>(Setting setting)
    where TOptions : class
{
    /// <summary>The setting.</summary>
    public Setting Setting { get; } = setting;

    /// <summary>Reads a value into options.</summary>
    /// <param name="options">The options so far.</param>
    /// <param name="text">The text of the value.</param>
    /// <param name="applied">The options with the value, if it is accepted.</param>
    /// <param name="problem">Otherwise what is wrong with it.</param>
    public abstract bool TryApply(
        TOptions options, string text, [NotNullWhen(true)] out TOptions? applied, [NotNullWhen(false)] out ValueProblem? problem);

    /// <summary>Formats the value that options hold as an operator writes it; null if they hold none.</summary>
    public abstract string? Format(TOptions options);
}

/// <summary>The binding of a setting with one value.</summary>
/// <typeparam name="TOptions">The options record.</typeparam>
/// <typeparam name="T">The type of the value.</typeparam>
/// <param name="setting">The setting.</param>
/// <param name="get">Returns the value that options hold.</param>
/// <param name="set">Returns options with another value.</param>
internal sealed class SettingBinding<TOptions, T>(Setting<T> setting, Func<TOptions, T> get, Func<TOptions, T, TOptions> set)
    : SettingBinding<TOptions>(setting)
    where TOptions : class
{
    /// <inheritdoc/>
    public override bool TryApply(
        TOptions options, string text, [NotNullWhen(true)] out TOptions? applied, [NotNullWhen(false)] out ValueProblem? problem)
    {
        applied = setting.Form.TryParse(text, out T? value, out problem) ? set(options, value) : null;
        return applied is not null;
    }

    /// <inheritdoc/>
    public override string? Format(TOptions options) => get(options) is { } value ? setting.Form.Format(value) : null;
}
