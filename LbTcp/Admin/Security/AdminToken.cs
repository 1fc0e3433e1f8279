using System.Security.Cryptography;
using System.Text;
using LbTcp.Configuration;
using LbTcp.Diagnostics;
using LbTcp.Hosting;
using Microsoft.Extensions.Logging;

namespace LbTcp.Admin.Security;

/// <summary>
/// The token that requests must carry, from a file. The file is read again when a request comes, at most once per second; while it cannot
/// be used, the last token stays valid.
/// </summary>
internal sealed partial class AdminToken
{
    private static readonly TimeSpan _interval = TimeSpan.FromSeconds(1);

    private readonly string _path;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger _logger;
    private readonly LogThrottle _throttle;
    private readonly Lock _gate = new();
    private volatile byte[] _hash;
    private long _readAt;

    private AdminToken(string path, string token, TimeProvider timeProvider, ILogger logger)
    {
        _path = path;
        _timeProvider = timeProvider;
        _logger = logger;
        _throttle = new LogThrottle(timeProvider, TimeSpan.FromMinutes(1));
        _hash = Hash(token);
        _readAt = timeProvider.GetTimestamp();
    }

    /// <summary>Reads the file for the first time.</summary>
    /// <exception cref="StartException">It holds no token.</exception>
    public static AdminToken Read(string path, TimeProvider timeProvider, ILogger logger) =>
        AdminAccess.TryReadToken(path, out string? token, out ConfigurationError? error)
            ? new AdminToken(path, token, timeProvider, logger)
            : throw new StartException(error.Message, isConfigurationError: true);

    /// <summary>Whether a text is the token. The time that this takes tells nothing about the token.</summary>
    public bool Matches(string text) => CryptographicOperations.FixedTimeEquals(Hash(text), Current());

    private byte[] Current()
    {
        if (!_gate.TryEnter())
            return _hash; // another request reads it, which may take forever: a file system that hangs, or a pipe
        try
        {
            if (_timeProvider.GetElapsedTime(_readAt) < _interval)
                return _hash;
            _readAt = _timeProvider.GetTimestamp();
            if (AdminAccess.TryReadToken(_path, out string? token, out ConfigurationError? error))
                _hash = Hash(token);
            else if (_throttle.TryPass())
                Log.TokenKept(_logger, error.Message);
            return _hash;
        }
        finally
        {
            _gate.Exit();
        }
    }

    private static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));

    private static partial class Log
    {
        [LoggerMessage(EventIds.AdminTokenKept, LogLevel.Warning,
            "admin token cannot be read again, the last one stays valid error={Error}")]
        public static partial void TokenKept(ILogger logger, string error);
    }
}
