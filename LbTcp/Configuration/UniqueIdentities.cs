namespace LbTcp.Configuration;

/// <summary>The identities of the entries of a list, of which no two entries may share one.</summary>
internal sealed class UniqueIdentities
{
    private readonly Dictionary<string, int> _positions = new(StringComparer.Ordinal);

    /// <summary>Adds the identities of an entry.</summary>
    /// <param name="identities">What makes the entry unique; may be empty.</param>
    /// <param name="position">Where the entry is: an index, a line.</param>
    /// <returns>The first identity that an earlier entry has, and the position of that entry; null if there is none.</returns>
    public (string Identity, int Position)? Add(IReadOnlyList<string> identities, int position)
    {
        foreach (string identity in identities)
        {
            if (!_positions.TryAdd(identity, position))
                return (identity, _positions[identity]);
        }

        return null;
    }
}
