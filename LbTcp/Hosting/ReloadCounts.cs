namespace LbTcp.Hosting;

/// <summary>The numbers of reloads so far. Written by one thread at a time, read by any.</summary>
/// <param name="timeProvider">The clock.</param>
internal sealed class ReloadCounts(TimeProvider timeProvider)
{
    private long _done;
    private long _refused;
    private long _configuredAt = timeProvider.GetUtcNow().UtcTicks;

    /// <summary>The number of reloads that were applied.</summary>
    public long Done => Volatile.Read(ref _done);

    /// <summary>The number of reloads that were refused or failed.</summary>
    public long Refused => Volatile.Read(ref _refused);

    /// <summary>When a configuration was last applied; the start counts.</summary>
    public DateTimeOffset ConfiguredAt => new(Volatile.Read(ref _configuredAt), TimeSpan.Zero);

    /// <summary>Counts a reload that was applied.</summary>
    public void CountDone()
    {
        Volatile.Write(ref _configuredAt, timeProvider.GetUtcNow().UtcTicks);
        _ = Interlocked.Increment(ref _done);
    }

    /// <summary>Counts a reload that was refused or failed.</summary>
    public void CountRefused() => Interlocked.Increment(ref _refused);
}
