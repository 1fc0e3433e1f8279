namespace LbTcp.Configuration;

/// <summary>One backend as read from a text, and everything that is wrong with the text.</summary>
/// <param name="Options">
/// The options of the backend; null if its address is wrong. If there are problems, these are the ones that are right, to
/// find further mistakes with.
/// </param>
/// <param name="Problems">Every mistake, in the order of the text; empty if the text is valid.</param>
/// <param name="Columns">The column of the first option of each known key that occurs.</param>
internal sealed record BackendLineResult(
    BackendOptions? Options, IReadOnlyList<LineProblem> Problems, IReadOnlyDictionary<string, int> Columns)
{
    /// <summary>Whether the text is valid.</summary>
    public bool IsValid => Problems.Count == 0;
}
