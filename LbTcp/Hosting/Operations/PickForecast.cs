namespace LbTcp.Hosting.Operations;

/// <summary>Where a new connection of a client would go now.</summary>
/// <param name="Service">The service.</param>
/// <param name="Backend">The backend; null if the client is refused, if no backend is available, or if it depends on chance.</param>
/// <param name="Reasons">Why, in sentences.</param>
/// <param name="Access">Whether the client is admitted at all.</param>
/// <param name="Shares">The available backends with their shares of new connections for these server names, the largest first.</param>
internal sealed record PickForecast(
    string Service, string? Backend, IReadOnlyList<string> Reasons, AccessStatus Access, IReadOnlyList<BackendShare> Shares)
{
    /// <summary>The server names of the connections that it is for; none for connections without one, and for all others.</summary>
    public IReadOnlyList<string> ServerNames { get; init; } = [];
}

/// <summary>The share of new connections that a backend is meant to get.</summary>
/// <param name="Backend">The name of the backend.</param>
/// <param name="Share">0 to 1.</param>
internal sealed record BackendShare(string Backend, double Share);
