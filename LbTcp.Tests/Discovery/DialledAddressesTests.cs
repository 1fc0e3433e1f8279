using System.Net;
using LbTcp.Discovery;
using Microsoft.Extensions.Time.Testing;

namespace LbTcp.Tests.Discovery;

public class DialledAddressesTests
{
    private static readonly IPEndPoint _a = IPEndPoint.Parse("192.0.2.1:80");
    private static readonly IPEndPoint _b = IPEndPoint.Parse("192.0.2.2:80");
    private static readonly IPEndPoint _c = IPEndPoint.Parse("192.0.2.3:80");

    private readonly DialledAddresses _addresses = new();

    [Fact]
    public void BeginFailure_AddressHasFailed_IsNotLoggedAgain()
    {
        Assert.True(BeginFailure(_a, _a, _b));
        Assert.True(BeginFailure(_b, _a, _b));
        Assert.False(BeginFailure(_a, _a, _b));
    }

    [Fact]
    public void BeginFailure_AddressIsNoLongerOfTheBackend_IsForgotten()
    {
        Assert.True(BeginFailure(_a, _a));
        Assert.True(BeginFailure(_b, _b));

        Assert.True(BeginFailure(_a, _a, _b));
    }

    [Fact]
    public void Order_AddressesHaveFailed_ComesToThemAfterTheOthers()
    {
        EndPoint[] all = [_a, _b, _c];
        _addresses.Failed(_a);
        Assert.Equal([_b, _c, _a], _addresses.Order(all).EndPoints);
        _addresses.Failed(_b);
        Assert.Equal([_c, _a, _b], _addresses.Order(all).EndPoints);
        _addresses.Answered(_a);
        Assert.Equal((_a, true), (_addresses.Order(all)[0], _addresses.Order(all).IsFirstKnown));
        _addresses.Failed(_a);
        Assert.Equal([_c, _b, _a], _addresses.Order(all).EndPoints);
    }

    private bool BeginFailure(IPEndPoint endPoint, params EndPoint[] all) =>
        _addresses.BeginFailure(endPoint.Address, all, new FakeTimeProvider(), TimeSpan.FromMinutes(1));
}
