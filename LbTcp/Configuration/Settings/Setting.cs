namespace LbTcp.Configuration.Settings;

/// <summary>A setting of the program, of a service or of a backend: everything that help, errors and documentation say about it.</summary>
/// <param name="name">The name in snake_case; the flag has dashes instead.</param>
/// <param name="description">What it sets, as a noun phrase with unit or counting rule, for the help page.</param>
internal abstract class Setting(string name, string description)
{
    /// <summary>The name in snake_case.</summary>
    public string Name { get; } = name;

    /// <summary>The flag, the name with dashes: <c>--check-interval</c> for <c>check_interval</c>.</summary>
    public string Flag { get; } = $"--{name.Replace('_', '-')}";

    /// <summary>The environment variable: <c>LBTCP_CHECK_INTERVAL</c> for <c>check_interval</c>.</summary>
    public string Variable { get; } = $"LBTCP_{name.ToUpperInvariant()}";

    /// <summary>What it sets, as a noun phrase; includes the effect of 0 where 0 is special.</summary>
    public string Description { get; } = description;

    /// <summary>Whether there may be many values. Where they are one text, they are separated by blanks.</summary>
    public virtual bool IsList => false;

    /// <summary>Stands for a value on the help page.</summary>
    public abstract string Placeholder { get; }

    /// <summary>The accepted values, as the end of a sentence with "is not".</summary>
    public abstract string Range { get; }

    /// <summary>What a value looks like, one value where there may be many.</summary>
    public abstract ValueShape Shape { get; }

    /// <summary>The default as it would be written, or what applies without a value; empty if there is no default.</summary>
    public abstract string DefaultText { get; }

    /// <summary>A value that an operator might write, other than the default, for documentation.</summary>
    public string Example { get; init; } = "";

    /// <summary>Says what is wrong with the text of a value, of one value where there may be many; null if it is accepted.</summary>
    public abstract ValueProblem? FindProblem(string text);
}

/// <summary>A setting with one value.</summary>
/// <typeparam name="T">The type of the value.</typeparam>
/// <param name="name">The name in snake_case.</param>
/// <param name="form">How the value is written, and its range.</param>
/// <param name="default">The value unless one is given.</param>
/// <param name="description">What it sets, as a noun phrase; the effect of 0 is added from the form.</param>
internal sealed class Setting<T>(string name, SettingForm<T> form, T @default, string description)
    : Setting(name, form.Zero is null ? description : $"{description}; 0 {form.Zero}")
{
    /// <summary>How the value is written, and its range.</summary>
    public SettingForm<T> Form { get; } = form;

    /// <summary>The value unless one is given.</summary>
    public T Default { get; } = @default;

    /// <inheritdoc/>
    public override string Placeholder => Form.Placeholder;

    /// <inheritdoc/>
    public override string Range => Form.Range;

    /// <inheritdoc/>
    public override ValueShape Shape => Form.Shape;

    /// <inheritdoc/>
    public override string DefaultText => Form.Format(Default);

    /// <inheritdoc/>
    public override ValueProblem? FindProblem(string text) => Form.TryParse(text, out _, out ValueProblem? problem) ? null : problem;

    /// <summary>Formats the setting with a value as <c>name=value</c>.</summary>
    public string Assign(T value) => $"{Name}={Form.Format(value)}";
}
