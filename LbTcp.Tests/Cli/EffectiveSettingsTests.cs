using LbTcp.Cli;

namespace LbTcp.Tests.Cli;

/// <summary>Settings of several sources, as the command line shows them.</summary>
public sealed class EffectiveSettingsTests : IDisposable
{
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();
    private readonly Dictionary<string, string> _environment = [];

    public void Dispose()
    {
        _output.Dispose();
        _error.Dispose();
    }

    [Fact]
    public async Task RunAsync_ValidateWithServicesOfAFile_PrintsWhereEachValueComesFrom()
    {
        string file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, """
                { "defaults": { "rise": 5 },
                  "services": {
                    "web": { "listen": "127.0.0.1:1", "backends": ["127.0.0.1:2", "127.0.0.1:3"], "fall": 6 },
                    "redis": { "listen": "127.0.0.1:4", "backends": "127.0.0.1:5", "max_connections": 7 } },
                  "log_format": "json" }
                """);
            _environment["LBTCP_CHECK_INTERVAL"] = "9s";
            _environment["LBTCP_CONFIG"] = file;

            Assert.Equal(0, await RunAsync("--validate", "--idle-timeout", "90s"));
        }
        finally
        {
            File.Delete(file);
        }

        string[] lines = _output.ToString().Split(Environment.NewLine);
        int web = Array.IndexOf(lines, "service web");
        int redis = Array.IndexOf(lines, "service redis");
        int process = Array.IndexOf(lines, "process");
        Assert.True(0 == web && web < redis && redis < process);
        Assert.Contains($"listen 127.0.0.1:1  from {file}:3:24 (services.web.listen)", lines[web..redis]);
        Assert.Contains($"backends 2  from {file}:3:51 (services.web.backends)", lines[web..redis]);
        Assert.Contains($"fall 6  from {file}:3:91 (services.web.fall)", lines[web..redis]);
        Assert.Contains("fall 3  from default", lines[redis..process]);
        Assert.Contains($"max_connections 7  from {file}:4:87 (services.redis.max_connections)", lines[redis..process]);
        Assert.All([lines[web..redis], lines[redis..process]], service =>
        {
            Assert.Contains($"rise 5  from {file}:1:25 (defaults.rise)", service);
            Assert.Contains("check_interval 9s  from LBTCP_CHECK_INTERVAL", service);
            Assert.Contains("idle_timeout 1m30s  from --idle-timeout", service);
        });
        Assert.Contains($"log_format json  from {file}:5:17 (log_format)", lines[process..]);
        Assert.Contains("keepalive 1m  from default", lines[process..]);
    }

    [Fact]
    public async Task RunAsync_MistakeInTheEnvironment_EndsWith2AndNamesTheVariable()
    {
        _environment["LBTCP_RISE"] = "0";
        Assert.Equal(2, await RunAsync("-b", "a:1"));
        Assert.Equal($"lbtcp: LBTCP_RISE is '0', which is not a whole number from 1 to 1000.{Environment.NewLine}", _error.ToString());
    }

    private Task<int> RunAsync(params string[] args) => new LbTcpCommand(_output, _error, _environment).RunAsync(args);
}
