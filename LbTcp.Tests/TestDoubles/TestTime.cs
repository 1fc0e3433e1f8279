namespace LbTcp.Tests.TestDoubles;

/// <summary>Deadlines of tests.</summary>
internal static class TestTime
{
    /// <summary>How long a test waits for what has to happen before it counts as failed; never reached when all is well.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
}
