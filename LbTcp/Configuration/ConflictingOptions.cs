using LbTcp.Configuration.Settings;

namespace LbTcp.Configuration;

/// <summary>
/// Finds options of one backend of which one makes another ineffective. Only what is written for this backend counts: whether an option
/// that stands alone has an effect may depend on the settings of the service.
/// </summary>
internal static class ConflictingOptions
{
    private static readonly string _tcp = BackendSettings.Check.Assign(CheckKind.Tcp);
    private static readonly string _tlsVerify = BackendSettings.Tls.Assign(BackendTls.Verify);
    private static readonly string _http = BackendSettings.Check.Assign(CheckKind.Http);

    /// <summary>Finds every option that another one makes ineffective.</summary>
    /// <returns>The ineffective option, and what is wrong, as the rest of a sentence that names the backend.</returns>
    public static IEnumerable<(Setting Ineffective, string Problem)> FindAll(BackendOptions options)
    {
        if (options.Address.IsService && options.Weight != BackendSettings.Weight.Default)
        {
            string weight = BackendSettings.Weight.Assign(options.Weight);
            return [(BackendSettings.Weight, $"has {weight}, but its weights come from SRV records; leave it out.")];
        }

        string check = BackendSettings.Check.Assign(options.Check);
        return FindOfUnixSocket(options).Concat(FindOfTls(options)).Concat(options.Check switch
        {
            CheckKind.None => CheckOptions(options).Select(useless =>
                (useless, $"has {check} and {useless.Name}, but is not checked then; leave one of them out.")),
            null or CheckKind.Auto or CheckKind.Tcp when BytesOf(options) is { } bytes => options.HealthPath is null ? [] :
                [(BackendSettings.HealthPath, $"has {bytes.Name} and {BackendSettings.HealthPath.Name}; leave one of them out.")],
            not null and not CheckKind.Auto and not CheckKind.Tcp when BytesOf(options) is { } bytes =>
                [(bytes, $"has {check} and {bytes.Name}, but only a TCP check sends and expects bytes; write {_tcp}.")],
            CheckKind.Auto when options.HealthPath is not null && options.Address.Scheme is BackendScheme.Tcp =>
                [Path(check, "auto asks for a path only where the address begins with http://")],
            not null and not CheckKind.Auto and not CheckKind.Http and not CheckKind.Https when options.HealthPath is not null =>
                [Path(check, "only an HTTP check asks for a path")],
            _ => [],
        });
    }

    private static Setting<EscapedBytes?>? BytesOf(BackendOptions options) =>
        options.CheckSend is not null ? BackendSettings.CheckSend : options.CheckExpect is not null ? BackendSettings.CheckExpect : null;

    private static IEnumerable<(Setting Ineffective, string Problem)> FindOfUnixSocket(BackendOptions options)
    {
        if (options.Address.EndPoint is not UnixEndPoint)
            yield break;
        if (options.CheckPort is not null)
            yield return (BackendSettings.CheckPort, $"has {BackendSettings.CheckPort.Name}, but a unix socket has no port; leave it out.");
        if (options.SourceAddress is not null)
        {
            yield return (
                BackendSettings.SourceAddress,
                $"has {BackendSettings.SourceAddress.Name}, but a unix socket is not dialled from an address; leave it out.");
        }
    }

    private static IEnumerable<(Setting Ineffective, string Problem)> FindOfTls(BackendOptions options)
    {
        if (options.TlsKeyFile is not null && options.TlsCertificateFile is null)
        {
            yield return (BackendSettings.TlsKey,
                $"has {BackendSettings.TlsKey.Name} without {BackendSettings.TlsCertificate.Name}; leave it out, or name its certificate.");
        }

        if (!options.IsEncrypted && (options.TlsName ?? options.TlsCertificateFile) is not null)
        {
            Setting useless = options.TlsName is not null ? BackendSettings.TlsName : BackendSettings.TlsCertificate;
            yield return (useless, $"has {useless.Name}, but connections to it are not encrypted; write {_tlsVerify}.");
        }

        if (options.TlsCaFile is not null && options.Tls is not BackendTls.Verify)
        {
            yield return (BackendSettings.TlsCa,
                $"has {BackendSettings.TlsCa.Name}, but its certificate is not verified; write {_tlsVerify}.");
        }
    }

    private static (Setting Ineffective, string Problem) Path(string check, string reason) =>
        (BackendSettings.HealthPath, $"has {check} and {BackendSettings.HealthPath.Name}, but {reason}; write {_http}.");

    private static IEnumerable<Setting> CheckOptions(BackendOptions options)
    {
        if (options.HealthPath is not null)
            yield return BackendSettings.HealthPath;
        if (options.CheckSend is not null)
            yield return BackendSettings.CheckSend;
        if (options.CheckExpect is not null)
            yield return BackendSettings.CheckExpect;
        if (options.CheckPort is not null)
            yield return BackendSettings.CheckPort;
        if (options.CheckInterval is not null)
            yield return BackendSettings.CheckInterval;
    }
}
