using System.Globalization;

namespace LbTcp.Configuration;

/// <summary>Which ended connections are logged. One that did not complete is logged unless nothing is.</summary>
/// <param name="Period">One of so many connections that completed is logged, selected by its id; 0 for none.</param>
/// <param name="Incomplete">Whether connections that did not end with <c>completed</c> are logged.</param>
internal readonly record struct AccessLog(int Period, bool Incomplete)
{
    private const string SamplePrefix = "sample=1/";

    private static readonly (string Word, AccessLog Value)[] _words =
        [("on", new(1, true)), ("off", new(0, false)), ("errors", new(0, true))];

    /// <summary>All connections.</summary>
    public static AccessLog On => _words[0].Value;

    /// <summary>No connection.</summary>
    public static AccessLog Off => _words[1].Value;

    /// <summary>Connections that did not complete.</summary>
    public static AccessLog Errors => _words[2].Value;

    /// <summary>The words that stand for a value.</summary>
    public static IReadOnlyList<string> Words { get; } = [.. _words.Select(word => word.Word)];

    /// <summary>A regular expression that every other text matches.</summary>
    public static string SamplePattern => $"^{SamplePrefix}[1-9][0-9]*$";

    /// <summary>Connections that did not complete, and one of <paramref name="period"/> that did.</summary>
    public static AccessLog Sample(int period) => new(period, true);

    /// <summary>Reads <c>on</c>, <c>off</c>, <c>errors</c> or <c>sample=1/100</c>.</summary>
    public static bool TryParse(string text, out AccessLog value)
    {
        (string? word, value) = Array.Find(_words, choice => choice.Word == text);
        if (word is not null)
            return true;
        if (!text.StartsWith(SamplePrefix, StringComparison.Ordinal)
            || !int.TryParse(text.AsSpan(SamplePrefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int period)
            || period == 0)
            return false;
        value = Sample(period);
        return true;
    }

    /// <summary>Whether a connection is logged.</summary>
    /// <param name="id">Its number.</param>
    /// <param name="isCompleted">Whether it ended with <c>completed</c>.</param>
    public bool Includes(long id, bool isCompleted) => isCompleted ? Period > 0 && id % Period == 0 : Incomplete;

    /// <summary>Formats the value as <see cref="TryParse"/> reads it.</summary>
    public override string ToString()
    {
        AccessLog value = this;
        return Array.Find(_words, choice => choice.Value == value).Word
            ?? string.Create(CultureInfo.InvariantCulture, $"{SamplePrefix}{Period}");
    }
}
