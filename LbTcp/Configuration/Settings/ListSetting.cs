namespace LbTcp.Configuration.Settings;

/// <summary>A setting with any number of values.</summary>
/// <typeparam name="T">The type of one value.</typeparam>
/// <param name="name">The name in snake_case.</param>
/// <param name="form">How one value is written.</param>
/// <param name="default">The values unless some are given.</param>
/// <param name="description">What it sets, as a noun phrase.</param>
/// <param name="identities">What no two values may have in common; nothing for a value that may be repeated.</param>
/// <param name="absent">What applies without a value, if there is no default; empty for nothing.</param>
internal sealed class ListSetting<T>(
    string name, SettingForm<T> form, IReadOnlyList<T> @default, string description, Func<T, IReadOnlyList<string>> identities,
    string absent = "")
    : Setting(name, description)
{
    /// <summary>The values unless some are given.</summary>
    public IReadOnlyList<T> Default { get; } = new ValueList<T>(@default);

    /// <inheritdoc/>
    public override bool IsList => true;

    /// <inheritdoc/>
    public override string Placeholder => Form.Placeholder;

    /// <inheritdoc/>
    public override string Range => Form.Range;

    /// <inheritdoc/>
    public override ValueShape Shape => Form.Shape;

    /// <inheritdoc/>
    public override string DefaultText => Default.Count == 0 ? absent : string.Join(' ', Default.Select(Form.Format));

    /// <summary>How one value is written.</summary>
    public SettingForm<T> Form { get; } = form;

    /// <summary>What no two values may have in common; nothing for a value that may be repeated.</summary>
    public IReadOnlyList<string> IdentitiesOf(T value) => identities(value);

    /// <inheritdoc/>
    public override ValueProblem? FindProblem(string text) => Form.TryParse(text, out _, out ValueProblem? problem) ? null : problem;
}
