using System.Text;
using LbTcp.Admin.Page;
using LbTcp.Admin.Security;

namespace LbTcp.Admin.Api;

/// <summary>Serves the page, which is static: what it shows, it requests with the token.</summary>
internal static class PageRoutes
{
    private static readonly Lazy<string> _policy = new(() => ContentPolicy.Of(Encoding.UTF8.GetString(AdminPage.Html.Span)));

    /// <summary>The routes.</summary>
    public static IEnumerable<Route> All => [new("GET", "/", WriteAsync) { IsOpen = true }];

    private static async Task WriteAsync(ApiRequest request)
    {
        ReadOnlyMemory<byte> html = AdminPage.Html;
        request.Context.Response.Headers.ContentSecurityPolicy = _policy.Value;
        request.Context.Response.ContentType = "text/html; charset=utf-8";
        request.Context.Response.ContentLength = html.Length;
        await request.Context.Response.Body.WriteAsync(html, request.Aborted);
    }
}
