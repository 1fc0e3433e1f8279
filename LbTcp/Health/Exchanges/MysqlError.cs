using System.Buffers.Binary;

namespace LbTcp.Health.Exchanges;

/// <summary>An error packet of MySQL or MariaDB.</summary>
/// <param name="Code">The number of the error.</param>
/// <param name="Text">The message for the log; the number if there is none.</param>
/// <seealso href="https://dev.mysql.com/doc/mysql-errors/8.4/en/server-error-reference.html"/>
/// <seealso href="https://mariadb.com/kb/en/mariadb-error-codes/"/>
internal readonly record struct MysqlError(int Code, string Text)
{
    private const int CodeEnd = 3;
    private const int StateLength = 6; // # and the SQLSTATE, sent after the greeting only

    /// <summary>Whether the server refuses the account of the check; other accounts may log in.</summary>
    public bool RefusesAccount => Code is
        1044 // access denied to the database
        or 1045 // access denied
        or 1251 // the account has an authentication method that this client does not know
        or 1275 // the account has a password in an outdated format
        or 1524 // the authentication method of the account is not installed
        or 1698 // access denied, such as to an account that is identified by its unix socket
        or 1820 or 1862 // the password has expired
        or 3118 or 4151 // the account is locked: MySQL, MariaDB
        or 3159; // the server requires TLS

    /// <summary>Reads an error packet.</summary>
    /// <param name="payload">The payload, from its first byte, which is 255.</param>
    public static MysqlError Read(ReadOnlySpan<byte> payload)
    {
        if (payload.Length < CodeEnd)
            return new MysqlError(0, "error");
        int code = BinaryPrimitives.ReadUInt16LittleEndian(payload[1..]);
        ReadOnlySpan<byte> text = payload[CodeEnd..];
        if (text is [(byte)'#', ..] && text.Length >= StateLength)
            text = text[StateLength..];
        return new MysqlError(code, text.IsEmpty ? $"error {code}" : WithoutCapital(AnswerText.Of(text)));
    }

    // The message follows a colon in the log: "mysql: too many connections".
    private static string WithoutCapital(string text) =>
        text is [>= 'A' and <= 'Z', >= 'a' and <= 'z', ..] ? char.ToLowerInvariant(text[0]) + text[1..] : text;
}
