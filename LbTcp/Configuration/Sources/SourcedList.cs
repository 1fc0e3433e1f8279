using LbTcp.Configuration.Settings;

namespace LbTcp.Configuration.Sources;

/// <summary>The accepted values of a list, and where it was written.</summary>
/// <typeparam name="T">The type of one value.</typeparam>
/// <param name="Origin">Where the list was written.</param>
/// <param name="Values">The values that are accepted; empty if none is.</param>
/// <param name="IsComplete">Whether all values that were written are accepted.</param>
internal sealed record SourcedList<T>(Origin Origin, IReadOnlyList<Sourced<T>> Values, bool IsComplete);

/// <summary>Reads lists, and reports what is wrong with any of their values.</summary>
internal static class SourcedList
{
    /// <summary>Reads the values of a list from their texts.</summary>
    public static SourcedList<T> Parse<T>(
        ListSetting<T> setting, Origin origin, IReadOnlyList<Sourced<string>> texts, ICollection<ConfigurationError> errors)
    {
        List<Sourced<T>> values = [];
        foreach (Sourced<string> text in texts)
        {
            if (setting.Form.TryParse(text.Value, out T? value, out ValueProblem? problem))
                values.Add(new(value, text.Origin));
            else
                errors.Add(text.Origin.Refuse(problem));
        }

        return Unique(setting, origin, values, texts.Count, errors);
    }

    /// <summary>Leaves out repeated values.</summary>
    /// <param name="setting">The setting.</param>
    /// <param name="origin">Where the list was written.</param>
    /// <param name="values">The values that are accepted by themselves.</param>
    /// <param name="written">The number of values that were written.</param>
    /// <param name="errors">Receives an error for each repeated value.</param>
    public static SourcedList<T> Unique<T>(
        ListSetting<T> setting, Origin origin, IEnumerable<Sourced<T>> values, int written, ICollection<ConfigurationError> errors)
    {
        var unique = new UniqueIdentities();
        List<Sourced<T>> distinct = [];
        foreach (Sourced<T> value in values)
        {
            if (unique.Add(setting.IdentitiesOf(value.Value), distinct.Count) is { } duplicate)
                errors.Add(value.Origin.Refuse(ValueProblem.Of($"{duplicate.Identity} is given twice.")));
            else
                distinct.Add(value);
        }

        return new(origin, distinct, distinct.Count == written);
    }
}
