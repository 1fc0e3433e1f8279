using LbTcp.Backends;
using NSubstitute;

namespace LbTcp.Tests.Forwarding;

/// <summary>When picks avoid a backend because it is silent.</summary>
public sealed class HeldBackendTests : FirstByteScenario
{
    [Fact]
    public void Look_ThreeWaitForLongerThanUsual_HoldsTheBackendUntilItAnswersOne()
    {
        WatchedConnection[] waiting = [Request(), Request(), Request()];
        PassMilliseconds(10);
        Assert.False(Backend.IsHeld);
        PassMilliseconds(5);
        Assert.True(Backend.IsHeld);

        PassMilliseconds(300);
        Assert.True(Backend.IsHeld);
        waiting[1].Answer();
        PassMilliseconds(5);

        Assert.False(Backend.IsHeld);
        PassMilliseconds(100); // the other two began to wait before the answer
        Assert.False(Backend.IsHeld);
    }

    [Theory]
    [InlineData(2, 3, false)]
    [InlineData(2, 2, true)]
    [InlineData(1, 1, true)]
    public void Look_SoManyWait_HoldsIfTheyWouldEject(int waiting, int needed, bool isHeld)
    {
        Tracker.SilencesLeft(Backend).Returns(needed);
        for (int i = 0; i < waiting; i++)
            _ = Request();

        PassMilliseconds(50);

        Assert.Equal(isHeld, Backend.IsHeld);
    }

    [Fact]
    public void Look_BackendUsuallyTakesLong_WaitsFourTimesAsLong()
    {
        WatchedConnection known = Request();
        PassMilliseconds(100);
        known.Answer();
        PassMilliseconds(5);
        for (int i = 0; i < 3; i++)
            _ = Request();

        PassMilliseconds(380);
        Assert.False(Backend.IsHeld);
        PassMilliseconds(30);
        Assert.True(Backend.IsHeld);
    }

    // A long poll beside requests that are answered says nothing, and does not hide later silence.
    [Fact]
    public void Look_OthersWereAnsweredMeanwhile_OnlyLaterWaitsCount()
    {
        for (int i = 0; i < 5; i++)
            _ = Request();
        WatchedConnection answered = Request();
        PassMilliseconds(5);
        answered.Answer();
        PassMilliseconds(100);
        Assert.False(Backend.IsHeld);

        for (int i = 0; i < 3; i++)
            _ = Request();
        PassMilliseconds(30);

        Assert.True(Backend.IsHeld);
    }

    [Fact]
    public void Look_ClientsThatSayNothing_DoNotCount()
    {
        for (int i = 0; i < 5; i++)
            _ = Connect();

        PassMilliseconds(200);

        Assert.False(Backend.IsHeld);
    }

    [Fact]
    public void Look_NobodyWaitsAnyMore_EndsTheHoldAfterTheEjectionIsDecided()
    {
        for (int i = 0; i < 3; i++)
            _ = Request();
        PassMilliseconds(495);
        Assert.True(Backend.IsHeld);

        PassMilliseconds(5); // they time out
        AssertBlamed(3);
        Assert.True(Backend.IsHeld);
        PassMilliseconds(50);

        Assert.False(Backend.IsHeld);
        Assert.Equal(Timeout.InfiniteTimeSpan, Watch.Tick);
    }

    [Fact]
    public void Look_WaitsLast_KeepsTheHoldOnLongTicks()
    {
        SetLimit(TimeSpan.FromSeconds(10));
        for (int i = 0; i < 3; i++)
            _ = Request();

        PassMilliseconds(9_500);
        Assert.True(Backend.IsHeld);

        WatchedConnection late = Request();
        late.Answer();
        PassMilliseconds(10);
        Assert.False(Backend.IsHeld);
    }

    [Fact]
    public void Begin_OnTrial_HoldsTheBackendAtOnceUntilTheOneClientIsAnswered()
    {
        Tracker.IsOnTrial(Backend).Returns(true);
        var trial = new WatchedConnection(1, Backend, Clock);

        Watch.Begin(trial.Connection);
        Assert.True(Backend.IsHeld);
        trial.ToBackend.Send(1);
        PassMilliseconds(200);
        Assert.True(Backend.IsHeld);
        trial.Answer();
        PassMilliseconds(5);

        Assert.False(Backend.IsHeld);
    }

    [Fact]
    public void Begin_OnTrialButTheClientSaysNothing_IsHeldForAMoment()
    {
        Tracker.IsOnTrial(Backend).Returns(true);

        _ = Connect();
        Assert.True(Backend.IsHeld);
        PassMilliseconds(55);

        Assert.False(Backend.IsHeld);
    }

    [Fact]
    public void Look_OneIsSilent_HoldsNoOther()
    {
        Backend other = Pool.GetAllBackends()[1];
        _ = Request(other);
        for (int i = 0; i < 3; i++)
            _ = Request();

        PassMilliseconds(50);

        Assert.True(Backend.IsHeld);
        Assert.False(other.IsHeld);
    }
}
