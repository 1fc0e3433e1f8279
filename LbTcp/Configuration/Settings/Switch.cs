namespace LbTcp.Configuration.Settings;

/// <summary>A setting that is on or off.</summary>
internal static class Switch
{
    /// <summary>The words.</summary>
    public static ChoiceForm<bool> Form { get; } = new(("on", true), ("off", false));
}
