using System.CommandLine;
using LbTcp.Configuration;
using LbTcp.Configuration.Settings;

namespace LbTcp.Cli.Flags;

/// <summary>The flags for listen addresses, backends and balancing.</summary>
internal sealed class ServiceFlags
{
    private readonly ListFlag<ListenAddress> _listen = new(ServiceSettings.Listen, "-l");

    private readonly ListFlag<BackendOptions> _backends = new(ServiceSettings.Backends, "-b")
    {
        HelpName = $"{ServiceSettings.Backends.Placeholder}...",
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly SettingFlag<string?> _backendsFile = new(ServiceSettings.BackendsFile, "-f");
    private readonly SettingFlag<Algorithm> _algorithm = new(ServiceSettings.Algorithm);
    private readonly SettingFlag<TimeSpan> _slowStart = new(ServiceSettings.SlowStartTime);

    /// <summary>The flags for the help page.</summary>
    public FlagGroup Group => new("Clients and backends", [_listen, _backends, _backendsFile, _algorithm, _slowStart]);

    /// <summary>Reads the part of the options that these flags set.</summary>
    /// <param name="parsed">A command line without errors.</param>
    /// <param name="argument">A backends file that is given otherwise, in place of the flag; null if none is.</param>
    /// <exception cref="OperatorException">The file cannot be used, or both a file and backends are given.</exception>
    public ServiceOptions Read(ParseResult parsed, string? argument)
    {
        (IReadOnlyList<BackendOptions> backends, string? file) = ReadBackends(parsed, argument);
        return new ServiceOptions
        {
            Listen = _listen.Read(parsed),
            Backends = backends,
            BackendsFile = file,
            Algorithm = _algorithm.Read(parsed),
            SlowStartTime = _slowStart.Read(parsed),
        };
    }

    // The file is null if the backends are given on the command line.
    private (IReadOnlyList<BackendOptions> Backends, string? File) ReadBackends(ParseResult parsed, string? argument)
    {
        string? file = _backendsFile.Read(parsed) ?? argument;
        if (argument is not null && file != argument)
            throw new OperatorException(ExitCode.Usage, $"FILE and {_backendsFile.Name} exclude each other; use one of them.");
        if (_backends.Read(parsed) is { Count: > 0 } backends)
        {
            return file is null
                ? (backends, null)
                : throw new OperatorException(
                    ExitCode.Usage,
                    $"{_backends.Name} and {(argument is null ? _backendsFile.Name : "FILE")} exclude each other; use one of them.");
        }

        string path = file ?? ServiceSettings.DefaultBackendsFile;
        if (file is null && !File.Exists(path))
        {
            throw new OperatorException(ExitCode.Usage,
                $"There are no backends: give {_backends.Name} host:port..., or list them in {path} here, "
                + $"or name a file with {_backendsFile.Name}.");
        }

        return BackendsFile.TryRead(path, out IReadOnlyList<BackendOptions>? listed, out IReadOnlyList<ConfigurationError> errors)
            ? (listed, path)
            : throw new OperatorException(ExitCode.Usage, errors);
    }
}
