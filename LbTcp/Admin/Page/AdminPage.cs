namespace LbTcp.Admin.Page;

/// <summary>The page.</summary>
internal static class AdminPage
{
    /// <summary>The page as it is sent, in UTF-8: one file that fetches nothing but the API.</summary>
    public static ReadOnlyMemory<byte> Html { get; } =
        "<!doctype html><title>LbTcp</title><p>See <a href=\"api/v1/openapi.json\">the API</a>.</p>"u8.ToArray();
}
