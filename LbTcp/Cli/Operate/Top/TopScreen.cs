using LbTcp.Admin;

namespace LbTcp.Cli.Operate.Top;

/// <summary>
/// Shows <c>top</c> on the alternate screen of the terminal and obeys its keys. Whatever ends it, the terminal is as it was before.
/// </summary>
/// <param name="environment">The output, the terminal and the clock.</param>
internal sealed class TopScreen(VerbEnvironment environment)
{
    // DEC private modes of xterm: 1049 is the alternate screen, 25 the cursor.
    private const string Enter = "\u001b[?1049h\u001b[?25l";
    private const string Leave = "\u001b[?25h\u001b[?1049l";

    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(50);

    private readonly TopFrame _frame = new(environment.Terminal.HasColors);
    private readonly TopState _state = new();
    private (int Columns, int Rows) _size;

    /// <summary>Runs until a key or the token ends it.</summary>
    /// <param name="follow">The states to show.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task RunAsync(Func<CancellationToken, IAsyncEnumerable<StateReport>> follow, CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        environment.Output.Write(Enter);
        try
        {
            Task taking = TakeAsync(follow(ending.Token));
            await ShowAsync(taking, cancellationToken);
            await ending.CancelAsync();
            await taking;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested || ending.IsCancellationRequested)
        {
            // The operator has ended it.
        }
        finally
        {
            await ending.CancelAsync();
            environment.Output.Write(Leave);
            environment.Output.Flush();
        }
    }

    private bool IsChanged { get; set; } = true;

    private async Task TakeAsync(IAsyncEnumerable<StateReport> reports)
    {
        await foreach (StateReport report in reports)
        {
            lock (_state)
                _state.Take(report);
            IsChanged = true;
        }
    }

    private async Task ShowAsync(Task taking, CancellationToken cancellationToken)
    {
        while (!_state.IsEnded)
        {
            if (taking.IsCompleted)
                await taking; // which failed: the stream has no end
            lock (_state)
            {
                while (environment.Terminal.ReadKey() is { } key)
                {
                    _state.Press(key);
                    IsChanged = true;
                }

                Draw();
            }

            await Task.Delay(_pause, environment.TimeProvider, cancellationToken);
        }
    }

    // Lines are erased behind their text and not before it, which would flicker.
    private void Draw()
    {
        (int Columns, int Rows) size = environment.Terminal.Size;
        if (!IsChanged && size == _size)
            return;
        IsChanged = false;
        string clear = size == _size ? "" : "\u001b[2J";
        _size = size;
        string lines = string.Join("\u001b[K\r\n", _frame.Draw(_state, size.Columns, size.Rows));
        environment.Output.Write($"{clear}\u001b[H{lines}\u001b[K\u001b[J");
        environment.Output.Flush();
    }
}
