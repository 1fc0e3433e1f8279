namespace LbTcp.Cli.Operate;

/// <summary>A line that is written again in place on a terminal; elsewhere, a line from time to time.</summary>
/// <param name="environment">The output, the terminal and the clock.</param>
internal sealed class ProgressLine(VerbEnvironment environment) : IDisposable
{
    private const string EraseRest = "\u001b[K"; // CSI K: what is left of the line before

    private static readonly TimeSpan _pause = TimeSpan.FromSeconds(10);

    private long? _lastWrite;
    private bool _isOpen;

    /// <summary>Shows the state.</summary>
    /// <param name="text">The line, escaped.</param>
    public void Update(string text)
    {
        if (environment.Terminal.IsInteractive)
        {
            WriteInPlace(text);
            _isOpen = true;
        }
        else if (_lastWrite is not { } last || environment.TimeProvider.GetElapsedTime(last) >= _pause)
        {
            environment.Output.WriteLine(text);
            _lastWrite = environment.TimeProvider.GetTimestamp();
        }
    }

    /// <summary>Shows the last state, which stays and is never cut.</summary>
    public void End(string text)
    {
        environment.Output.WriteLine(environment.Terminal.IsInteractive ? $"\r{text}{EraseRest}" : text);
        _isOpen = false;
    }

    /// <summary>Leaves a line that was not ended as it is.</summary>
    public void Dispose()
    {
        if (_isOpen)
            environment.Output.WriteLine();
    }

    // A line as wide as the terminal would wrap, and no longer be in one place.
    private void WriteInPlace(string text)
    {
        int width = environment.Terminal.Size.Columns - 1;
        environment.Output.Write($"\r{(text.Length > width ? text[..width] : text)}{EraseRest}");
        environment.Output.Flush();
    }
}
