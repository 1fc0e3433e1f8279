using LbTcp.Configuration.Settings;

namespace LbTcp.Configuration;

/// <summary>
/// Finds options of one backend of which one makes another ineffective. Only what is written for this backend counts: whether an option
/// that stands alone has an effect may depend on the settings of the service.
/// </summary>
internal static class ConflictingOptions
{
    private static readonly string _http = BackendSettings.Check.Assign(CheckKind.Http);

    /// <summary>Says which options conflict, as the rest of a sentence that names the backend; null if none do.</summary>
    public static string? Find(BackendOptions options)
    {
        string check = BackendSettings.Check.Assign(options.Check);
        string path = BackendSettings.HealthPath.Name;
        if (options.Address.EndPoint is UnixEndPoint && options.CheckPort is not null)
            return $"has {BackendSettings.CheckPort.Name}, but a unix socket has no port; leave it out.";
        if (options.Address.EndPoint is UnixEndPoint && options.SourceAddress is not null)
            return $"has {BackendSettings.SourceAddress.Name}, but a unix socket is not dialled from an address; leave it out.";
        return options.Check switch
        {
            CheckKind.None when FindCheckOption(options) is { } useless =>
                $"has {check} and {useless}, but is not checked then; leave one of them out.",
            CheckKind.Tcp when options.HealthPath is not null =>
                $"has {check} and {path}, but only an HTTP check asks for a path; write {_http}.",
            CheckKind.Auto when options.HealthPath is not null && options.Address.Scheme != BackendScheme.Http =>
                $"has {check} and {path}, but auto asks for a path only where the address begins with http://; write {_http}.",
            _ => null,
        };
    }

    private static string? FindCheckOption(BackendOptions options) => options switch
    {
        { HealthPath: not null } => BackendSettings.HealthPath.Name,
        { CheckPort: not null } => BackendSettings.CheckPort.Name,
        { CheckInterval: not null } => BackendSettings.CheckInterval.Name,
        _ => null,
    };
}
