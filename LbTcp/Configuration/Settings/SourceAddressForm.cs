using System.Net;

namespace LbTcp.Configuration.Settings;

/// <summary>The name and the form of the address from which backends are dialled: of all, or of one.</summary>
internal static class SourceAddressForm
{
    /// <summary>The name of the setting.</summary>
    public const string Name = "source_address";

    /// <summary>How one address is written.</summary>
    public static SettingForm<IPAddress> Form { get; } =
        new ParsedForm<IPAddress>("ADDRESS", "an address of this machine", Hosts.TryParseAddress, address => address.ToString());
}
