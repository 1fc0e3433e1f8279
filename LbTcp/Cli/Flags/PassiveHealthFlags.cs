using System.CommandLine;
using LbTcp.Configuration;

namespace LbTcp.Cli.Flags;

/// <summary>When and for how long real traffic takes a backend out.</summary>
internal sealed class PassiveHealthFlags
{
    private const int MostFailures = 1000;
    private static readonly TimeSpan _shortest = TimeSpan.FromMilliseconds(10);
    private static readonly PassiveHealthOptions _default = new();

    private readonly NumberFlag _fall = new(
        "--passive-fall", _default.Fall, "connections in a row that could not be established take a backend out, half of the backends at most; 0 is never",
        0, MostFailures);

    private readonly DurationFlag _ejectionTime = new(
        "--ejection-time", _default.EjectionTime, "for how long, unless a check succeeds before; twice as long the second time, and so on", _shortest);

    private readonly DurationFlag _maxEjectionTime = new(
        "--max-ejection-time", _default.MaxEjectionTime, "the longest that it may become", _shortest);

    /// <summary>The flags for the help page.</summary>
    public FlagGroup Group => new("Health from real traffic", [_fall, _ejectionTime, _maxEjectionTime]);

    /// <summary>What the operator asked for.</summary>
    /// <exception cref="OperatorException">The longest ejection is shorter than the first.</exception>
    public PassiveHealthOptions Read(ParseResult parsed)
    {
        TimeSpan first = parsed.GetValue(_ejectionTime);
        TimeSpan longest = parsed.GetValue(_maxEjectionTime);
        if (longest < first)
        {
            throw new OperatorException(ExitCode.Usage,
                $"{_maxEjectionTime.Name} is {Duration.Format(longest)}, which is shorter than {_ejectionTime.Name}, {Duration.Format(first)}.");
        }

        return new PassiveHealthOptions { Fall = parsed.GetValue(_fall), EjectionTime = first, MaxEjectionTime = longest };
    }
}
