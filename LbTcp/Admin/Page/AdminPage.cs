using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace LbTcp.Admin.Page;

/// <summary>The page: one HTML file that fetches nothing but the API. Page.targets joins it from the files of Page/.</summary>
internal sealed partial class AdminPage
{
    /// <summary>Reads the page from the program.</summary>
    public AdminPage()
    {
        using Stream resource = typeof(AdminPage).Assembly.GetManifestResourceStream("page.html")!;
        using var content = new MemoryStream();
        resource.CopyTo(content);
        byte[] html = content.ToArray();
        Html = html;
        Gzip = Compress(html);
        ETag = $"\"{Convert.ToHexStringLower(SHA256.HashData(html))[..16]}\"";
        string text = Encoding.UTF8.GetString(html);
        ContentSecurityPolicy = $"default-src 'none'; script-src {Hash(Script().Match(text))}; style-src {Hash(Style().Match(text))}; " +
            "img-src data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    }

    /// <summary>The file, in UTF-8.</summary>
    public ReadOnlyMemory<byte> Html { get; }

    /// <summary>The file, compressed by gzip.</summary>
    public ReadOnlyMemory<byte> Gzip { get; }

    /// <summary>The entity tag, in quotes; another one for each version of the file.</summary>
    public string ETag { get; }

    /// <summary>The policy to send with it: it runs its own script and style, by their hashes, and talks to its own server only.</summary>
    public string ContentSecurityPolicy { get; }

    private static byte[] Compress(byte[] content)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Optimal))
            gzip.Write(content);
        return compressed.ToArray();
    }

    // https://www.w3.org/TR/CSP3/#match-element-to-source-list: the hash of the text between the tags.
    private static string Hash(Match element) =>
        $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(element.Groups[1].Value)))}'";

    [GeneratedRegex("<script[^>]*>(.*?)</script>", RegexOptions.Singleline)]
    private static partial Regex Script();

    [GeneratedRegex("<style>(.*?)</style>", RegexOptions.Singleline)]
    private static partial Regex Style();
}
