namespace LbTcp.Discovery;

/// <summary>
/// The content of a file of the system, read again when the file has changed. A file that is missing is empty; one that cannot be read
/// keeps its last content. Safe for use by any number of threads; reads of files block the caller.
/// </summary>
/// <param name="path">The file.</param>
/// <param name="parse">Converts its text.</param>
/// <param name="timeProvider">The clock.</param>
internal sealed class ParsedFile<T>(string path, Func<string, T> parse, TimeProvider timeProvider)
    where T : class
{
    private static readonly TimeSpan _pause = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private T? _content;
    private FileStamp _stamp;
    private long _lookedAt;

    /// <summary>The content; at most a second old.</summary>
    public T Current
    {
        get
        {
            lock (_gate)
            {
                if (_content is not null && timeProvider.GetElapsedTime(_lookedAt) < _pause)
                    return _content;
                _lookedAt = timeProvider.GetTimestamp();
                return _content = Read() ?? _content ?? parse("");
            }
        }
    }

    // Null if the content is the same or cannot be read. The stamp is taken before the text: a change in between is found the next time.
    private T? Read()
    {
        try
        {
            var stamp = FileStamp.Read(path);
            if (_content is not null && stamp == _stamp)
                return null;
            T content = parse(stamp.Kind is FileKind.Missing ? "" : File.ReadAllText(path));
            _stamp = stamp;
            return content;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
