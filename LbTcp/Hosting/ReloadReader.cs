using LbTcp.Configuration;
using LbTcp.Discovery;

namespace LbTcp.Hosting;

/// <summary>Reads the configuration of a running process again, and follows the files that it is read from.</summary>
internal sealed class ReloadReader
{
    private readonly Func<ConfigurationResult> _read;
    private readonly FileWatch _watch;
    private readonly DirectoryHints _hints;

    /// <summary>Begins to follow the files of the running configuration.</summary>
    /// <param name="files">The files.</param>
    /// <param name="read">Reads the whole configuration; may block while it reads files.</param>
    /// <param name="watch">Watches the files.</param>
    /// <param name="hints">Watches their directories.</param>
    public ReloadReader(IReadOnlyList<string> files, Func<ConfigurationResult> read, FileWatch watch, DirectoryHints hints)
    {
        _read = read;
        _watch = watch;
        _hints = hints;
        _ = watch.Follow(files);
        watch.Suspect();
        hints.Follow(files);
    }

    /// <summary>Reads the configuration, and changes nothing else. May be called on any thread.</summary>
    public ConfigurationResult ReadForPlan() => FindUnreadable() ?? _read();

    /// <summary>Reads the configuration, and follows its files from now on.</summary>
    public ConfigurationResult Read()
    {
        if (FindUnreadable() is { } unreadable)
            return unreadable;

        // The stamps of the files are taken before their content is read: a change in between is found by the next poll.
        _watch.Restart();
        ConfigurationResult configuration = _read();
        if (!_watch.Follow(configuration.Files))
            return configuration;
        _hints.Follow(configuration.Files);
        return FindUnreadable() ?? _read();
    }

    private ConfigurationResult? FindUnreadable()
    {
        if (_watch.FindReadableOnce() is not { } file)
            return null;
        string name = TextFile.NameOf(file);
        string message = $"{name} is not a regular file, so it cannot be read again; restart lbtcp to apply a change.";
        return new ConfigurationResult(null, [new ConfigurationError(name, message)], [file]);
    }
}
