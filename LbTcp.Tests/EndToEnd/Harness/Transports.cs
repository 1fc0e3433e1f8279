namespace LbTcp.Tests.EndToEnd.Harness;

/// <summary>The transports that what moves bytes is tested with, one row each.</summary>
internal sealed class Transports : TheoryData<string>
{
    /// <summary>Their names as given to <c>--transport</c>.</summary>
    public static readonly string[] Names = ["sockets"];

    public Transports() => AddRange(Names);
}
