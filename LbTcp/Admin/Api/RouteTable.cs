namespace LbTcp.Admin.Api;

/// <summary>Finds the route of a request.</summary>
/// <param name="routes">All routes. A segment that is a word takes precedence over one that is a value.</param>
internal sealed class RouteTable(IReadOnlyList<Route> routes)
{
    private static readonly Dictionary<string, string> _noValues = [];

    /// <summary>All routes.</summary>
    public IReadOnlyList<Route> All { get; } = [.. routes.OrderBy(route => route.Segments.Count(IsValue))];

    /// <summary>Finds a route.</summary>
    /// <param name="method">The method.</param>
    /// <param name="path">The path as it was sent; a value is decoded by itself, so that it may contain a slash as %2F.</param>
    public RouteMatch Find(string method, string path)
    {
        string[] segments = path.Split('/');
        Route[] candidates = [.. All.Where(route => Fits(route.Segments, segments))];
        Route? found = Array.Find(candidates, route => route.Methods.Contains(method));
        return found is null
            ? new RouteMatch(null, _noValues, [.. candidates.SelectMany(route => route.Methods).Distinct()])
            : new RouteMatch(found, ValuesOf(found.Segments, segments), []);
    }

    private static bool IsValue(string segment) => segment.StartsWith('{');

    private static bool Fits(string[] pattern, string[] segments) =>
        pattern.Length == segments.Length
        && pattern.Zip(segments).All(pair => IsValue(pair.First) ? pair.Second.Length > 0 : pair.First == pair.Second);

    private static Dictionary<string, string> ValuesOf(string[] pattern, string[] segments) =>
        pattern.Zip(segments).Where(pair => IsValue(pair.First))
            .ToDictionary(pair => pair.First.Trim('{', '}'), pair => Uri.UnescapeDataString(pair.Second));
}
