using LbTcp.Health;

namespace LbTcp.Tests.Health;

public class ProbePlacesTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 1)]
    [InlineData(16, 14)]
    [InlineData(800, 700)]
    public void TryTake_SuspectedBackends_GetSevenEighthsOfThePlacesAndOthersTheRest(int limit, int expected)
    {
        var places = new ProbePlaces(limit, lateLimit: 128);

        int suspected = Take(places, isSuspected: true);
        int others = Take(places, isSuspected: false);

        Assert.Equal((expected, limit - expected), (suspected, others));
    }

    [Fact]
    public void TryTake_OthersHaveAllPlaces_NoneIsLeftForSuspectedBackends()
    {
        var places = new ProbePlaces(8, lateLimit: 128);
        Assert.Equal(8, Take(places, isSuspected: false));
        Assert.False(places.IsFree(isSuspected: true));
        Assert.False(places.TryTake(isSuspected: true));

        places.Return(isSuspected: false);

        Assert.True(places.IsFree(isSuspected: true));
        Assert.Equal(1, Take(places, isSuspected: true));
    }

    [Fact]
    public void Return_PlaceOfASuspectedBackend_IsFreeForAnother()
    {
        var places = new ProbePlaces(16, lateLimit: 128);
        Assert.Equal(14, Take(places, isSuspected: true));
        Assert.False(places.IsFree(isSuspected: true));

        places.Return(isSuspected: true);

        Assert.Equal(1, Take(places, isSuspected: true));
    }

    private static int Take(ProbePlaces places, bool isSuspected)
    {
        int taken = 0;
        while (places.TryTake(isSuspected))
            taken++;
        return taken;
    }
}
