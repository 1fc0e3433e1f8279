using System.Diagnostics.CodeAnalysis;

namespace LbTcp.Configuration.Settings;

/// <summary>A setting with any number of values.</summary>
/// <typeparam name="T">The type of one value.</typeparam>
/// <param name="name">The name in snake_case.</param>
/// <param name="form">How one value is written.</param>
/// <param name="default">The values unless some are given.</param>
/// <param name="description">What it sets, as a noun phrase.</param>
/// <param name="identities">What no two values may have in common; nothing for a value that may be repeated.</param>
internal sealed class ListSetting<T>(
    string name, SettingForm<T> form, IReadOnlyList<T> @default, string description, Func<T, IReadOnlyList<string>> identities)
    : Setting(name, description)
{
    /// <summary>The values unless some are given.</summary>
    public IReadOnlyList<T> Default { get; } = @default;

    /// <inheritdoc/>
    public override string Placeholder => form.Placeholder;

    /// <inheritdoc/>
    public override string DefaultText => string.Join(' ', Default.Select(form.Format));

    /// <summary>Reads all values.</summary>
    /// <param name="texts">One text for each value.</param>
    /// <param name="values">The values in the same order, if all are accepted and none is repeated.</param>
    /// <param name="problems">Otherwise what is wrong with each that is not.</param>
    public bool TryParse(
        IEnumerable<string> texts, [NotNullWhen(true)] out IReadOnlyList<T>? values, out IReadOnlyList<ValueProblem> problems)
    {
        var accepted = new List<T>();
        var found = new List<ValueProblem>();
        var unique = new UniqueIdentities();
        foreach (string text in texts)
        {
            if (!form.TryParse(text, out T? value, out ValueProblem? problem))
                found.Add(problem);
            else if (unique.Add(identities(value), accepted.Count) is { } duplicate)
                found.Add(ValueProblem.Of($"{duplicate.Identity} is given twice."));
            else
                accepted.Add(value);
        }

        values = found.Count == 0 ? accepted : null;
        problems = found;
        return values is not null;
    }
}
