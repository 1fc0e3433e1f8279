using System.Globalization;
using LbTcp.Configuration;

namespace LbTcp.Diagnostics;

/// <summary>
/// A line whose values are texts for people: a duration has its unit, and a value that is part of the message is not repeated.
/// </summary>
internal abstract class TextualLogLine : LogLine
{
    public override LogFormat Format => LogFormat.Text;

    public override bool RepeatsMessageValues => false;

    public override void Number(ReadOnlySpan<byte> name, double value) =>
        Text(name, value.ToString("0.###", CultureInfo.InvariantCulture));

    public override void Flag(ReadOnlySpan<byte> name, bool value) => Text(name, value ? "true" : "false");

    public override void Duration(ReadOnlySpan<byte> name, TimeSpan value)
    {
        Span<char> text = stackalloc char[DurationText.LongestResult];
        Text(name, text[..DurationText.Write(value, text)]);
    }

    public override void List(ReadOnlySpan<byte> name, IEnumerable<string> values) => Text(name, string.Join(',', values));
}
