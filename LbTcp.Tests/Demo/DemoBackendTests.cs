using System.Net;
using LbTcp.Cli;
using LbTcp.Configuration;
using LbTcp.Demo;
using LbTcp.Tests.Repository;

namespace LbTcp.Tests.Demo;

public sealed class DemoBackendTests : IDisposable
{
    private readonly DemoBackend _backend = new("backend 1", new IPEndPoint(IPAddress.Loopback, 0));
    private readonly HttpClient _client = new();

    public void Dispose()
    {
        _client.Dispose();
        _backend.Dispose();
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/health")]
    public async Task Start_Request_IsAnsweredWithTheBackendsName(string path)
    {
        var answer = await _client.GetStringAsync(new Uri($"http://{_backend.Start()}{path}"));
        Assert.Equal($"backend 1 answers GET {path} HTTP/1.1\n", answer);
    }

    [Fact]
    public async Task Start_AfterStop_AnswersAgain()
    {
        IPEndPoint endPoint = _backend.Start();
        _ = await _client.GetStringAsync(new Uri($"http://{endPoint}/"));
        _backend.Stop();
        await Assert.ThrowsAsync<HttpRequestException>(() => _client.GetStringAsync(new Uri($"http://{endPoint}/")));
        Assert.NotEmpty(await _client.GetStringAsync(new Uri($"http://{_backend.Start()}/")));
    }

    [Fact]
    public void BalancerArguments_Backends_AreThoseOfBackendsTxt()
    {
        HostOptions demo = new LbTcpCommand(TextWriter.Null, TextWriter.Null).Read(DemoCommand.BalancerArguments);
        HostOptions file = new LbTcpCommand(TextWriter.Null, TextWriter.Null).Read(
            "-f", Path.Combine(RepositoryFiles.Root.FullName, "backends.txt"));
        Assert.Equal(file.Services[0].Backends, demo.Services[0].Backends);
        Assert.Equal(file.Services[0].Listen, demo.Services[0].Listen);
    }
}
