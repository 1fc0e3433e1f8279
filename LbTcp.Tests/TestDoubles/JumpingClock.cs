using Microsoft.Extensions.Time.Testing;

namespace LbTcp.Tests.TestDoubles;

/// <summary>A clock that stands still until the test moves it, and whose time of day can be set without any time passing.</summary>
internal sealed class JumpingClock : FakeTimeProvider
{
    private TimeSpan _error;

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + _error;

    // The base class derives it from the time of day, in ticks.
    public override long GetTimestamp() => base.GetTimestamp() - _error.Ticks;

    /// <summary>Sets the time of day, as an operator does or a time server: forwards, or backwards when negative.</summary>
    public void Jump(TimeSpan distance) => _error += distance;
}
