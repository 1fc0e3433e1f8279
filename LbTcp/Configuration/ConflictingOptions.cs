using LbTcp.Configuration.Settings;

namespace LbTcp.Configuration;

/// <summary>
/// Finds options of one backend of which one makes another ineffective. Only what is written for this backend counts: whether an option
/// that stands alone has an effect may depend on the settings of the service.
/// </summary>
internal static class ConflictingOptions
{
    private static readonly string _http = BackendSettings.Check.Assign(CheckKind.Http);

    /// <summary>Finds every option that another one makes ineffective.</summary>
    /// <returns>The ineffective option, and what is wrong, as the rest of a sentence that names the backend.</returns>
    public static IEnumerable<(Setting Ineffective, string Problem)> FindAll(BackendOptions options)
    {
        string check = BackendSettings.Check.Assign(options.Check);
        return options.Check switch
        {
            CheckKind.None => CheckOptions(options).Select(useless =>
                (useless, $"has {check} and {useless.Name}, but is not checked then; leave one of them out.")),
            CheckKind.Tcp when options.HealthPath is not null =>
                [Path(check, "only an HTTP check asks for a path")],
            CheckKind.Auto when options.HealthPath is not null && options.Address.Scheme != BackendScheme.Http =>
                [Path(check, "auto asks for a path only where the address begins with http://")],
            _ => [],
        };
    }

    private static (Setting Ineffective, string Problem) Path(string check, string reason) =>
        (BackendSettings.HealthPath, $"has {check} and {BackendSettings.HealthPath.Name}, but {reason}; write {_http}.");

    private static IEnumerable<Setting> CheckOptions(BackendOptions options)
    {
        if (options.HealthPath is not null)
            yield return BackendSettings.HealthPath;
        if (options.CheckPort is not null)
            yield return BackendSettings.CheckPort;
        if (options.CheckInterval is not null)
            yield return BackendSettings.CheckInterval;
    }
}
