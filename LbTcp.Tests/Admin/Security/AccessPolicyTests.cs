using System.Net;
using System.Net.Http.Headers;
using LbTcp.Diagnostics;
using LbTcp.Hosting.Operations;
using NSubstitute;

namespace LbTcp.Tests.Admin.Security;

public class AccessPolicyTests
{
    private const string Token = "0123456789abcdef";

    [Theory]
    [InlineData("localhost", true)]
    [InlineData("localhost:9900", true)]
    [InlineData("LOCALHOST", true)]
    [InlineData("127.0.0.1:9900", true)]
    [InlineData("10.0.0.1", true)]
    [InlineData("[::1]:9900", true)]
    [InlineData("evil.example", false)]
    [InlineData("localhost.evil.example", false)]
    [InlineData("127.0.0.1.evil.example", false)]
    [InlineData("", false)]
    public async Task Host_WithoutAToken_IsAnAddressOrLocalhost(string host, bool isAdmitted)
    {
        await using AdminFixture admin = await AdminFixture.StartAsync();
        foreach (string path in new[] { "/", "/api/v1/process", "/readyz", "/nowhere" })
        {
            string answer = await admin.SendRawAsync($"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
            Assert.Equal(isAdmitted, !answer.StartsWith("HTTP/1.1 403 ", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task Host_MissingInHttp10_IsAdmitted()
    {
        await using AdminFixture admin = await AdminFixture.StartAsync();
        Assert.StartsWith("HTTP/1.1 200 ", await admin.SendRawAsync("GET /healthz HTTP/1.0\r\n\r\n"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://localhost/api/v1/process?", "200")]
    [InlineData("http://localhost", "200")]
    [InlineData("http://localhost/../metrics", "404")]
    [InlineData("http://evil.example/api/v1/process", "400")] // is not what Host says
    public async Task Target_OfAWholeUri_IsItsPath(string target, string status)
    {
        await using AdminFixture admin = await AdminFixture.StartAsync();
        string answer = await admin.SendRawAsync($"GET {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        Assert.StartsWith($"HTTP/1.1 {status} ", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("CONNECT 127.0.0.1:22", "There is no 127.0.0.1:22;")]
    [InlineData("OPTIONS *", "There is no *;")]
    [InlineData("GET /api/v1/../../metrics", "There is no /api/v1/../../metrics;")]
    public async Task Target_ThatDoesNotExist_IsNamedAsItWasSent(string line, string sentence)
    {
        await using AdminFixture admin = await AdminFixture.StartAsync();
        string host = line.StartsWith("CONNECT", StringComparison.Ordinal) ? "127.0.0.1:22" : "localhost";
        string answer = await admin.SendRawAsync($"{line} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 404 ", answer, StringComparison.Ordinal);
        Assert.Contains(sentence, answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refusal_OfAWord_QuotesItReadably()
    {
        await using AdminFixture admin = await AdminFixture.StartAsync();
        string answer = await admin.SendRawAsync("GET / HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n");
        Assert.Contains("The host 'evil.example' is refused", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, HttpStatusCode.OK)]
    [InlineData("same", HttpStatusCode.OK)]
    [InlineData("http://evil.example", HttpStatusCode.Forbidden)]
    [InlineData("http://localhost:1", HttpStatusCode.Forbidden)]
    [InlineData("null", HttpStatusCode.Forbidden)]
    public async Task Change_Origin_IsThisEndpoint(string? origin, HttpStatusCode expected)
    {
        await using AdminFixture admin = await AdminFixture.StartAsync();
        admin.Control.SetLogLevel(default, default!).ReturnsForAnyArgs(new ChangeResult(ChangeStatus.Done, "ok"));
        (HttpStatusCode status, _) = await admin.PostAsync(
            "log-level", """{"level":"debug"}""", origin == "same" ? "http://localhost" : origin);
        Assert.Equal(expected, status);
        Assert.Equal(expected is HttpStatusCode.OK ? 1 : 0, admin.Control.ReceivedCalls().Count());
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("multipart/form-data; boundary=x")]
    public async Task Change_ContentTypeOfAForm_IsRefused(string type)
    {
        await using AdminFixture admin = await AdminFixture.StartAsync();
        using HttpResponseMessage response = await admin.Client.PostAsync(
            "reload", new StringContent("{}", MediaTypeHeaderValue.Parse(type)));
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, response.StatusCode);
        Assert.Empty(admin.Control.ReceivedCalls());
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    public async Task Change_AnotherMethod_IsRefusedAndChangesNothing(string method)
    {
        await using AdminFixture admin = await AdminFixture.StartAsync();
        using HttpResponseMessage response = await admin.Client.SendAsync(
            new HttpRequestMessage(new HttpMethod(method), "backends/web/web1/intent"));
        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
        Assert.Equal(["POST"], response.Content.Headers.Allow);
        Assert.Empty(admin.Control.ReceivedCalls());
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData("Bearer wrong", false)]
    [InlineData("Bearer ", false)]
    [InlineData($"Basic {Token}", false)]
    [InlineData($"Bearer {Token}x", false)]
    [InlineData($"Bearer {Token}", true)]
    [InlineData($"bearer {Token}", true)]
    public async Task Token_OfAFile_IsRequired(string? authorization, bool isAdmitted)
    {
        await using AdminFixture admin = await AdminFixture.StartAsync(token: $"{Token}\n");
        if (authorization is not null)
            _ = admin.Client.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", authorization);
        using HttpResponseMessage response = await admin.Client.GetAsync("process");
        Assert.Equal(isAdmitted ? HttpStatusCode.OK : HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal(isAdmitted ? "" : "Bearer", response.Headers.WwwAuthenticate.ToString());
        Assert.Equal(isAdmitted ? 0 : 1, admin.Log.Count(EventIds.AdminRefused));
    }

    [Theory]
    [InlineData("/healthz", true)]
    [InlineData("/readyz", true)]
    [InlineData("/", true)]
    [InlineData("/api/v1/openapi.json", false)]
    [InlineData("/nowhere", false)]
    public async Task Token_ExceptedPaths_AreThePageAndWhatProbesAsk(string path, bool isOpen)
    {
        await using AdminFixture admin = await AdminFixture.StartAsync(token: Token);
        string answer = await admin.SendRawAsync($"GET {path} HTTP/1.1\r\nHost: lb1.example.org\r\nConnection: close\r\n\r\n");
        Assert.Equal(!isOpen, answer.StartsWith("HTTP/1.1 403 ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Token_IsCarried_AllowsAnyHost()
    {
        await using AdminFixture admin = await AdminFixture.StartAsync(token: Token);
        string answer = await admin.SendRawAsync(
            $"GET /api/v1/process HTTP/1.1\r\nHost: lb1.example.org\r\nAuthorization: Bearer {Token}\r\nConnection: close\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 200 ", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Token_IsCarried_IsTheRequester()
    {
        Requester? requester = null;
        await using AdminFixture admin = await AdminFixture.StartAsync(token: Token);
        admin.Control.SetLogLevel(default, Arg.Do<Requester>(who => requester = who))
            .ReturnsForAnyArgs(new ChangeResult(ChangeStatus.Done, "ok"));
        admin.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        _ = await admin.PostAsync("log-level", """{"level":"debug"}""");
        Assert.Equal("token", requester!.Name);
    }

    [Fact]
    public async Task Answers_AllOfThem_TellTheBrowserNotToKeepOrFrameThem()
    {
        await using AdminFixture admin = await AdminFixture.StartAsync();
        foreach (string path in new[] { "process", "nowhere", "/" })
        {
            using HttpResponseMessage response = await admin.Client.GetAsync(path);
            string policy = Assert.Single(response.Headers.GetValues("Content-Security-Policy"));
            Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
            Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
            Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
            Assert.Equal("nosniff", Assert.Single(response.Headers.GetValues("X-Content-Type-Options")));
            Assert.True(path == "/" ? response.Headers.CacheControl!.NoCache : response.Headers.CacheControl!.NoStore);
            Assert.False(response.Headers.Contains("Server"));
        }
    }
}
