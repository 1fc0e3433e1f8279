using System.Text.Json.Nodes;

namespace LbTcp.Tests.Admin.Api;

/// <summary>Reads server-sent events.</summary>
internal static class SentEvents
{
    /// <summary>Reads the next event, and skips comments and hints.</summary>
    public static async Task<(string Name, string? Id, JsonNode Data)> ReadAsync(StreamReader reader)
    {
        (string name, string? id, string data) = ("message", null, "");
        while (true)
        {
            string line = await reader.ReadLineAsync().Done() ?? throw new EndOfStreamException();
            string[] parts = line.Split(": ", 2);
            if (line.Length == 0 && data.Length > 0)
                return (name, id, JsonNode.Parse(data)!);
            if (parts is ["event", var value])
                name = value;
            else if (parts is ["id", var number])
                id = number;
            else if (parts is ["data", var text])
                data = text;
        }
    }
}
