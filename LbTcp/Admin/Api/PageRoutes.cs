using System.Text;
using LbTcp.Admin.Page;
using LbTcp.Admin.Security;
using Microsoft.AspNetCore.Http;

namespace LbTcp.Admin.Api;

/// <summary>Serves the page, which is static: what it shows, it requests with the token.</summary>
internal static class PageRoutes
{
    private static readonly Lazy<string> _policy = new(() => ContentPolicy.Of(Encoding.UTF8.GetString(AdminPage.Html.Span)));

    /// <summary>The routes.</summary>
    public static IEnumerable<Route> All => [new("GET", "/", WriteAsync) { IsOpen = true }];

    private static async Task WriteAsync(ApiRequest request)
    {
        HttpRequest asked = request.Context.Request;
        HttpResponse answer = request.Context.Response;
        answer.Headers.ContentSecurityPolicy = _policy.Value;
        answer.Headers.CacheControl = "no-cache"; // kept, and asked for each time: a new version of lbtcp brings a new page
        answer.Headers.ETag = AdminPage.ETag;
        answer.Headers.Vary = "Accept-Encoding";
        if (asked.Headers.IfNoneMatch == AdminPage.ETag)
        {
            answer.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        bool isCompressed = asked.Headers.GetCommaSeparatedValues("Accept-Encoding").Contains("gzip");
        ReadOnlyMemory<byte> content = isCompressed ? AdminPage.Gzip : AdminPage.Html;
        if (isCompressed)
            answer.Headers.ContentEncoding = "gzip";
        answer.ContentType = "text/html; charset=utf-8";
        answer.ContentLength = content.Length;
        await answer.Body.WriteAsync(content, request.Aborted);
    }
}
