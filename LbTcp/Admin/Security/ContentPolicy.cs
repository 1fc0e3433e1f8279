using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace LbTcp.Admin.Security;

/// <summary>The Content-Security-Policy of a page that has its style and scripts in it.</summary>
internal static partial class ContentPolicy
{
    /// <summary>
    /// Allows the styles and scripts that are in the page, by their hashes, and connections to where the page comes from; nothing else
    /// (https://www.w3.org/TR/CSP3/).
    /// </summary>
    public static string Of(string html) =>
        "default-src 'none'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        + $"; style-src {HashesOf("style", html)}; script-src {HashesOf("script", html)}";

    private static string HashesOf(string element, string html)
    {
        string[] hashes =
        [
            .. Inline().Matches(html).Where(match => match.Groups["element"].Value == element)
                .Select(match => $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(match.Groups["text"].Value)))}'"),
        ];
        return hashes.Length == 0 ? "'none'" : string.Join(' ', hashes);
    }

    // A browser hashes what is between the tags, as it is.
    [GeneratedRegex("<(?<element>style|script)(\\s[^>]*)?>(?<text>.*?)</\\k<element>>",
        RegexOptions.Singleline | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Inline();
}
