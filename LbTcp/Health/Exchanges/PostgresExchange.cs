using System.Buffers.Binary;

namespace LbTcp.Health.Exchanges;

/// <summary>
/// Checks PostgreSQL by a startup message for the user and the database <c>lbtcp</c>, neither of which needs to exist. The server works if
/// it requests a password, accepts the login or refuses the account.
/// <para>
/// An SSLRequest would be answered as well while the server starts, recovers from a crash or has no connection left: these states are
/// reported after the startup message only. A server that has requested a password logs nothing when the client leaves, since psql does
/// the same before it prompts for one.
/// </para>
/// </summary>
/// <seealso href="https://www.postgresql.org/docs/current/protocol-flow.html"/>
internal sealed class PostgresExchange() : ProtocolExchange("postgres")
{
    private const int HeadLength = 5;
    private const int AuthenticationOk = 0;

    private static readonly byte[] _startup = Startup("user\0lbtcp\0database\0lbtcp\0application_name\0lbtcp\0\0"u8);
    private static readonly byte[] _terminate = [(byte)'X', 0, 0, 0, 4];

    private bool _isLoggedIn;

    /// <inheritdoc/>
    public override ReadOnlyMemory<byte> Request => _startup;

    /// <inheritdoc/>
    protected override ReadOnlyMemory<byte> Goodbye => _isLoggedIn ? _terminate : default;

    /// <inheritdoc/>
    protected override ExchangeStep Read(ReadOnlySpan<byte> answer)
    {
        ReadOnlySpan<byte> rest = answer;
        while (rest.Length >= HeadLength)
        {
            int length = BinaryPrimitives.ReadInt32BigEndian(rest[1..]) + 1; // the length counts itself, but not the type
            if (length is < HeadLength or > MaxKiB * 1024)
                return Foreign(answer);
            if (rest.Length < length)
                return ExchangeStep.NeedsMore;
            if (!TryJudge((char)rest[0], rest[HeadLength..length], out ExchangeStep? step))
                return Foreign(answer);
            if (step is { } known)
                return known;
            rest = rest[length..];
        }

        return ExchangeStep.NeedsMore;
    }

    private static byte[] Startup(ReadOnlySpan<byte> parameters)
    {
        const int ProtocolVersion = 3 << 16;
        byte[] message = new byte[8 + parameters.Length];
        BinaryPrimitives.WriteInt32BigEndian(message, message.Length);
        BinaryPrimitives.WriteInt32BigEndian(message.AsSpan(4), ProtocolVersion);
        parameters.CopyTo(message.AsSpan(8));
        return message;
    }

    private static bool IsAccepted(ReadOnlySpan<byte> authentication) =>
        BinaryPrimitives.TryReadInt32BigEndian(authentication, out int code) && code is AuthenticationOk;

    /// <summary>Judges a message; there is no step if the login goes on.</summary>
    /// <returns>False if the message is none of a login.</returns>
    private bool TryJudge(char type, ReadOnlySpan<byte> body, out ExchangeStep? step)
    {
        step = type switch
        {
            'R' when body.Length >= sizeof(int) && !IsAccepted(body) => Healthy("password requested"),
            'E' => Judge(PostgresError.Read(body)),
            'Z' => LoggedIn(),
            _ => null,
        };
        return step is not null || type is 'S' or 'K' or 'N' or 'v' || (type is 'R' && IsAccepted(body));
    }

    private ExchangeStep LoggedIn()
    {
        _isLoggedIn = true;
        return Healthy("login accepted");
    }

    private ExchangeStep Judge(PostgresError error) =>
        error.RefusesAccount ? Refused(error.Text) : Unhealthy(error.Text);
}
