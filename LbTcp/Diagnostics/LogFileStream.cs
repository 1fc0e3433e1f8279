using System.Runtime.InteropServices;
using LbTcp.Configuration;
using Microsoft.Extensions.Logging;

namespace LbTcp.Diagnostics;

/// <summary>
/// A file that log lines are appended to, wherever its end is: it may be truncated, and another process may append to it as well. It can be
/// opened again under its name while lines are written, after it was renamed.
/// </summary>
internal sealed partial class LogFileStream : Stream
{
    private const int SetStatusFlags = 4; // F_SETFL
    private const int Append = 0x400; // O_APPEND of Linux, except on MIPS and SPARC, which .NET does not run on
    private const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead;

    private readonly Lock _gate = new();
    private readonly string _path;
    private FileStream _file;

    /// <summary>Opens a file, and creates it with mode 640 if there is none.</summary>
    /// <exception cref="IOException">It cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written, or is a directory.</exception>
    public LogFileStream(string path)
    {
        _path = path;
        _file = OpenFile(path);
    }

    /// <inheritdoc/>
    public override bool CanRead => false;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Says why a file cannot be opened, as the end of a sentence.</summary>
    public static string Explain(string path, Exception exception) => exception switch
    {
        DirectoryNotFoundException => "its directory does not exist",
        UnauthorizedAccessException when Directory.Exists(path) => "it is a directory",
        UnauthorizedAccessException => "permission denied",
        _ => SafeText.Escape(exception.Message).TrimEnd('.'),
    };

    /// <summary>
    /// Opens the file of this name again; if that is not possible, the open one stays in use. May be called from any thread.
    /// </summary>
    /// <param name="logger">Logs the result, into the file that is then in use.</param>
    public void Reopen(ILogger logger)
    {
        try
        {
            FileStream next = OpenFile(_path);
            FileStream last;
            lock (_gate)
                (last, _file) = (_file, next);
            last.Dispose();
            Log.LogFileReopened(logger, _path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Log.LogFileNotReopened(logger, _path, Explain(_path, exception));
        }
    }

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        lock (_gate)
            _file.Write(buffer);
    }

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override void Flush()
    {
        // Nothing is buffered.
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        lock (_gate)
            _file.Dispose();
        base.Dispose(disposing);
    }

    private static FileStream OpenFile(string path)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.Append,
            Access = FileAccess.Write,
            Share = FileShare.ReadWrite | FileShare.Delete,
            BufferSize = 0,
        };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = Mode;
        var file = new FileStream(path, options);

        // FileMode.Append is the end when the file was opened. Where this is refused, that has to do.
        if (OperatingSystem.IsLinux())
            _ = Control(file.SafeFileHandle, SetStatusFlags, Append);
        return file;
    }

    /// <summary>fcntl(2) with an integer argument</summary>
    [LibraryImport("libc", EntryPoint = "fcntl")]
    private static partial int Control(SafeHandle descriptor, int command, int argument);

    private static partial class Log
    {
        [LoggerMessage(EventIds.LogFileReopened, LogLevel.Information, "log file opened again file={File}")]
        public static partial void LogFileReopened(ILogger logger, string file);

        [LoggerMessage(
            EventIds.LogFileNotReopened, LogLevel.Error, "log file cannot be opened again, keeping the open one file={File} error={Error}")]
        public static partial void LogFileNotReopened(ILogger logger, string file, string error);
    }
}
