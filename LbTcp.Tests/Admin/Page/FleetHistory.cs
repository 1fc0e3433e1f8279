using LbTcp.Hosting.Operations;

namespace LbTcp.Tests.Admin.Page;

/// <summary>Fifteen minutes of a <see cref="Fleet"/>: waves with some noise that end at its numbers of now.</summary>
internal static class FleetHistory
{
    private const int Points = 180;

    public static IReadOnlyList<HistoryPoint>? Of(Fleet fleet, string? service)
    {
        if (service is not null && fleet.ReadServices().All(each => each.Name != service))
            return null;
        TrafficStatus[] now = [.. fleet.ReadServices().Where(each => service is null || each.Name == service).Select(each => each.Traffic)];
        DateTimeOffset end = DateTimeOffset.FromUnixTimeSeconds(DateTimeOffset.UtcNow.ToUnixTimeSeconds() / 5 * 5);
        return [.. Enumerable.Range(0, Points).Select(index => Point(fleet, now, end - TimeSpan.FromSeconds(5 * (Points - 1 - index))))];
    }

    private static HistoryPoint Point(Fleet fleet, TrafficStatus[] now, DateTimeOffset time)
    {
        double seconds = time.ToUnixTimeSeconds();
        double noise = new Random((int)(seconds % 1_000_003) * 7919).NextDouble();
        double wave = 1 + (0.2 * Math.Sin(seconds / 140)) + (0.08 * Math.Sin(seconds / 31)) + (0.05 * noise);
        bool isRecent = time > DateTimeOffset.UtcNow - TimeSpan.FromMinutes(1);
        double level = isRecent ? wave : wave / fleet.Level;
        return new HistoryPoint(
            time,
            now.Sum(each => each.ConnectionsPerSecond) * level,
            (int)(now.Sum(each => each.Open) * level),
            now.Sum(each => each.BytesInPerSecond) * level,
            now.Sum(each => each.BytesOutPerSecond) * level * (0.9 + (0.2 * noise)),
            isRecent ? now.Sum(each => each.FailuresPerSecond) * (0.6 + (0.6 * noise)) : 0,
            TimeSpan.FromMilliseconds(0.42 * wave),
            TimeSpan.FromMilliseconds(1.8 * wave * (0.8 + (0.6 * noise))));
    }
}
