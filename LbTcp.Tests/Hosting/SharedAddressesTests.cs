using System.Net;
using LbTcp.Backends;
using LbTcp.Hosting;
using LbTcp.Tests.TestDoubles;

namespace LbTcp.Tests.Hosting;

public sealed class SharedAddressesTests
{
    [Fact]
    public void Describe_TwoNamesHaveTheSameAddresses_IsOneWarningThatNamesBoth()
    {
        BackendPool pool = Pools.Of("a:80", "b:80", "c:80");
        EndPoint[] shared = [IPEndPoint.Parse("10.0.0.1:80"), IPEndPoint.Parse("10.0.0.2:80")];
        (pool.Named("a:80").EndPoints, pool.Named("b:80").EndPoints) = (shared, shared);
        pool.Named("c:80").EndPoints = [IPEndPoint.Parse("10.0.0.1:81")];

        string warning = Assert.Single(SharedAddresses.Describe(pool.GetAllBackends()));

        Assert.StartsWith("The backends a:80 and b:80 have the address 10.0.0.1:80 in common;", warning, StringComparison.Ordinal);
    }
}
