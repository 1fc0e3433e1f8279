using System.Globalization;
using LbTcp.Configuration;
using LbTcp.Connections.Linux;

namespace LbTcp.Hosting;

/// <summary>
/// Finds the files of the configuration that users can write who should not, or read if they hold a secret. The owner of a file, root, and
/// the groups of root and of this process are trusted: by these an operator grants access on purpose.
/// </summary>
/// <param name="identity">The user and the groups of this process; null if unknown: then nothing is found.</param>
internal sealed class FileExposure(ProcessIdentity? identity)
{
    private const UnixFileMode AnyGroup = UnixFileMode.GroupRead | UnixFileMode.GroupWrite;
    private const UnixFileMode AnyOther = UnixFileMode.OtherRead | UnixFileMode.OtherWrite;
    private const UnixFileMode GroupOrOtherRead = UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const UnixFileMode GroupOrOtherWrite = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    /// <summary>Returns what is wrong, in one sentence each with the remedy.</summary>
    public IEnumerable<string> Find(ConfigurationResult configuration)
    {
        if (identity is null)
            return [];
        HostOptions? options = configuration.Options;
        string[] tokens = [.. Paths(options?.AdminTokenFile).Select(Path.GetFullPath)];
        string[] files = [.. configuration.Files.Union(tokens).Where(file => FilePermissions.Of(file) is { IsFile: true })];
        IEnumerable<string?> warnings =
        [
            .. files.Select(DescribeWriters),
            .. KeysOf(options).Select(Path.GetFullPath).Distinct().Select(key => DescribeReaders(key, "a private key")),
            .. tokens.Select(file => DescribeReaders(file, "the token of the admin endpoint")),
            .. files.Concat(OwnFilesOf(options)).DistinctBy(Path.GetDirectoryName).Select(DescribeFolder),
        ];
        return warnings.OfType<string>();
    }

    private string? DescribeWriters(string file)
    {
        if (WhoOf(file, GroupOrOtherWrite) is not { } who || FilePermissions.IsReadOnly(file))
            return null;
        string name = TextFile.NameOf(file);
        return $"{name} is writable by {who.Text}, who can change what LbTcp does; run 'chmod {who.Classes}-w {name}'.";
    }

    private string? DescribeReaders(string file, string secret)
    {
        if (WhoOf(file, GroupOrOtherRead) is not { } who)
            return null;
        string name = TextFile.NameOf(file);
        string remedy = identity!.User == 0 || FilePermissions.Of(file)?.Owner == identity.User
            ? $"'chmod 600 {name}'"
            : $"'chown {identity.User} {name}' and 'chmod 600 {name}'"; // else this process could not read it any more
        return $"{name} holds {secret} and is readable by {who.Text}; run {remedy}.";
    }

    // Who may write to a folder can replace its files, unless its sticky bit leaves that to their owners.
    private string? DescribeFolder(string file)
    {
        string folder = Path.GetDirectoryName(file) ?? "/";
        if (FilePermissions.Of(folder) is not { } permissions || permissions.Mode.HasFlag(UnixFileMode.StickyBit)
            || WhoOf(folder, GroupOrOtherWrite) is not { } who || FilePermissions.IsReadOnly(folder))
            return null;
        return $"The folder {SafeText.Escape(folder)} is writable by {who.Text}, who can replace {TextFile.NameOf(file)}; "
            + $"run 'chmod {who.Classes}-w {SafeText.Escape(folder)}'.";
    }

    // The users whom the bits grant something to that they should not have, and the letters of their classes.
    private (string Text, string Classes)? WhoOf(string path, UnixFileMode bits)
    {
        if (FilePermissions.Of(path) is not { } permissions)
            return null;
        UnixFileMode granted = permissions.Mode & bits;
        bool isGroup = (granted & AnyGroup) != 0 && permissions.Group != 0 && !identity!.Groups.Contains(permissions.Group);
        if ((granted & AnyOther) != 0)
            return ("every user of this system", isGroup ? "go" : "o");
        return isGroup ? (string.Create(CultureInfo.InvariantCulture, $"its group (gid {permissions.Group})"), "g") : null;
    }

    private static IEnumerable<string> Paths(string? path) => path is null ? [] : [path];

    private static IEnumerable<string> KeysOf(HostOptions? options) => (options?.Services ?? []).SelectMany(service =>
        (service.Tls.Certificates?.All ?? []).Select(file => file.KeyPath)
            .Concat(service.Backends.Select(backend => backend.TlsKeyFile ?? backend.TlsCertificateFile).OfType<string>()));

    // The files that this process creates: log and sockets.
    private static IEnumerable<string> OwnFilesOf(HostOptions? options) => options is null ? [] : Paths(options.LogFile)
        .Concat(options.Services.SelectMany(service => service.Listen).Append(options.Admin)
            .Select(address => address?.Unix)
            .Where(unix => unix is { IsAbstract: false })
            .Select(unix => unix!.Path))
        .Select(Path.GetFullPath);
}
