namespace LbTcp.Hosting.Operations;

/// <summary>The result of a reload that an operator requested.</summary>
/// <param name="Applied">Whether the changes were made; false for a dry run and for a refusal.</param>
/// <param name="Errors">Why it was refused, each as <c>file:line:column: sentence</c>; empty if it was not.</param>
/// <param name="Changes">What was or would be changed, each as the words of the log.</param>
internal sealed record ReloadReport(bool Applied, IReadOnlyList<string> Errors, IReadOnlyList<string> Changes);
