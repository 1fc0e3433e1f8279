using System.Net;
using LbTcp.Cli.Terminals;
using LbTcp.Configuration;
using LbTcp.Hosting.Operations;

namespace LbTcp.Cli.Operate.Views;

/// <summary>Where a new connection of a client would go now, and why.</summary>
internal static class ForecastExplanation
{
    private const int MostShares = 10;

    /// <summary>Writes a paragraph for each service, and for each of its groups of server names.</summary>
    public static void Write(IReadOnlyList<PickForecast> forecasts, IPAddress client, TextWriter output)
    {
        foreach (PickForecast forecast in forecasts)
        {
            output.WriteLine(SafeText.Escape($"{forecast.Service}: a new connection of {client}{NamesOf(forecast)} {GoalOf(forecast)}."));
            foreach (string reason in forecast.Reasons)
                output.WriteLine(SafeText.Escape($"  why: {reason}"));
            if (forecast.Shares.Count > 1)
                output.WriteLine(SafeText.Escape($"  shares: {SharesOf(forecast.Shares)}"));
        }
    }

    private static string NamesOf(PickForecast forecast) =>
        forecast.ServerNames.Count == 0 ? "" : $" for {string.Join(", ", forecast.ServerNames)}";

    private static string GoalOf(PickForecast forecast) =>
        !forecast.Access.Admitted ? "would be refused"
        : forecast.Backend is not null ? $"would go to {forecast.Backend}"
        : forecast.Shares.Count == 0 ? "would find no available backend"
        : $"would go to one of {Phrases.Count(forecast.Shares.Count, "backend")}";

    private static string SharesOf(IReadOnlyList<BackendShare> shares)
    {
        string first = string.Join(", ", shares.Take(MostShares).Select(share => $"{share.Backend} {HumanText.Percent(share.Share)}"));
        return shares.Count > MostShares ? $"{first} and {shares.Count - MostShares} more" : first;
    }
}
