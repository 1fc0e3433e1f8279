using LbTcp.Configuration;
using LbTcp.Configuration.Settings;

namespace LbTcp.Tests.Configuration.Sources;

public sealed class AccessReaderTests : ConfigurationScenario
{
    private const string TwoServices = """
        { "defaults": { "access_file": "access.txt" },
          "services": { "web": { "listen": 80, "backends": "a:1" }, "mail": { "listen": 25, "backends": "b:1" } } }
        """;

    [Fact]
    public void Read_AccessFile_IsRelativeToTheFileThatNamesItAndWatched()
    {
        string access = Write("access.txt", "deny 10.0.0.1\nallow 10.0.0.0/8\n");

        ConfigurationResult result = Read(Write("lbtcp.json", TwoServices));

        ServiceOptions[] services = [.. result.Options!.Services];
        Assert.All(services, service => Assert.Equal(access, service.Admission.AccessFile));
        Assert.Equal(["deny 10.0.0.1", "allow 10.0.0.0/8"], services[0].Admission.FileRules!.Rules.Select(rule => rule.ToString()));
        Assert.Same(services[0].Admission.FileRules, services[1].Admission.FileRules);
        Assert.Contains(access, result.Files);
    }

    [Fact]
    public void Read_BrokenAccessFile_IsReportedOnceAndStillWatched()
    {
        string access = Write("access.txt", "deny 10.0.0.1\nalow all\n");

        ConfigurationResult result = Read(Write("lbtcp.json", TwoServices));

        Assert.False(result.IsValid);
        Assert.Equal($"{access}:2:1", Assert.Single(result.Errors).Place);
        Assert.Contains(access, result.Files);
    }

    [Fact]
    public void Read_Again_IsEqualUntilTheContentChanges()
    {
        string access = Write("access.txt", "deny 10.0.0.1\n");
        Flags[ServiceSettings.Backends] = ["a:1"];
        Flags[AdmissionSettings.AccessFile] = [access];
        Flags[AdmissionSettings.Allow] = ["10.0.0.0/8", "::/0"];

        ServiceOptions first = Read().Options!.Services[0];
        ServiceOptions same = Read().Options!.Services[0];
        Write("access.txt", "deny 10.0.0.2\n");
        ServiceOptions other = Read().Options!.Services[0];

        Assert.Equal(first.Admission, same.Admission);
        Assert.Equal((first.Preface, first.Tls), (same.Preface, same.Tls));
        Assert.Empty(ServiceContents.ChangesBetween(first, same));
        Assert.NotEqual(first.Admission, other.Admission);
        SettingChange change = Assert.Single(ServiceContents.ChangesBetween(first, other));
        Assert.Equal(
            ("access_file", first.Admission.FileRules!.ToString(), other.Admission.FileRules!.ToString()),
            (change.Name, change.Old, change.New));
    }

    [Fact]
    public void ChangesBetween_OtherFile_IsOneChange()
    {
        Flags[ServiceSettings.Backends] = ["a:1"];
        Flags[AdmissionSettings.AccessFile] = [Write("a", "deny 10.0.0.1\n")];
        ServiceOptions before = Read().Options!.Services[0];
        Flags[AdmissionSettings.AccessFile] = [Write("b", "deny 10.0.0.2\n")];

        SettingChange change = Assert.Single(ServiceContents.ChangesBetween(before, Read().Options!.Services[0]));

        Assert.Equal(Path.Combine(Directory, "b"), change.New);
    }
}
