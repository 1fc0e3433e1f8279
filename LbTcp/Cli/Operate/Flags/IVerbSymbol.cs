using LbTcp.Configuration.Settings;

namespace LbTcp.Cli.Operate.Flags;

/// <summary>A flag or an argument of a verb.</summary>
internal interface IVerbSymbol
{
    /// <summary>What its value means.</summary>
    Setting Setting { get; }
}
