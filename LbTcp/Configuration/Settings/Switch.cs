namespace LbTcp.Configuration.Settings;

/// <summary>A setting that is on or off.</summary>
internal static class Switch
{
    /// <summary>The word for a switch that is on.</summary>
    public const string On = "on";

    /// <summary>The word for a switch that is off.</summary>
    public const string Off = "off";

    /// <summary>The words.</summary>
    public static ChoiceForm<bool> Form { get; } = new((On, true), (Off, false));
}
