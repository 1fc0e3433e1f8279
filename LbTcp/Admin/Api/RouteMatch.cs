using Microsoft.AspNetCore.Http;

namespace LbTcp.Admin.Api;

/// <summary>What was found for a request.</summary>
/// <param name="Route">The route; null if none fits.</param>
/// <param name="Values">The values in the path, by their names.</param>
/// <param name="Allowed">The methods that the path has; empty if there is no such path.</param>
internal sealed record RouteMatch(Route? Route, IReadOnlyDictionary<string, string> Values, IReadOnlyList<string> Allowed)
{
    /// <summary>Why there is no route.</summary>
    /// <param name="method">The requested method.</param>
    /// <param name="path">The requested path, escaped.</param>
    public RequestException Refusal(string method, string path) => Allowed.Count == 0
        ? new RequestException(StatusCodes.Status404NotFound, $"There is no {path}; /api/v1/openapi.json describes what there is.")
        : new RequestException(
            StatusCodes.Status405MethodNotAllowed, $"{path} does not take {method}, but {string.Join(" and ", Allowed)}.");
}
