namespace LbTcp.Hosting.Operations;

/// <summary>The result of a change that an operator requested.</summary>
/// <param name="Status">Whether it was made.</param>
/// <param name="Message">One sentence that says what was done, or why not.</param>
internal sealed record ChangeResult(ChangeStatus Status, string Message);

/// <summary>Whether a requested change was made.</summary>
internal enum ChangeStatus
{
    /// <summary>It was made.</summary>
    Done,

    /// <summary>Everything was as requested already.</summary>
    Unchanged,

    /// <summary>There is no such service, backend or connection.</summary>
    NotFound,

    /// <summary>It contradicts the configuration or a limit.</summary>
    Refused,
}
