namespace LbTcp.Configuration;

/// <summary>
/// Finds options of a backend of which one makes another useless. Only what the operator wrote for this backend counts: whether an option that
/// stands alone has an effect may be up to the flags.
/// </summary>
internal static class ConflictingOptions
{
    /// <summary>What is wrong, as the rest of a sentence that names the backend; null when nothing is.</summary>
    public static string? Find(BackendOptions options) => options.Check switch
    {
        CheckKind.None when CheckOption(options) is { } useless => $"has check=none and {useless}, but is not checked then; leave one of them out.",
        CheckKind.Tcp when options.HealthPath is not null => "has check=tcp and health_path, but only an HTTP check asks for a path; write check=http.",
        CheckKind.Auto when options.HealthPath is not null && options.Address.Scheme != BackendScheme.Http =>
            "has check=auto and health_path, but auto asks for a path only where the address begins with http://; write check=http.",
        _ => null,
    };

    private static string? CheckOption(BackendOptions options) => options switch
    {
        { HealthPath: not null } => "health_path",
        { CheckPort: not null } => "check_port",
        { CheckInterval: not null } => "check_interval",
        _ => null,
    };
}
