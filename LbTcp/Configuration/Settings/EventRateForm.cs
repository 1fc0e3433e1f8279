using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace LbTcp.Configuration.Settings;

/// <summary>A number of events per second, minute or hour: <c>20/s</c>, <c>300/m</c>.</summary>
internal sealed class EventRateForm() : SettingForm<EventRate>("RATE", "a rate from 1/h to 1000000/s such as 20/s, 300/m or 1000/h")
{
    private const int Most = 1_000_000;

    /// <inheritdoc/>
    public override ValueShape Shape => new(Pattern: "^[1-9][0-9]{0,6}/[smh]$");

    /// <inheritdoc/>
    public override bool TryParse(string text, out EventRate value, [NotNullWhen(false)] out ValueProblem? problem)
    {
        int slash = text.IndexOf('/', StringComparison.Ordinal);
        TimeSpan? period = slash < 0 ? null : text[(slash + 1)..] switch
        {
            "s" => TimeSpan.FromSeconds(1),
            "m" => TimeSpan.FromMinutes(1),
            "h" => TimeSpan.FromHours(1),
            _ => null,
        };
        int count = 0;
        bool isAccepted = period is not null && text[0] != '0'
            && int.TryParse(text.AsSpan(0, slash), NumberStyles.None, CultureInfo.InvariantCulture, out count) && count is >= 1 and <= Most;
        value = isAccepted ? new EventRate(count, period!.Value) : default;
        problem = isAccepted ? null : ValueProblem.OutOfRange(Quoted.Text(text), Range);
        return problem is null;
    }

    /// <inheritdoc/>
    public override string Format(EventRate value) =>
        string.Create(CultureInfo.InvariantCulture, $"{value.Count}/{(value.Period.TotalSeconds, value.Period.TotalMinutes) switch
        {
            (1, _) => "s",
            (_, 1) => "m",
            _ => "h",
        }}");
}
