using System.Net;
using LbTcp.Admission;
using LbTcp.Configuration;
using LbTcp.Tests.TestDoubles;

namespace LbTcp.Tests.Admission;

public sealed class AccessControlTests
{
    private static readonly IPAddress _client = IPAddress.Parse("10.0.0.1");

    [Fact]
    public void Decide_OptionsChange_GoesByTheNewRules()
    {
        var options = new CurrentOptions<AdmissionOptions>(new AdmissionOptions());
        var access = new AccessControl(options);
        Assert.Equal((false, true), (access.HasRules, access.Decide(_client).IsAdmitted));

        options.Replace(Access.File("deny 10.0.0.1"));
        Assert.Equal((true, false), (access.HasRules, access.Decide(_client).IsAdmitted));

        options.Replace(new AdmissionOptions());
        Assert.Equal((false, true), (access.HasRules, access.Decide(_client).IsAdmitted));
    }
}
