using LbTcp.Configuration;
using LbTcp.Configuration.Sources;

namespace LbTcp.Tests.Configuration.Sources;

/// <summary>Random files, the same in every run: whatever a file holds is read or refused in words, with a place.</summary>
public class ConfigurationFileFuzzTests
{
    private const string Valid = """
        {
          "$schema": "lbtcp.schema.json",
          "defaults": { "check_interval": "2s", "connect_timeout": "5s", "max_connections": 100 }, // for every service
          "services": {
            "web": {
              "listen": ["*:8080", 8081],
              "algorithm": "leastconn",
              "backends": ["http://web1:3001 weight=3", { "address": "web2:3001", "backup": true, "check": "tcp" }],
              "backends_file": "more.txt",
            },
            "rédis": { "listen": "127.0.0.1:6379", "backends_file": "redis.txt", "idle_timeout": "10m", "access_log": false },
          },
          "log_format": "json",
          "max_connections": 20000,
        }
        """;

    private static readonly string[] _pieces =
    [
        "{", "}", "[", "]", ",", ":", "\"", "\\", "\\u", "\\ud800", "//", "/*", "*/",
        "null", "true", "1", "-1", "1e9", "0.5", "\"\"", "\" \"",
        "\n", "\r\n", "\0", "\t", "é", "😀", "\ud800", "\uFEFF", "\u2028", "\"services\"",
        "\"listen\": 80", "\"web\": {}", "\"address\"", " #",
    ];

    [Fact]
    public void Parse_MutatedFile_IsReadOrRefusedWithPlaces()
    {
        var random = new Random(7);
        int refused = 0;
        for (int i = 0; i < 20_000; i++)
        {
            List<ConfigurationError> errors = [];
            string text = Mutate(random);
            ConfigurationFile? file = ConfigurationFile.Parse("f", text, errors);
            Assert.True(file is not null || errors.Count == 1);
            var files = new ConfigurationFiles(errors);
            if (file is not null)
                _ = new ServiceReader(new(errors), new(errors), file, files, errors, new SettingOrigins()).ReadAll();
            errors.RemoveAll(error => error.Source != "f"); // the backends files do not exist
            refused += Math.Sign(errors.Count);
            int lines = text.Count(character => character == '\n') + 1;
            Assert.All(errors, error =>
            {
                Assert.InRange(error.Line!.Value, 1, lines);
                Assert.InRange(error.Column!.Value, 1, error.LineText!.Length + 2);
                Assert.False(error.ToString().Any(char.IsControl), error.ToString());
                Assert.InRange(error.Message.Length, 10, 600);
            });
        }

        Assert.InRange(refused, 1_000, 19_999); // the service name with é is one mistake of every file that is left as it is
    }

    private static string Mutate(Random random)
    {
        string text = random.Next(2) == 0 ? Valid.Replace('é', 'e') : Valid;
        for (int edits = random.Next(4); edits > 0; edits--)
        {
            int at = random.Next(text.Length + 1);
            int cut = Math.Min(random.Next(3) == 0 ? random.Next(40) : random.Next(2), text.Length - at);
            string piece = random.Next(3) switch
            {
                0 => "",
                1 => _pieces[random.Next(_pieces.Length)],
                _ => text.Substring(random.Next(text.Length), 1),
            };
            text = string.Concat(text.AsSpan(0, at), piece, text.AsSpan(at + cut));
        }

        return text;
    }
}
