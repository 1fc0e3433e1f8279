using System.CommandLine;
using System.Net;
using LbTcp.Configuration;
using LbTcp.Configuration.Settings;
using Microsoft.Extensions.Logging;

namespace LbTcp.Cli.Flags;

/// <summary>The flags for the process: limits, stop, sockets and logs.</summary>
internal sealed class HostFlags
{
    private readonly SettingFlag<int?> _maxConnections = new(HostSettings.MaxConnections);
    private readonly SettingFlag<TimeSpan> _drainTimeout = new(ServiceSettings.DrainTimeout);
    private readonly SettingFlag<TimeSpan> _keepAlive = new(HostSettings.KeepAlive);
    private readonly SettingFlag<TimeSpan> _deadPeerTimeout = new(HostSettings.DeadPeerTimeout);
    private readonly SettingFlag<TransportKind> _transport = new(HostSettings.Transport);
    private readonly ListFlag<IPEndPoint> _dnsServer = new(HostSettings.DnsServer);
    private readonly SettingFlag<TimeSpan> _dnsMin = new(HostSettings.DnsMin);
    private readonly SettingFlag<TimeSpan> _dnsMax = new(HostSettings.DnsMax);
    private readonly SettingFlag<LogLevel> _logLevel = new(HostSettings.LogLevel);
    private readonly SettingFlag<LogFormat> _logFormat = new(HostSettings.LogFormat);

    /// <summary>The flags for the help page.</summary>
    public IReadOnlyList<FlagGroup> Groups =>
    [
        new("Process", [_maxConnections, _drainTimeout, _keepAlive, _deadPeerTimeout, _transport]),
        new("Names", [_dnsServer, _dnsMin, _dnsMax]),
        new("Logs, to standard output", [_logLevel, _logFormat]),
    ];

    /// <summary>Reads the options that these flags set.</summary>
    /// <param name="parsed">A command line without errors.</param>
    /// <param name="service">The service to run.</param>
    public HostOptions Read(ParseResult parsed, ServiceOptions service) => new()
    {
        Services =
        [
            service with
            {
                DrainTimeout = _drainTimeout.Read(parsed),
                Forwarding = service.Forwarding with { DeadPeerTimeout = _deadPeerTimeout.Read(parsed) },
            },
        ],
        MaxConnections = _maxConnections.Read(parsed),
        TransportKind = _transport.Read(parsed),
        Transport = new TransportOptions { KeepAlive = _keepAlive.Read(parsed), DeadPeerTimeout = _deadPeerTimeout.Read(parsed) },
        Discovery = new DiscoveryOptions
        {
            DnsServers = _dnsServer.Read(parsed),
            DnsMin = _dnsMin.Read(parsed),
            DnsMax = _dnsMax.Read(parsed),
        },
        LogLevel = _logLevel.Read(parsed),
        LogFormat = _logFormat.Read(parsed),
    };
}
