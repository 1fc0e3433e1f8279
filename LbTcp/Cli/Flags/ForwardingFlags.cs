using System.CommandLine;
using LbTcp.Configuration;
using LbTcp.Configuration.Settings;

namespace LbTcp.Cli.Flags;

/// <summary>The flags for connections.</summary>
internal sealed class ForwardingFlags
{
    private readonly SettingFlag<TimeSpan> _connectTimeout = new(ForwardingSettings.ConnectTimeout);
    private readonly SettingFlag<int> _retries = new(ForwardingSettings.Retries);
    private readonly SettingFlag<TimeSpan> _queueTimeout = new(ForwardingSettings.QueueTimeout);
    private readonly SettingFlag<int> _maxQueue = new(ForwardingSettings.MaxQueue);
    private readonly SettingFlag<WhenAllDown> _whenAllDown = new(ForwardingSettings.WhenAllDown);
    private readonly SettingFlag<OnDown> _onDown = new(ForwardingSettings.OnDown);
    private readonly SettingFlag<OnRemoved> _onRemoved = new(ForwardingSettings.OnRemoved);
    private readonly SettingFlag<TimeSpan> _closeSpread = new(ForwardingSettings.CloseSpread);
    private readonly SettingFlag<TimeSpan> _idleTimeout = new(ForwardingSettings.IdleTimeout);
    private readonly SettingFlag<TimeSpan> _halfCloseTimeout = new(ForwardingSettings.HalfCloseTimeout);
    private readonly SettingFlag<bool> _accessLog = new(ForwardingSettings.AccessLog);

    /// <summary>The flags for the help page.</summary>
    public FlagGroup Group => new("Connections", [
        _connectTimeout, _retries, _queueTimeout, _maxQueue, _whenAllDown, _onDown, _onRemoved, _closeSpread,
        _idleTimeout, _halfCloseTimeout, _accessLog,
    ]);

    /// <summary>Reads the options that these flags set.</summary>
    public ForwardingOptions Read(ParseResult parsed) => new()
    {
        ConnectTimeout = _connectTimeout.Read(parsed),
        Retries = _retries.Read(parsed),
        QueueTimeout = _queueTimeout.Read(parsed),
        MaxQueue = _maxQueue.Read(parsed),
        WhenAllDown = _whenAllDown.Read(parsed),
        OnDown = _onDown.Read(parsed),
        OnRemoved = _onRemoved.Read(parsed),
        CloseSpread = _closeSpread.Read(parsed),
        IdleTimeout = _idleTimeout.Read(parsed),
        HalfCloseTimeout = _halfCloseTimeout.Read(parsed),
        AccessLog = _accessLog.Read(parsed),
    };
}
