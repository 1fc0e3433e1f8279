using System.Diagnostics.CodeAnalysis;

namespace LbTcp.Configuration.Settings;

/// <summary>The binding of a setting with many values, whose text is a <see cref="ListText"/>.</summary>
/// <typeparam name="TOptions">The options record.</typeparam>
/// <typeparam name="T">The type of one value.</typeparam>
/// <param name="setting">The setting.</param>
/// <param name="get">Returns the values that options hold.</param>
/// <param name="set">Returns options with other values.</param>
internal sealed class ListBinding<TOptions, T>(
    ListSetting<T> setting, Func<TOptions, IReadOnlyList<T>> get, Func<TOptions, IReadOnlyList<T>, TOptions> set)
    : SettingBinding<TOptions>(setting)
    where TOptions : class
{
    /// <inheritdoc/>
    public override bool TryApply(
        TOptions options, string text, [NotNullWhen(true)] out TOptions? applied, [NotNullWhen(false)] out ValueProblem? problem)
    {
        applied = null;
        List<T> values = [];
        foreach (string word in ListText.Split(text))
        {
            if (!setting.Form.TryParse(word, out T? value, out problem))
                return false;
            values.Add(value);
        }

        problem = null;
        applied = set(options, new ValueList<T>(values));
        return true;
    }

    /// <inheritdoc/>
    public override string? Format(TOptions options) =>
        get(options) is { Count: > 0 } values ? string.Join(' ', values.Select(setting.Form.Format)) : null;
}
