using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace LbTcp.Configuration;

/// <summary>
/// The address of a unix socket, see unix(7): <c>unix:/path</c> of a file, or <c>unix:@name</c> in the abstract namespace of Linux. The
/// framework's own type deletes the file of a socket that it closes, even if it is that of another process by then.
/// </summary>
/// <param name="path">The absolute path, or a name that begins with <c>@</c>; empty for the unnamed end of a connection.</param>
/// <param name="access">Who may connect, for a socket that listens; does not count for equality.</param>
internal sealed class UnixEndPoint(string path, UnixFileAccess? access = null) : EndPoint
{
    /// <summary>Begins the address of a unix socket.</summary>
    public const string Prefix = "unix:";

    /// <summary>The maximum length of a path in bytes: the system's 108, less the null at the end (<c>sun_path</c> of unix(7)).</summary>
    public const int MaxPathBytes = 107;

    private const int PathOffset = 2; // of sun_path in struct sockaddr_un

    /// <summary>The absolute path, or the name in the abstract namespace with its <c>@</c>.</summary>
    public string Path { get; } = path;

    /// <summary>Whether there is no file.</summary>
    public bool IsAbstract => Path.StartsWith('@');

    /// <summary>Whether this is the unnamed end of a connection.</summary>
    public bool IsUnnamed => Path.Length == 0;

    /// <summary>Who may connect, for a socket that listens.</summary>
    public UnixFileAccess Access { get; } = access ?? UnixFileAccess.Default;

    /// <inheritdoc/>
    public override AddressFamily AddressFamily => AddressFamily.Unix;

    /// <summary>Whether a text is meant as the address of a unix socket; <c>unix:80</c> is a host of that name.</summary>
    public static bool IsMeant(string text) =>
        text.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)
        && (text.Length == Prefix.Length || text.AsSpan(Prefix.Length).ContainsAnyExceptInRange('0', '9'));

    /// <summary>Reads <c>unix:/path</c> or <c>unix:@name</c>.</summary>
    /// <param name="text">A text that <see cref="IsMeant"/> as one.</param>
    /// <param name="endPoint">The address if it is one.</param>
    /// <param name="problem">Otherwise what is wrong, as a sentence without the text itself.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out UnixEndPoint? endPoint, [NotNullWhen(false)] out string? problem)
    {
        string path = Normalize(text[Prefix.Length..]);
        problem = FindProblem(path);
        endPoint = problem is null ? new UnixEndPoint(path) : null;
        return endPoint is not null;
    }

    /// <summary>Reads <c>sun_path</c> of an address that the system has written.</summary>
    public static UnixEndPoint Read(ReadOnlySpan<byte> path)
    {
        if (path.IsEmpty)
            return new UnixEndPoint("");
        if (path[0] == 0)
            return new UnixEndPoint($"@{Encoding.UTF8.GetString(path[1..])}");
        int end = path.IndexOf((byte)0);
        return new UnixEndPoint(Encoding.UTF8.GetString(end < 0 ? path : path[..end]));
    }

    /// <inheritdoc/>
    public override SocketAddress Serialize()
    {
        byte[] path = Encoding.UTF8.GetBytes(Path);
        var address = new SocketAddress(AddressFamily.Unix, PathOffset + path.Length + (IsAbstract ? 0 : 1));
        path.CopyTo(address.Buffer.Span[PathOffset..]);
        if (IsAbstract)
            address[PathOffset] = 0;
        return address;
    }

    /// <inheritdoc/>
    public override EndPoint Create(SocketAddress socketAddress) =>
        Read(socketAddress.Buffer.Span[PathOffset..Math.Max(PathOffset, socketAddress.Size)]);

    /// <inheritdoc/>
    public override bool Equals(object? comparand) => comparand is UnixEndPoint other && other.Path == Path;

    /// <inheritdoc/>
    public override int GetHashCode() => string.GetHashCode(Path, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override string ToString() => Prefix + Path;

    // ".." stays: after a symbolic link, it is not the directory that is written before it.
    private static string Normalize(string path)
    {
        if (!path.StartsWith('/'))
            return path;
        string[] parts = path.Split('/');
        string end = parts[^1] is "" or "." ? "/" : "";
        return $"/{string.Join('/', parts.Where(part => part is not ("" or ".")))}{end}";
    }

    private static string? FindProblem(string path)
    {
        if (!path.StartsWith('/') && !path.StartsWith('@'))
            return "the path is not absolute; write unix:/path, or unix:@name for a name without a file.";
        if (path.EndsWith('/') || path.EndsWith("/..", StringComparison.Ordinal) || path == "@")
            return "the name is missing; write unix:/path, or unix:@name for a name without a file.";
        if (path.Any(char.IsControl))
            return "the path has a control character.";
        return Encoding.UTF8.GetByteCount(path) > MaxPathBytes
            ? $"the path is longer than {MaxPathBytes} bytes, the system's maximum for a socket."
            : null;
    }
}
