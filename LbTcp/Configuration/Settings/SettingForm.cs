using System.Diagnostics.CodeAnalysis;

namespace LbTcp.Configuration.Settings;

/// <summary>
/// How the value of a setting is written, on the command line as well as in the options of a backend: read, checked and formatted.
/// </summary>
/// <typeparam name="T">The type of the value.</typeparam>
/// <param name="placeholder">Stands for a value on the help page: <c>TIME</c>, <c>on|off</c>.</param>
/// <param name="range">The accepted values, as the end of a sentence with "is not": "a whole number from 1 to 1000".</param>
/// <param name="zero">The effect of 0 where it is special, as a verb phrase: "disables queueing"; otherwise null.</param>
internal abstract class SettingForm<T>(string placeholder, string range, string? zero = null)
{
    /// <summary>Stands for a value on the help page.</summary>
    public string Placeholder { get; } = placeholder;

    /// <summary>The accepted values, as the end of a sentence with "is not".</summary>
    public string Range { get; } = range;

    /// <summary>The effect of 0 where it is special, as a verb phrase; otherwise null.</summary>
    public string? Zero { get; } = zero;

    /// <summary>What the values look like.</summary>
    public virtual ValueShape Shape => ValueShape.Text;

    /// <summary>Reads a value.</summary>
    /// <param name="text">The text, which comes from outside.</param>
    /// <param name="value">The value if the text is one and is accepted.</param>
    /// <param name="problem">Otherwise what is wrong.</param>
    public abstract bool TryParse(string text, [MaybeNullWhen(false)] out T value, [NotNullWhen(false)] out ValueProblem? problem);

    /// <summary>Formats an accepted value as <see cref="TryParse"/> reads it.</summary>
    public abstract string Format(T value);
}
