using System.Text;
using LbTcp.Diagnostics;
using LbTcp.Tests.TestDoubles;

namespace LbTcp.Tests.Diagnostics;

public sealed class LogOutputTests : IDisposable
{
    private readonly ScriptedStream _stream = new();
    private readonly LogOutput _output;

    public LogOutputTests() => _output = new LogOutput(
        _stream, DescribeLoss, retryDelay: TimeSpan.FromMilliseconds(10), disposeTimeout: Until.Patience);

    public void Dispose()
    {
        _stream.Accept();
        _output.Dispose();
        _stream.Dispose();
    }

    [Fact]
    public void Append_Lines_AreWrittenInOrder()
    {
        Append("one", "two", "three");
        Assert.Equal("one\ntwo\nthree\n", _stream.WaitFor(text => text.EndsWith("three\n", StringComparison.Ordinal)));
    }

    [Fact]
    public void Append_FromManyThreads_KeepsEveryLineWhole()
    {
        Parallel.For(0, 8, i =>
        {
            for (int n = 0; n < 1000; n++)
                Append(new string((char)('a' + i), 40));
        });
        string[] lines = _stream.WaitFor(text => text.Length == 8 * 1000 * 41).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.All(lines, line => Assert.Equal((40, 1), (line.Length, line.Distinct().Count())));
    }

    [Fact]
    public void Append_ReaderIsStuck_DropsLinesAndReportsTheCountWhenItReadsAgain()
    {
        _stream.Block();
        Append("first");
        _stream.WaitFor(_ => _stream.Writes == 1);
        string big = new('x', 100_000);
        for (int i = 0; i < 15; i++)
            Append(big);

        _stream.Accept();

        string[] lines = _stream.WaitFor(text => text.Contains("lost", StringComparison.Ordinal)).TrimEnd().Split('\n');
        Assert.Equal("first", lines[0]);
        Assert.Equal(10, lines.Count(line => line == big)); // what a mebibyte holds
        Assert.Equal("lost 5", lines[^1]);
        Assert.Equal(5, _output.DroppedLines);
        Append("again");
        _stream.WaitFor(text => text.EndsWith("lost 5\nagain\n", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(0, 0)] // exactly what the buffer holds
    [InlineData(1, 1)]
    public void Append_LinesThatFillTheBuffer_AreDroppedFromTheFirstThatDoesNotFit(int excess, int lost)
    {
        _stream.Block();
        Append("first");
        _stream.WaitFor(_ => _stream.Writes == 1);
        string line = new('x', (64 * 1024) - 1);
        Append([.. Enumerable.Repeat(line, 15)]);

        Append(line + new string('x', excess));
        _stream.Accept();
        _stream.WaitFor(text => text.Length > 15 * (line.Length + 1));
        Append("last");

        string[] lines = _stream.WaitFor(text => text.Contains("last", StringComparison.Ordinal)).TrimEnd().Split('\n');
        Assert.Equal(16 - lost, lines.Count(other => other == line));
        Assert.Equal(lost, lines.Count(other => other == "lost 1"));
    }

    [Fact]
    public void Append_StreamThrows_DropsTheBatchAndReportsTheCountWhenItWorksAgain()
    {
        _stream.Fail(new IOException("No space left on device"));
        Append("one", "two");
        _stream.WaitFor(_ => _stream.Writes >= 3);
        Append("three");

        _stream.Accept();

        string text = _stream.WaitFor(text => text.Contains("lost", StringComparison.Ordinal));
        Append("four");
        text = _stream.WaitFor(text => text.Contains("four", StringComparison.Ordinal));
        string[] lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.True(text[0] == '\n', "A line that was cut off is ended first.");
        int lost = lines.Where(line => line.StartsWith("lost ", StringComparison.Ordinal)).Sum(line => int.Parse(line[5..]));
        Assert.Equal(3, lost + lines.Count(line => line is "one" or "two" or "three"));
        Assert.Equal("four", lines[^1]);
    }

    [Fact]
    public void Append_StreamThrowsAfterTheBufferWasFull_CountsTheLinesOfBoth()
    {
        _stream.Block();
        Append("first");
        _stream.WaitFor(_ => _stream.Writes == 1);
        Append([.. Enumerable.Repeat(new string('x', 100_000), 15)]); // a mebibyte holds ten
        _stream.Fail(new IOException("No space left on device"));
        _stream.WaitFor(_ => _stream.Writes >= 3); // both batches have failed

        _stream.Accept();

        _stream.WaitFor(text => text == "\nlost 16\n");
        Assert.Equal(16, _output.DroppedLines);
    }

    [Fact]
    public void Append_StreamKeepsThrowing_IsNoHotLoop()
    {
        using var stream = new ScriptedStream();
        stream.Fail(new UnauthorizedAccessException());
        using var output = new LogOutput(stream, _ => [], TimeSpan.FromHours(1), Until.Patience);
        output.Append("one\n"u8);
        stream.WaitFor(_ => stream.Writes == 1);
        output.Append("two\n"u8);
        Assert.Equal(1, stream.Writes);
    }

    [Fact]
    public void Dispose_LinesAreQueued_WritesThem()
    {
        Append("one");
        _output.Dispose();
        Assert.Equal("one\n", _stream.WaitFor(_ => true));
    }

    [Fact]
    public void Dispose_StreamFailedBefore_TriesOnceMore()
    {
        using var stream = new ScriptedStream();
        stream.Fail(new IOException());
        using var output = new LogOutput(stream, DescribeLoss, TimeSpan.FromHours(1), Until.Patience);
        output.Append("one\n"u8);
        stream.WaitFor(_ => stream.Writes == 1);
        stream.Accept();
        output.Append("two\n"u8);
        output.Dispose();
        Assert.Equal("\nlost 1\ntwo\n", stream.WaitFor(_ => true));
    }

    [Fact]
    public void Dispose_StreamStillFails_GivesUp()
    {
        using var stream = new ScriptedStream();
        stream.Fail(new IOException());
        using var output = new LogOutput(stream, _ => [], TimeSpan.FromHours(1), Until.Patience);
        output.Append("one\n"u8);
        stream.WaitFor(_ => stream.Writes == 1);
        output.Dispose();
        Assert.Equal(2, stream.Writes);
    }

    [Fact]
    public async Task Dispose_ReaderIsStuck_GivesUpWaiting()
    {
        var output = new LogOutput(_stream, DescribeLoss, TimeSpan.FromHours(1), disposeTimeout: TimeSpan.FromMilliseconds(1));
        _stream.Block();
        output.Append("one\n"u8);
        _stream.WaitFor(_ => _stream.Writes == 1);

        await Task.Run(output.Dispose).Done();

        Assert.Equal("", _stream.WaitFor(_ => true));
    }

    [Fact]
    public void Append_AfterDispose_DoesNothing()
    {
        _output.Dispose();
        Append("late");
        Assert.Equal("", _stream.WaitFor(_ => true));
    }

    private static byte[] DescribeLoss(long lost) => Encoding.UTF8.GetBytes($"lost {lost}\n");

    private void Append(params string[] lines)
    {
        foreach (string line in lines)
            _output.Append(Encoding.UTF8.GetBytes(line + "\n"));
    }
}
