using LbTcp.Configuration.Settings;

namespace LbTcp.Configuration.Sources;

/// <summary>Completes the settings of the admin endpoint, and reports what they have in conflict.</summary>
/// <param name="layers">The settings of the process.</param>
/// <param name="errors">Receives what is wrong.</param>
internal sealed class AdminReader(SettingLayers layers, List<ConfigurationError> errors)
{
    /// <summary>Resolves the path of the token file and verifies that the address and the token suit each other.</summary>
    public HostOptions Complete(HostOptions options)
    {
        if (layers.Find(HostSettings.AdminTokenFile)?.Origin is { } tokenOrigin && options.AdminTokenFile is { } file)
        {
            options = options with { AdminTokenFile = tokenOrigin.PathOf(file) };
            if (!AdminAccess.TryReadToken(options.AdminTokenFile, out _, out ConfigurationError? error))
                errors.Add(tokenOrigin.Error($": {error.Message}"));
        }

        if (layers.Find(HostSettings.Admin)?.Origin is { } origin && options.Admin is { } address)
        {
            if (!AdminAccess.IsLocal(address) && options.AdminTokenFile is null && !layers.IsRefused(HostSettings.AdminTokenFile))
            {
                errors.Add(origin.Error(
                    $" is {address}, which other machines can reach; give {origin.NameOf(HostSettings.AdminTokenFile)}, "
                    + "or use 127.0.0.1 or a unix socket."));
            }

            if (options.Services.SelectMany(service => service.Listen).FirstOrDefault(address.Overlaps) is { } taken)
                errors.Add(origin.Error($" is {address}, which clients connect to: {taken} is a listen address."));
        }

        return options;
    }
}
