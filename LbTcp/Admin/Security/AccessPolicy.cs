using System.Net;
using LbTcp.Configuration;
using LbTcp.Hosting.Operations;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace LbTcp.Admin.Security;

/// <summary>
/// Admits requests. A browser is the danger: a page from elsewhere may let it send requests to this machine, so that the name in Host is
/// the page's own (DNS rebinding) or Origin tells where the page is from (cross-site request forgery). Who carries the token is no
/// such page.
/// </summary>
/// <param name="token">The token that requests must carry; null if none is needed.</param>
internal sealed class AccessPolicy(AdminToken? token)
{
    private const string Bearer = "Bearer ";

    /// <summary>Admits a request or refuses it.</summary>
    /// <param name="context">The request.</param>
    /// <param name="isOpen">Whether it needs no token: the static page, and what tells only whether the process works.</param>
    /// <returns>Who sends it.</returns>
    /// <exception cref="RequestException">It is refused.</exception>
    public Requester Admit(HttpContext context, bool isOpen)
    {
        bool hasToken = token is not null && CarriesToken(context.Request);
        if (!hasToken && !(isOpen && token is not null))
            VerifyHost(context.Request);
        if (!hasToken && !isOpen && token is not null)
        {
            context.Response.Headers.WWWAuthenticate = "Bearer";
            throw new RequestException(
                StatusCodes.Status401Unauthorized,
                "The token of the admin endpoint is missing or wrong; send it as Authorization: Bearer.");
        }

        if (HttpMethods.IsPost(context.Request.Method))
            VerifyChange(context.Request);
        var peer = context.Features.Get<Requester>() ?? new Requester("local", "");
        return hasToken && peer.Name == "local" ? peer with { Name = "token" } : peer;
    }

    private bool CarriesToken(HttpRequest request) =>
        request.Headers.Authorization is [{ } value]
        && value.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase)
        && token!.Matches(value[Bearer.Length..].Trim());

    private static void VerifyHost(HttpRequest request)
    {
        if (request.Headers.Host.Count == 0)
            return; // a probe in HTTP/1.0, in which Host is optional; a browser always sends it
        string host = request.Host.Host;
        if (IPAddress.TryParse(host.Trim('[', ']'), out _) || (host.Length > 0 && Hosts.IsLocalhost(host)))
            return;
        throw new RequestException(
            StatusCodes.Status403Forbidden,
            $"The host {Quoted.Text(host)} is refused without a token: use an address or localhost, which no page from elsewhere can "
            + "claim.");
    }

    private static void VerifyChange(HttpRequest request)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out MediaTypeHeaderValue? type)
            || !type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase))
        {
            throw new RequestException(StatusCodes.Status415UnsupportedMediaType, "A change needs Content-Type: application/json.");
        }

        string? origin = request.Headers.Origin;
        if (origin is not null && !IsOfThisHost(origin, request.Host.Value ?? ""))
        {
            throw new RequestException(
                StatusCodes.Status403Forbidden,
                $"The origin {Quoted.Text(origin)} is not this endpoint; a page from elsewhere changes nothing.");
        }
    }

    // The scheme does not matter: a proxy before the endpoint may end TLS.
    private static bool IsOfThisHost(string origin, string host)
    {
        int authority = origin.IndexOf("://", StringComparison.Ordinal) + 3;
        return authority >= 3 && host.Length > 0 && origin.AsSpan(authority).Equals(host, StringComparison.OrdinalIgnoreCase);
    }
}
