using System.Net;
using System.Reflection;
using System.Text.Json;
using LbTcp.Configuration;
using LbTcp.Diagnostics;
using Microsoft.Extensions.Logging;

namespace LbTcp.Tests.Repository;

/// <summary>
/// <c>docs/logs.md</c> lists what the program logs. A failure names the rows that are missing on the page and those that the program does
/// not know; copy the missing ones and complete their last cells.
/// </summary>
public sealed class LogPageTests
{
    private static readonly MarkdownPage _page = new("docs/logs.md");

    [Fact]
    public void Events_OfThePage_AreThoseOfTheProgram()
    {
        string[] expected = [.. EventConstants().Select(constant => $"{constant.Id} | {constant.Name}")];

        string[] rows = [.. _page.Rows("Events").Select(cells => $"{cells[0]} | {cells[1]}").Distinct()];

        AssertSame(expected, rows);
    }

    [Fact]
    public void Messages_OfThePage_AreTheTemplatesOfTheProgram()
    {
        Dictionary<int, string> names = EventConstants().ToDictionary(constant => constant.Id, constant => constant.Name);
        LoggerMessageAttribute[] messages = [.. LogMessages()];
        string[] expected =
            [.. messages.Select(message => $"{message.EventId} | {names[message.EventId]} | {LevelOf(message.Level)} | {message.Message}")];

        string[] rows =
        [
            .. _page.Rows("Events")
                .Where(cells => messages.Any(message => cells[0] == $"{message.EventId}"))
                .Select(cells => string.Join(" | ", cells.Take(4))),
        ];

        AssertSame(expected, rows);
    }

    // Two records have no LoggerMessage: the end record and the count of dropped lines.
    [Fact]
    public void MessagesWithoutATemplate_OfThePage_AreLiteralsOfTheProgram()
    {
        string source = string.Concat(RepositoryFiles.Below("LbTcp").Select(file => File.ReadAllText(file.FullName)));
        HashSet<string> templates = [.. LogMessages().Select(message => $"{message.EventId}")];

        Assert.All(
            _page.Rows("Events").Where(cells => !templates.Contains(cells[0])),
            cells => Assert.Contains($"\"{cells[3]}\"", source, StringComparison.Ordinal));
    }

    [Fact]
    public void EndRecordFields_OfThePage_AreThoseOfTheRecordInOrder() =>
        Assert.Equal(FieldsOfEndRecord(), _page.Rows("The end record").Select(cells => cells[0]));

    [Fact]
    public void EndReasons_OfThePage_AreThoseOfTheProgramInOrder() =>
        Assert.Equal(Enum.GetNames<ConnectionEndReason>().Select(InSnakeCase), _page.Rows("End reasons").Select(cells => cells[0]));

    private static IEnumerable<(int Id, string Name)> EventConstants() => typeof(EventIds)
        .GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => ((int)field.GetRawConstantValue()!, field.Name));

    private static IEnumerable<LoggerMessageAttribute> LogMessages() => typeof(EventIds).Assembly
        .GetTypes()
        .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance))
        .Select(method => method.GetCustomAttribute<LoggerMessageAttribute>())
        .OfType<LoggerMessageAttribute>();

    // The level as the text form writes it.
    private static string LevelOf(LogLevel level)
    {
        var line = LogLine.Create(LogFormat.Json);
        line.Begin(DateTimeOffset.UnixEpoch, level, new EventId(1), "");
        return JsonElement.Parse(line.End()).GetProperty("level").GetString()!;
    }

    private static IEnumerable<string> FieldsOfEndRecord()
    {
        var record = new ConnectionEndRecord
        {
            Id = 1,
            Client = new IPEndPoint(IPAddress.Loopback, 1),
            Via = new IPEndPoint(IPAddress.Loopback, 2),
            ServerName = "a.example",
            Tls = "TLSv1.3",
            Backend = "web1",
            Address = new IPEndPoint(IPAddress.Loopback, 2),
            Local = new IPEndPoint(IPAddress.Loopback, 3),
            Reason = ConnectionEndReason.Completed,
            EndedBy = ConnectionSide.Client,
            Sent = 1,
            Received = 1,
            Undelivered = 1,
            Queue = TimeSpan.FromSeconds(1),
            QueueLength = 1,
            Connect = TimeSpan.FromSeconds(1),
            Duration = TimeSpan.FromSeconds(1),
            FailedAttempts = [new FailedAttempt("web2", "timed out")],
        };
        var line = LogLine.Create(LogFormat.Json);
        line.Begin(DateTimeOffset.UnixEpoch, LogLevel.Information, new EventId(1), record.Message);
        record.WriteFields(line);
        string[] common = ["time", "level", "event", "message"];
        return JsonElement.Parse(line.End()).EnumerateObject().Select(property => property.Name).Except(common);
    }

    private static string InSnakeCase(string name)
    {
        char[] text = new char[SnakeCase.LongestResult(name.Length)];
        return new string(text, 0, SnakeCase.Convert(name, text));
    }

    private static void AssertSame(IReadOnlyCollection<string> program, IReadOnlyCollection<string> page)
    {
        string[] missing = [.. program.Except(page)];
        string[] unknown = [.. page.Except(program)];
        Assert.True(
            missing.Length + unknown.Length == 0,
            $"Missing in docs/logs.md:\n{string.Join('\n', missing)}\nNot in the program:\n{string.Join('\n', unknown)}");
    }
}
