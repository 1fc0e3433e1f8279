namespace LbTcp.Health.Exchanges;

/// <summary>
/// Checks MySQL or MariaDB by logging in as the user <c>lbtcp</c>, without a password. The server works if it accepts the login or refuses
/// the account; it does not work if it sends an error instead of its greeting or refuses for a reason that affects every client.
/// <para>
/// Logs in because a server counts a client that leaves after the greeting as a failed handshake: it logs a warning, and blocks the host
/// of the client after <c>max_connect_errors</c> of them. A refused login does not count towards that limit, and an accepted one that ends
/// with COM_QUIT leaves no trace. An account also makes the check notice that the server is full, because a server looks at
/// <c>max_connections</c> after the login only, as long as a connection is left for administrators.
/// </para>
/// </summary>
/// <seealso href="https://dev.mysql.com/doc/refman/8.4/en/host-cache.html"/>
/// <seealso href="https://mariadb.com/kb/en/connection/"/>
internal sealed class MysqlExchange() : ProtocolExchange("mysql")
{
    private const int Protocol = 10;
    private const byte Ok = 0;
    private const byte MoreAuthentication = 1;
    private const byte SwitchAuthentication = 254;
    private const byte Error = 255;

    private static readonly byte[] _quit = MysqlPacket.Write(0, [1]);

    private bool _isGreeted;
    private bool _hasSwitched;
    private bool _isLoggedIn;

    /// <inheritdoc/>
    protected override ReadOnlyMemory<byte> Goodbye => _isLoggedIn ? _quit : default;

    /// <inheritdoc/>
    protected override ExchangeStep Read(ReadOnlySpan<byte> answer)
    {
        if (answer.Length < MysqlPacket.HeadLength)
            return ExchangeStep.NeedsMore;
        if (!MysqlPacket.IsPlausible(answer))
            return Foreign(answer);
        if (!MysqlPacket.TryRead(answer, out byte sequence, out ReadOnlySpan<byte> payload))
            return ExchangeStep.NeedsMore;
        return (_isGreeted ? ReadReply(sequence, payload) : ReadGreeting(payload)) ?? Foreign(answer);
    }

    private ExchangeStep? ReadGreeting(ReadOnlySpan<byte> payload)
    {
        switch (payload[0])
        {
            case Protocol:
                _isGreeted = true;
                return ExchangeStep.Ask(MysqlLogin.Packet);
            case Error:
                return Unhealthy(MysqlError.Read(payload).Text);
            default:
                return null;
        }
    }

    private ExchangeStep? ReadReply(byte sequence, ReadOnlySpan<byte> payload)
    {
        switch (payload[0])
        {
            case Ok:
                _isLoggedIn = true;
                return Healthy("login accepted");
            case SwitchAuthentication when !_hasSwitched: // the answer of a user without a password is empty in all methods
                _hasSwitched = true;
                return ExchangeStep.Ask(MysqlPacket.Write((byte)(sequence + 1), []));
            case MoreAuthentication:
                return Healthy("password requested");
            case Error:
                MysqlError error = MysqlError.Read(payload);
                return error.RefusesAccount ? Refused(error.Text) : Unhealthy(error.Text);
            default:
                return null;
        }
    }
}
