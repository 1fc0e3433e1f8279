namespace LbTcp.Cli.Flags;

/// <summary>On or off. A flag of type bool would take no other words than true and false for its value.</summary>
internal enum Switch
{
    /// <summary>On.</summary>
    On,

    /// <summary>Off.</summary>
    Off,
}
