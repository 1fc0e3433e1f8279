using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using System.ComponentModel;
using LbTcp.Cli.Flags;
using LbTcp.Configuration;
using LbTcp.Diagnostics;
using LbTcp.Discovery;
using LbTcp.Hosting;

namespace LbTcp.Cli;

/// <summary>The command line: parses it, runs what it asks for, and reports every failure as a sentence and an exit code.</summary>
internal sealed class LbTcpCommand
{
    private static readonly ParserConfiguration _parser = new()
    {
        EnablePosixBundling = false, // -lb would be read as -l -b
        ResponseFileTokenReplacer = null, // @file would be read as arguments
    };

    private static readonly IReadOnlyDictionary<string, string> _noEnvironment = new Dictionary<string, string>();

    private readonly TextWriter _output;
    private readonly TextWriter _error;
    private readonly IReadOnlyDictionary<string, string> _environment;
    private readonly CommandFlags _flags = new();
    private readonly RootCommand _root;
    private readonly FlagErrors _flagErrors;

    /// <summary>Declares the command line.</summary>
    /// <param name="output">Standard output.</param>
    /// <param name="error">Standard error.</param>
    /// <param name="environment">The environment variables; null for none.</param>
    public LbTcpCommand(TextWriter output, TextWriter error, IReadOnlyDictionary<string, string>? environment = null)
    {
        _environment = environment ?? _noEnvironment;
        _output = CheckedWriter.Over(output);
        _error = error;
        _root = new RootCommand();
        _root.Directives.Clear(); // [suggest] and the like are for shells that support the framework
        _root.Options.Clear();
        _root.Add(new HelpOption("--help", "-h") { Action = new HelpPageAction(new HelpPage(_flags.Groups)) });
        _root.Add(new VersionOption("--version"));
        foreach (Option flag in _flags.Groups.SelectMany(group => group.Flags))
            _root.Add(flag);
        _root.Add(new DemoCommand(_output, Read));
        _root.SetAction(ServeAsync);
        _flagErrors = new FlagErrors([.. _root.Options, .. _root.Subcommands.SelectMany(command => command.Options)]);
    }

    /// <summary>Runs what the arguments ask for, until it is done or stopped by a signal.</summary>
    /// <returns>The exit code of the process.</returns>
    public async Task<int> RunAsync(string[] args)
    {
        try
        {
            return await Parse(args).InvokeAsync(new InvocationConfiguration
            {
                Output = _output,
                Error = _error,
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null, // signals mean drain, not cancellation
            });
        }
        catch (Exception exception)
        {
            (ExitCode exitCode, string message) = Explain(exception);
            WriteError(message);
            return (int)exitCode;
        }
    }

    /// <summary>Reads the options from the arguments of the balancer, without a verb and without the environment.</summary>
    /// <exception cref="OperatorException">The arguments or a file that they name are wrong.</exception>
    public HostOptions Read(params string[] args) =>
        Verified(new ConfigurationReader(_flags.Read(Parse(args)), _noEnvironment).Read());

    private static HostOptions Verified(ConfigurationResult configuration) => configuration.IsValid
        ? configuration.Options
        : throw new OperatorException(ExitCode.Usage, configuration.Errors[0].ToString());

    private ParseResult Parse(string[] args)
    {
        ParseResult parsed = _root.Parse(args, _parser);
        string? error = parsed.Errors.Count > 0
            ? _flagErrors.FindFirst(args) ?? parsed.Errors[0].Message
            : parsed.Tokens.FirstOrDefault(token => token.Type is TokenType.Directive) is { } directive // the framework ignores it
                ? $"Unrecognized command or argument '{directive.Value}'."
                : null;
        return error is null ? parsed : throw new OperatorException(ExitCode.Usage, $"{SafeText.Escape(error)} See lbtcp --help.");
    }

    private static (ExitCode ExitCode, string Message) Explain(Exception exception) => exception switch
    {
        OperatorException wrong => (wrong.ExitCode, wrong.Message),
        StartException failure => (failure.IsConfigurationError ? ExitCode.Usage : ExitCode.Failure, failure.Message),
        IOException or UnauthorizedAccessException => (ExitCode.Failure, SafeText.Escape(exception.Message)),
        _ when exception.GetBaseException() is OutOfMemoryException => (ExitCode.Failure, StartRequirements.OutOfResources().Message),
        _ => (ExitCode.Failure, $"This is a defect of lbtcp: {exception}"),
    };

    private void WriteError(string message)
    {
        string line = $"lbtcp: {message}{_error.NewLine}";
        try
        {
            try
            {
                _error.Write(line);
            }
            catch (Exception exception) when (exception is Win32Exception or OutOfMemoryException)
            {
                StandardStreams.WriteError(line); // the console needs a thread, which the system refuses
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Standard error is closed or full; the exit code remains.
        }
    }

    private async Task<int> ServeAsync(ParseResult parsed)
    {
        var reader = new ConfigurationReader(_flags.Read(parsed), _environment);
        ConfigurationResult configuration = reader.Read();
        HostOptions options = Verified(configuration);
        if (_flags.IsValidateOnly(parsed))
            return (int)await ValidateAsync(options, configuration);
        using var host = new Host(options, reader.Read, configuration.Warnings);
        return (int)(await host.ServeAsync() ? ExitCode.Success : ExitCode.Failure);
    }

    private async Task<ExitCode> ValidateAsync(HostOptions options, ConfigurationResult configuration)
    {
        var limit = ConnectionLimit.For(options);
        Resolution[] resolutions = await Resolution.ResolveAllAsync(options.Services, new HostResolver(), TimeProvider.System);
        if (resolutions.SelectMany(resolution => resolution.Unresolved).FirstOrDefault() is { } unresolved)
            throw new OperatorException(ExitCode.Usage, unresolved);
        new EffectiveSettings(_output, configuration.Origins).Write(options, resolutions, limit);
        return ExitCode.Success;
    }
}
