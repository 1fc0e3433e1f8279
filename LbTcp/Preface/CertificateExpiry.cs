using System.Globalization;
using LbTcp.Configuration;
using LbTcp.Diagnostics;
using Microsoft.Extensions.Logging;

namespace LbTcp.Preface;

/// <summary>
/// Warns about certificates that expire soon or are not valid: when they are read, and then once per day. Safe for use by any number of
/// threads.
/// </summary>
internal sealed partial class CertificateExpiry
{
    /// <summary>The time before the end of a certificate from which on it is reported.</summary>
    public static readonly TimeSpan Notice = TimeSpan.FromDays(14);

    private static readonly TimeSpan _interval = TimeSpan.FromDays(1);

    private readonly CurrentServiceOptions _options;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger<CertificateExpiry> _logger;

    /// <summary>Follows the certificates of a service.</summary>
    public CertificateExpiry(CurrentServiceOptions options, TimeProvider timeProvider, ILogger<CertificateExpiry> logger)
    {
        _options = options;
        _timeProvider = timeProvider;
        _logger = logger;
        options.All.Changed += (before, next) =>
        {
            if (before.Tls == next.Tls)
                return;
            TickChanged?.Invoke();
            Report(next.Tls);
        };
    }

    /// <summary>Is called when <see cref="Tick"/> may have changed.</summary>
    public event Action? TickChanged;

    /// <summary>The time from one report to the next; infinite without certificates.</summary>
    public TimeSpan Tick => _options.All.Value.Tls.Certificates is null ? Timeout.InfiniteTimeSpan : _interval;

    /// <summary>Warns about the certificates that are in use.</summary>
    public void Report() => Report(_options.All.Value.Tls);

    private void Report(TlsOptions options)
    {
        DateTimeOffset now = _timeProvider.GetUtcNow();
        foreach (CertificateFile file in options.Certificates?.All ?? [])
        {
            if (now >= file.ExpiresAt || now < file.ValidFrom)
                Log.Invalid(_logger, file.Path, Format(file.ValidFrom), Format(file.ExpiresAt));
            else if (file.ExpiresAt - now <= Notice)
                Log.Expires(_logger, file.Path, (int)(file.ExpiresAt - now).TotalDays, Format(file.ExpiresAt));
        }
    }

    private static string Format(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static partial class Log
    {
        [LoggerMessage(
            EventIds.CertificateExpires, LogLevel.Warning, "certificate expires soon file={File} days={Days} expires={Expires}")]
        public static partial void Expires(ILogger logger, string file, int days, string expires);

        [LoggerMessage(
            EventIds.CertificateInvalid, LogLevel.Error,
            "certificate is not valid, clients refuse it file={File} valid_from={ValidFrom} expires={Expires}")]
        public static partial void Invalid(ILogger logger, string file, string validFrom, string expires);
    }
}
