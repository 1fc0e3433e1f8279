using System.Diagnostics.CodeAnalysis;

namespace LbTcp.Configuration.Settings;

/// <summary>The form of a setting that may have no value; its absence cannot be written.</summary>
/// <typeparam name="T">The type of the value.</typeparam>
/// <param name="form">The form of the value.</param>
/// <param name="absent">What applies without a value, for the help page.</param>
internal sealed class OptionalForm<T>(SettingForm<T> form, string absent) : SettingForm<T?>(form.Placeholder, form.Range, form.Zero)
    where T : struct
{
    /// <inheritdoc/>
    public override ValueShape Shape => form.Shape;

    /// <inheritdoc/>
    public override bool TryParse(string text, [NotNullWhen(true)] out T? value, [NotNullWhen(false)] out ValueProblem? problem)
    {
        bool isAccepted = form.TryParse(text, out T present, out problem);
        value = isAccepted ? present : null;
        return isAccepted;
    }

    /// <inheritdoc/>
    public override string Format(T? value) => value is { } present ? form.Format(present) : absent;
}

/// <summary>As <see cref="OptionalForm{T}"/>, for a class: the language has no type that is both.</summary>
/// <typeparam name="T">The type of the value.</typeparam>
/// <param name="form">The form of the value.</param>
/// <param name="absent">What applies without a value, for the help page.</param>
internal class OptionalClassForm<T>(SettingForm<T> form, string absent) : SettingForm<T?>(form.Placeholder, form.Range, form.Zero)
    where T : class
{
    /// <inheritdoc/>
    public override ValueShape Shape => form.Shape;

    /// <inheritdoc/>
    public override bool TryParse(string text, [NotNullWhen(true)] out T? value, [NotNullWhen(false)] out ValueProblem? problem) =>
        form.TryParse(text, out value, out problem);

    /// <inheritdoc/>
    public override string Format(T? value) => value is null ? absent : form.Format(value);
}

/// <summary>The form of a text that may be absent.</summary>
/// <param name="form">The form of the text.</param>
/// <param name="absent">What applies without a value, for the help page.</param>
internal sealed class OptionalTextForm(SettingForm<string> form, string absent) : OptionalClassForm<string>(form, absent);
