namespace LbTcp.Discovery;

/// <summary>
/// Reports that an entry of a directory was created, renamed or deleted, so that the files in it can be examined at once. It may miss
/// events; polling finds those. Writes to files are not reported: a log file in the same directory would cause an event for every write.
/// </summary>
/// <param name="hinted">Called on a thread of the framework for every event; must not block.</param>
/// <param name="failed">Called when the system refuses notifications, with its message.</param>
internal sealed class DirectoryHints(Action hinted, Action<string> failed) : IDisposable
{
    private readonly Dictionary<string, FileSystemWatcher> _watchers = new(StringComparer.Ordinal);

    /// <summary>
    /// Watches the directories of <paramref name="files"/> instead of those before. Directories that do not exist are left out.
    /// </summary>
    public void Follow(IEnumerable<string> files)
    {
        HashSet<string> directories = [.. files.Select(file => Path.GetDirectoryName(Path.GetFullPath(file))).OfType<string>()];
        foreach (string gone in _watchers.Keys.Except(directories).ToArray())
            Remove(gone);
        foreach (string directory in directories.Except(_watchers.Keys).ToArray())
            Add(directory);
    }

    /// <summary>Stops watching.</summary>
    public void Dispose()
    {
        foreach (string directory in _watchers.Keys.ToArray())
            Remove(directory);
    }

    private void Add(string directory)
    {
        FileSystemWatcher? watcher = null;
        try
        {
            watcher = new FileSystemWatcher(directory) { NotifyFilter = NotifyFilters.FileName | NotifyFilters.DirectoryName };
            watcher.Created += (_, _) => hinted();
            watcher.Renamed += (_, _) => hinted();
            watcher.Deleted += (_, _) => hinted();
            watcher.Error += (_, _) => hinted(); // events were lost, or the directory is gone
            watcher.EnableRaisingEvents = true;
            _watchers.Add(directory, watcher);
        }
        catch (Exception exception) when (exception is IOException or ArgumentException or UnauthorizedAccessException)
        {
            watcher?.Dispose();
            if (exception is IOException && Directory.Exists(directory))
                failed(exception.Message); // no inotify instance or watch is left, inotify(7)
        }
    }

    private void Remove(string directory)
    {
        if (_watchers.Remove(directory, out FileSystemWatcher? watcher))
            watcher.Dispose();
    }
}
