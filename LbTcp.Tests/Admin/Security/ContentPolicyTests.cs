using System.Security.Cryptography;
using System.Text;
using LbTcp.Admin.Security;

namespace LbTcp.Tests.Admin.Security;

public class ContentPolicyTests
{
    [Fact]
    public void Of_InlineParts_AllowsThemByTheirHashesAlone()
    {
        string policy = ContentPolicy.Of("<style>a{}\n</style><script type=\"module\">one()</script><script>two()</script>");
        Assert.Contains($"style-src {Hash("a{}\n")}", policy, StringComparison.Ordinal);
        Assert.Contains($"script-src {Hash("one()")} {Hash("two()")}", policy, StringComparison.Ordinal);
        Assert.StartsWith("default-src 'none';", policy, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_NoInlineParts_AllowsNone() =>
        Assert.Contains("style-src 'none'; script-src 'none'", ContentPolicy.Of("<p>text</p>"), StringComparison.Ordinal);

    private static string Hash(string text) => $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}'";
}
