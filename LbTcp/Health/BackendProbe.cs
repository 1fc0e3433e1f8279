using LbTcp.Backends;
using LbTcp.Configuration;
using LbTcp.Discovery;
using LbTcp.Health.Exchanges;

namespace LbTcp.Health;

/// <summary>
/// Probes a backend according to its kind of check: by a TCP connection, or by an exchange over one. Asks the program instead of the system
/// while the backend is ejected for silence.
/// </summary>
/// <param name="options">The check settings, which a backend may override.</param>
/// <param name="headerFor">
/// Returns what a backend must get before the first request of an exchange, such as a PROXY protocol header; empty for nothing.
/// </param>
/// <param name="awaitsAnswer">Whether a backend that is checked by TCP connections must be asked, see <see cref="ProgramProbe"/>.</param>
/// <param name="connector">Dials backends for the probes.</param>
/// <param name="hangUps">Closes the connections of probes that have their answer.</param>
/// <param name="timeProvider">The clock of the timeout.</param>
internal sealed class BackendProbe(
    CurrentOptions<HealthCheckOptions> options,
    Func<BackendOptions, ReadOnlyMemory<byte>> headerFor,
    Func<Backend, bool> awaitsAnswer,
    HostConnector connector,
    HangUpList hangUps,
    TimeProvider timeProvider) : IHealthProbe
{
    private readonly TcpProbe _tcp = new(connector, timeProvider);
    private readonly ProgramProbe _program = new(connector, hangUps, timeProvider);
    private readonly ExchangeProbe _exchange = new(connector, hangUps, timeProvider);

    public Task<ProbeResult> ProbeAsync(Backend backend, TimeSpan limit, CancellationToken cancellationToken)
    {
        HealthCheckOptions current = options.Value;
        CheckKind kind = current.KindFor(backend.Options);
        if (kind is not CheckKind.Tcp)
        {
            return _exchange.ProbeAsync(
                backend, headerFor(backend.Options), CreateExchange(kind, backend, current), limit, cancellationToken);
        }

        return awaitsAnswer(backend)
            ? _program.ProbeAsync(backend, limit, cancellationToken)
            : _tcp.ProbeAsync(backend, limit, cancellationToken);
    }

    private static ProbeExchange CreateExchange(CheckKind kind, Backend backend, HealthCheckOptions options) => kind switch
    {
        CheckKind.Http => new HttpExchange(backend, options.PathFor(backend.Options)),
        CheckKind.Redis => new RedisExchange(),
        CheckKind.Mysql => new MysqlExchange(),
        CheckKind.Postgres => new PostgresExchange(),
        CheckKind.Tls => new TlsExchange(backend),
        CheckKind.Smtp => new SmtpExchange(),
        CheckKind.Memcached => new MemcachedExchange(),
        CheckKind.Expect => new ExpectExchange(options.SendFor(backend.Options), options.ExpectFor(backend.Options)),
        _ => throw new ArgumentException($"{backend.Name} is not checked.", nameof(backend)),
    };
}
