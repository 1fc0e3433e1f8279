using System.Net;
using LbTcp.Diagnostics;
using LbTcp.Tests.EndToEnd.Harness;

namespace LbTcp.Tests.EndToEnd;

/// <summary>Services of a configuration file, and the environment.</summary>
public sealed class ConfigurationFileTests : EndToEndScenario
{
    [Fact]
    public async Task Services_OfOneFile_ServeTheirOwnBackends()
    {
        TestBackend first = Backend(Behaviours.Banner("a"));
        TestBackend second = Backend(Behaviours.Banner("b"));
        DirectoryInfo directory = Directory.CreateTempSubdirectory("lbtcp-test-");
        try
        {
            await File.WriteAllTextAsync(Path.Combine(directory.FullName, "second.txt"), second.EndPoint.ToString());
            string file = Path.Combine(directory.FullName, "lbtcp.json");
            await File.WriteAllTextAsync(file, $$"""
                {
                  "defaults": { "check": "none" },
                  "services": {
                    "first": { "listen": "127.0.0.1:0", "backends": "{{first.EndPoint}}" },
                    "second": { "listen": "127.0.0.1:0", "backends_file": "second.txt" },
                  },
                  "log_format": "json",
                }
                """);

            LbTcpProcess lbtcp = await StartConfiguredAsync(file);

            IReadOnlyList<JsonLogRecord> listening = await lbtcp.RecordsAsync(EventIds.Listening, 2);
            string banners = "";
            foreach (JsonLogRecord record in listening)
            {
                using TestConnection client = await TestConnection.ConnectAsync(IPEndPoint.Parse(record["address"]!));
                banners += await client.ReceiveTextAsync(1);
            }

            Assert.Equal("ab", banners);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Environment_OfTheProcess_SetsFlags()
    {
        System.Diagnostics.ProcessStartInfo info = LbTcpBinary.StartInfo(["--validate", "--rise", "7"]);
        info.Environment["LBTCP_BACKENDS"] = "127.0.0.1:1 127.0.0.1:2";
        info.Environment["LBTCP_RISE"] = "6";
        info.Environment["LBTCP_FALL"] = "8";

        ProgramRun run = await ProgramRun.OfAsync(info);

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        string[] lines = run.Output.Split('\n', StringSplitOptions.TrimEntries);
        Assert.Contains("backends 2  from LBTCP_BACKENDS", lines);
        Assert.Contains("rise 7  from --rise", lines);
        Assert.Contains("fall 8  from LBTCP_FALL", lines);
    }
}
