using LbTcp.Configuration.Settings;

namespace LbTcp.Cli.Flags;

/// <summary>The name of a setting on the command line.</summary>
internal static class FlagName
{
    /// <summary>The name with dashes: <c>--check-interval</c> for <c>check_interval</c>.</summary>
    public static string Of(Setting setting) => $"--{setting.Name.Replace('_', '-')}";
}
