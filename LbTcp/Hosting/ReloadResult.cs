namespace LbTcp.Hosting;

/// <summary>What a reload did.</summary>
/// <param name="Refusals">Why the configuration could not be applied, one sentence each; empty if it was applied.</param>
/// <param name="Added">The number of backends that were added.</param>
/// <param name="Changed">The number of backends with changed options.</param>
/// <param name="Removed">The number of backends that were removed.</param>
/// <param name="Unchanged">The number of backends that stayed as they were.</param>
/// <param name="HasChanges">Whether anything changed, backends or else.</param>
internal sealed record ReloadResult(
    IReadOnlyList<string> Refusals, int Added, int Changed, int Removed, int Unchanged, bool HasChanges);
