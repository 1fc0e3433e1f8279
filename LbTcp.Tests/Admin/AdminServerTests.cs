using System.Net;
using System.Text.Json.Nodes;

namespace LbTcp.Tests.Admin;

public class AdminServerTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task StartAsync_AddressOrUnixSocket_Answers(bool isUnix)
    {
        await using AdminFixture admin = await AdminFixture.StartAsync(isUnix: isUnix);
        (HttpStatusCode status, JsonNode body) = await admin.GetAsync("process");
        Assert.Equal((HttpStatusCode.OK, "1.2.3"), (status, (string?)body["version"]));
    }
}
