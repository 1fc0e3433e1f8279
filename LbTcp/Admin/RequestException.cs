namespace LbTcp.Admin;

/// <summary>A request cannot be answered as it was sent.</summary>
/// <param name="status">The HTTP status.</param>
/// <param name="detail">One sentence that says what is wrong, and the remedy where it is not obvious.</param>
internal sealed class RequestException(int status, string detail) : Exception(detail)
{
    /// <summary>The HTTP status.</summary>
    public int Status { get; } = status;
}
