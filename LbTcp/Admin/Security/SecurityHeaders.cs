using Microsoft.AspNetCore.Http;

namespace LbTcp.Admin.Security;

/// <summary>The headers that tell a browser what it must not do with an answer.</summary>
internal static class SecurityHeaders
{
    /// <summary>Adds them. Unless the answer says otherwise later, it is not kept, and nothing in it is run.</summary>
    public static void Add(IHeaderDictionary headers)
    {
        headers.CacheControl = "no-store";
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers.ContentSecurityPolicy = "default-src 'none'; frame-ancestors 'none'";
    }
}
