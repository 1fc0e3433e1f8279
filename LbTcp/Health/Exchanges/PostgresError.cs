namespace LbTcp.Health.Exchanges;

/// <summary>An ErrorResponse of PostgreSQL.</summary>
/// <param name="State">The SQLSTATE; empty if there is none.</param>
/// <param name="Text">The message for the log; the SQLSTATE if there is none.</param>
/// <seealso href="https://www.postgresql.org/docs/current/errcodes-appendix.html"/>
internal readonly record struct PostgresError(string State, string Text)
{
    private const string UnknownDatabase = "3D000";
    private const string InsufficientPrivilege = "42501";

    /// <summary>Whether the server refuses the user or the database of the check (class 28 and others); other clients may log in.</summary>
    public bool RefusesAccount => State.StartsWith("28", StringComparison.Ordinal) || State is UnknownDatabase or InsufficientPrivilege;

    /// <summary>Reads the fields: a type of one byte and a text that ends with a null byte, each.</summary>
    public static PostgresError Read(ReadOnlySpan<byte> fields)
    {
        string state = "", text = "";
        while (fields is [not 0, ..])
        {
            int end = fields.IndexOf((byte)0);
            ReadOnlySpan<byte> value = end < 0 ? fields[1..] : fields[1..end];
            if (fields[0] is (byte)'C')
                state = AnswerText.Of(value);
            else if (fields[0] is (byte)'M')
                text = AnswerText.Of(value);
            fields = end < 0 ? default : fields[(end + 1)..];
        }

        return new PostgresError(state, text.Length > 0 ? text : $"error {state}".TrimEnd());
    }
}
