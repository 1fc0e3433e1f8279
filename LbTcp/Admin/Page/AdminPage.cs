using System.IO.Compression;
using System.Security.Cryptography;

namespace LbTcp.Admin.Page;

/// <summary>The page: one HTML file that fetches nothing but the API. Page.targets joins it from the files of this folder.</summary>
internal static class AdminPage
{
    private static readonly Lazy<byte[]> _html = new(Read);
    private static readonly Lazy<byte[]> _gzip = new(Compress);
    private static readonly Lazy<string> _eTag = new(() => $"\"{Convert.ToHexStringLower(SHA256.HashData(_html.Value))[..16]}\"");

    /// <summary>The page as it is sent, in UTF-8.</summary>
    public static ReadOnlyMemory<byte> Html => _html.Value;

    /// <summary>The same, compressed by gzip.</summary>
    public static ReadOnlyMemory<byte> Gzip => _gzip.Value;

    /// <summary>Its entity tag, in quotes; another one for each version of the page.</summary>
    public static string ETag => _eTag.Value;

    private static byte[] Read()
    {
        using Stream resource = typeof(AdminPage).Assembly.GetManifestResourceStream("page.html")!;
        byte[] html = new byte[resource.Length];
        resource.ReadExactly(html);
        return html;
    }

    private static byte[] Compress()
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Optimal))
            gzip.Write(_html.Value);
        return compressed.ToArray();
    }
}
