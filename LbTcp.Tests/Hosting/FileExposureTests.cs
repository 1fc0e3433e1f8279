using System.Runtime.Versioning;
using LbTcp.Configuration;
using LbTcp.Connections.Linux;
using LbTcp.Hosting;
using LbTcp.Tests.TestDoubles;

namespace LbTcp.Tests.Hosting;

[UnsupportedOSPlatform("windows")]
public sealed class FileExposureTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly string _file;
    private readonly uint _group;
    private readonly uint _owner;

    public FileExposureTests()
    {
        _file = _directory.Write("backends.txt", "a:1");
        FilePermissions permissions = FilePermissions.Of(_file) ?? default;
        (_owner, _group) = (permissions.Owner, permissions.Group);
    }

    public void Dispose() => _directory.Dispose();

    [SkippableTheory]
    [InlineData("644", null)]
    [InlineData("664", null)]
    [InlineData("600", null)]
    [InlineData("646", "o")]
    [InlineData("666", "o")]
    public void Find_FileOfTheConfiguration_WarnsIfEveryUserCanWrite(string mode, string? remedy)
    {
        Assert.Equal(
            remedy is null
                ? []
                : [$"{_file} is writable by every user of this system, who can change what LbTcp does; run 'chmod {remedy}-w {_file}'."],
            Find(Mode(_file, mode)));
    }

    [SkippableTheory]
    [InlineData("664", "its group (gid {0})", "g")]
    [InlineData("666", "every user of this system", "go")]
    public void Find_GroupThatIsNeitherRootsNorOwn_IsNotTrusted(string mode, string who, string remedy)
    {
        string file = Mode(_file, mode);
        uint foreign = MakeForeign(file);

        Assert.Equal(
            [
                $"{file} is writable by {string.Format(null, who, foreign)}, who can change what LbTcp does; "
                    + $"run 'chmod {remedy}-w {file}'.",
            ],
            new FileExposure(new ProcessIdentity(_owner, [])).Find(new ConfigurationResult(Options(), [], [file])));
    }

    [SkippableTheory]
    [InlineData("600", false)]
    [InlineData("640", false)] // by a group such as ssl-cert, of which the process is a member
    [InlineData("644", true)]
    [InlineData("604", true)]
    public void Find_PrivateKey_WarnsIfEveryUserCanRead(string mode, bool isWarning)
    {
        string key = Mode(_directory.Write("key.pem", TestCertificates.Localhost.ToPem()), mode);

        Assert.Equal(
            isWarning ? [$"{key} holds a private key and is readable by every user of this system; run 'chmod 600 {key}'."] : [],
            Find(Certificates(key), key));
    }

    [SkippableFact]
    public void Find_KeyOfAnotherUser_SaysHowThisProcessCanStillReadIt()
    {
        string key = Mode(_directory.Write("key.pem", TestCertificates.Localhost.ToPem()), "644");
        var stranger = new ProcessIdentity(_owner + 1, [_group]);

        Assert.Equal(
            [
                $"{key} holds a private key and is readable by every user of this system; "
                    + $"run 'chown {_owner + 1} {key}' and 'chmod 600 {key}'.",
            ],
            new FileExposure(stranger).Find(new ConfigurationResult(Certificates(key), [], [key])));
    }

    [SkippableFact]
    public void Find_KeyForBackends_IsFoundAsWell()
    {
        string key = Mode(_directory.Write("key.pem", TestCertificates.Localhost.ToPem()), "644");
        Assert.True(BackendLine.TryParseLine($"a:1 tls=on tls_cert={key}", out BackendOptions? backend, out _));

        Assert.Contains(
            "holds a private key", Assert.Single(Find(Options(new ServiceOptions { Backends = [backend] }))), StringComparison.Ordinal);
    }

    [SkippableTheory]
    [InlineData("600", false)]
    [InlineData("640", false)]
    [InlineData("604", true)]
    public void Find_Token_WarnsIfEveryUserCanRead(string mode, bool isWarning)
    {
        string token = Mode(_directory.Write("token", "secret"), mode);

        Assert.Equal(
            isWarning
                ? [$"{token} holds the token of the admin endpoint and is readable by every user of this system; run 'chmod 600 {token}'."]
                : [],
            Find(Options() with { AdminTokenFile = token }));
    }

    [SkippableTheory]
    [InlineData("755", false)]
    [InlineData("1777", false)] // as /tmp: only the owner of a file can replace it
    [InlineData("757", true)]
    public void Find_Folder_WarnsIfEveryUserCanReplaceItsFiles(string mode, bool isWarning)
    {
        string folder = Mode(_directory.Path, mode);
        string[] expected = isWarning
            ? [$"The folder {folder} is writable by every user of this system, who can replace {_file}; run 'chmod o-w {folder}'."]
            : [];

        Assert.Equal(expected, Find(_file));
    }

    [SkippableFact]
    public void Find_FoldersOfSockets_AreExamined()
    {
        string folder = Mode(_directory.Path, "757");
        Assert.True(AdminAccess.TryParseAddress($"unix:{folder}/admin.sock", out ListenAddress? admin, out _));

        Assert.Contains(
            $"who can replace {folder}/admin.sock",
            Assert.Single(Find(Options() with { Admin = admin })),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Find_WhatIsNoFile_IsNotExamined() => Assert.Empty(Find("/dev/null", _directory["missing"], _directory.Path));

    private static string Mode(string path, string mode)
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "the permissions are those of Linux");
        File.SetUnixFileMode(path, (UnixFileMode)Convert.ToInt32(mode, 8));
        return path;
    }

    // A file of root's group, as in a test run of root, gets another one.
    private uint MakeForeign(string file)
    {
        const uint Foreign = 54321;
        if (_group != 0)
            return _group;
        Assert.Equal(0, LinuxFiles.ChangeOwner(LinuxFiles.WorkingDirectory, file, LinuxFiles.Unchanged, Foreign, 0));
        return Foreign;
    }

    private static HostOptions Options(ServiceOptions? service = null) => new() { Services = service is null ? [] : [service] };

    private static HostOptions Certificates(string path)
    {
        Assert.True(CertificateFile.TryRead(path, null, out CertificateFile? file, out _));
        return Options(new ServiceOptions { Backends = [], Tls = new TlsOptions { Certificates = new CertificateSet([file]) } });
    }

    private IEnumerable<string> Find(params string[] files) => Find(Options(), files);

    private IEnumerable<string> Find(HostOptions options, params string[] files) =>
        new FileExposure(new ProcessIdentity(_owner, [_group])).Find(new ConfigurationResult(options, [], files));
}
