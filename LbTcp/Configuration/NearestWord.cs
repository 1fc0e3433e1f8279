namespace LbTcp.Configuration;

/// <summary>Finds the known word that a misspelt one stands for.</summary>
internal static class NearestWord
{
    private const int MostEdits = 2;
    private const int LongestWord = 32;

    /// <summary>
    /// The word that is the fewest edits away, at most two (Levenshtein distance); null if none is near, or there are no words.
    /// </summary>
    public static string? Of(string text, IEnumerable<string> words)
    {
        if (text.Length > LongestWord)
            return null;
        string lower = text.ToLowerInvariant();
        int limit = Math.Min(MostEdits, text.Length - 1);
        return words.Select(word => (Word: word, Edits: Distance(lower, word)))
            .Where(near => near.Edits <= limit)
            .OrderBy(near => near.Edits)
            .Select(near => near.Word)
            .FirstOrDefault();
    }

    private static int Distance(string from, string to)
    {
        int[] row = [.. Enumerable.Range(0, to.Length + 1)];
        for (int i = 1; i <= from.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= to.Length; j++)
            {
                int replaced = diagonal + (from[i - 1] == to[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[^1];
    }
}
