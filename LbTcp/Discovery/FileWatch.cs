namespace LbTcp.Discovery;

/// <summary>
/// Finds out when files have changed, by polling: notifications of the system miss a symbolic link that is set to another directory (as
/// Kubernetes does with mounted files), a replaced directory and changes on network mounts. A change counts when the files have
/// stayed the same for a moment, so that a file that is being written is not read halfway. Must be used by one thread at a time.
/// </summary>
/// <param name="read">Reads the stamp of a file.</param>
/// <param name="timeProvider">The clock.</param>
internal sealed class FileWatch(Func<string, FileStamp> read, TimeProvider timeProvider)
{
    /// <summary>The time from one poll to the next while nothing changes.</summary>
    public static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);

    // Longer than the pause of a program that truncates a file and then writes it; an editor takes a few milliseconds.
    private static readonly TimeSpan _settleTime = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan _settlePollInterval = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan _longestSettling = TimeSpan.FromSeconds(2);

    private Dictionary<string, FileStamp> _known = [];
    private Dictionary<string, FileStamp>? _settling;
    private long _changedAt;
    private long _sameSince;
    private bool _isSuspicious;

    /// <summary>The time until the next poll should be made.</summary>
    public TimeSpan Interval => _settling is null ? PollInterval : _settlePollInterval;

    /// <summary>
    /// Finds a watched file that is not regular now, so that its content may be readable once only, and reading it may never end; null if
    /// there is none. May be called on any thread.
    /// </summary>
    public string? FindReadableOnce() => _known.Keys.FirstOrDefault(file => read(file).Kind is FileKind.Other);

    /// <summary>
    /// Watches <paramref name="files"/> instead of those before. For a file that was watched already, changes count since the latest
    /// <see cref="Poll"/> that reported one or the latest <see cref="Restart"/>; for any other, from now on.
    /// </summary>
    /// <returns>Whether it watches a file that it did not watch before, whose content must have been read after this call.</returns>
    public bool Follow(IReadOnlyCollection<string> files)
    {
        Dictionary<string, FileStamp> before = _known;
        _known = files.Distinct().ToDictionary(file => file, file => before.TryGetValue(file, out FileStamp stamp) ? stamp : read(file));
        return files.Any(file => !before.ContainsKey(file));
    }

    /// <summary>
    /// Lets the files count as possibly changed, since they were read before they were watched. They must be stable, too, before that is
    /// reported: somebody may be writing them just now.
    /// </summary>
    public void Suspect()
    {
        if (_known.Count == 0)
            return;
        _isSuspicious = true;
        _settling = _known;
        _changedAt = _sameSince = timeProvider.GetTimestamp();
    }

    /// <summary>Lets changes count from now on; to be called before the files are read for another reason than a change.</summary>
    public void Restart()
    {
        _known = Stamp(_known.Keys);
        _settling = null;
        _isSuspicious = false;
    }

    /// <summary>Examines the files.</summary>
    /// <returns>Whether they have changed, or may have, and are stable; a change is reported once.</returns>
    public FileChange Poll()
    {
        Dictionary<string, FileStamp> now = Stamp(_known.Keys);
        FileChange change = !AreEqual(now, _known) ? FileChange.Found : _isSuspicious ? FileChange.Possible : FileChange.None;
        if (change is FileChange.None)
        {
            _settling = null;
            return change;
        }

        long time = timeProvider.GetTimestamp();
        if (_settling is null)
            _changedAt = time;
        if (_settling is null || !AreEqual(now, _settling))
            _sameSince = time;
        _settling = now;
        if (timeProvider.GetElapsedTime(_sameSince, time) < _settleTime && timeProvider.GetElapsedTime(_changedAt, time) < _longestSettling)
            return FileChange.None;
        _known = now;
        _settling = null;
        _isSuspicious = false;
        return change;
    }

    private Dictionary<string, FileStamp> Stamp(IEnumerable<string> files) => files.ToDictionary(file => file, read);

    private static bool AreEqual(Dictionary<string, FileStamp> some, Dictionary<string, FileStamp> others) =>
        some.All(file => others.TryGetValue(file.Key, out FileStamp other) && other == file.Value);
}
