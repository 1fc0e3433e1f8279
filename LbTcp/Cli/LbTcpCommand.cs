using System.CommandLine;
using System.CommandLine.Help;
using LbTcp.Admin;
using LbTcp.Admin.Client;
using LbTcp.Cli.Flags;
using LbTcp.Cli.Operate;
using LbTcp.Cli.Terminals;
using LbTcp.Configuration;
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
    private readonly TextWriter _errorWriter;
    private readonly ErrorOutput _error;
    private readonly IReadOnlyDictionary<string, string> _environment;
    private readonly CommandFlags _flags = new();
    private readonly RootCommand _root;
    private readonly CheckCommand _check;
    private readonly CommandLineErrors _commandLineErrors;

    /// <summary>Declares the command line.</summary>
    /// <param name="output">Standard output.</param>
    /// <param name="error">Standard error.</param>
    /// <param name="environment">The environment variables; null for none.</param>
    /// <param name="terminal">The terminal; null if output and input are none.</param>
    public LbTcpCommand(
        TextWriter output, TextWriter error, IReadOnlyDictionary<string, string>? environment = null, ITerminal? terminal = null)
    {
        _environment = environment ?? _noEnvironment;
        _output = CheckedWriter.Over(output);
        _errorWriter = error;
        _error = new ErrorOutput(error);
        _root = new RootCommand();
        _root.Directives.Clear(); // [suggest] and the like are for shells that support the framework
        _root.Options.Clear();
        var verbEnvironment = new VerbEnvironment(_output, _error, terminal ?? new NoTerminal(), _environment, TimeProvider.System);
        IReadOnlyList<Command> verbs = OperateVerbs.All(verbEnvironment, _root);
        _root.Add(new HelpOption("--help", "-h") { Action = new HelpPageAction(new HelpPage(_flags.Groups, verbs)) });
        _root.Add(new VersionOption("--version"));
        foreach (Option flag in _flags.Groups.SelectMany(group => group.Flags))
            _root.Add(flag);
        _check = new CheckCommand(_output, _error, _flags, _environment);
        _root.Add(_check);
        foreach (Command verb in verbs)
            _root.Add(verb);
        _root.Add(new DemoCommand(_output, Read));
        _root.SetAction(ServeAsync);
        _commandLineErrors = new CommandLineErrors(_root);
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
                Error = _errorWriter,
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null, // signals mean drain, not cancellation
            });
        }
        catch (OperatorException exception)
        {
            _error.Write(ErrorReport.Format(exception.Errors, exception.Hint, _error.NewLine));
            return (int)exception.ExitCode;
        }
        catch (Exception exception)
        {
            (ExitCode exitCode, string message) = Explain(exception);
            _error.WriteMessage(message);
            return (int)exitCode;
        }
    }

    /// <summary>Reads the options from the arguments of the balancer, without a verb and without the environment.</summary>
    /// <exception cref="OperatorException">The arguments or a file that they name are wrong.</exception>
    public HostOptions Read(params string[] args) =>
        Verified(new ConfigurationReader(_flags.Read(Parse(args)), _noEnvironment).Read());

    private static HostOptions Verified(ConfigurationResult configuration) => configuration.IsValid
        ? configuration.Options
        : throw new OperatorException(ExitCode.Usage, configuration.Errors);

    private ParseResult Parse(string[] args)
    {
        ParseResult parsed = _root.Parse(args, _parser);
        IReadOnlyList<string> errors = _commandLineErrors.FindAll(args, parsed);
        return errors.Count == 0
            ? parsed
            : throw new OperatorException(
                ExitCode.Usage,
                [.. errors.Select(error => new ConfigurationError("the command line", SafeText.Escape(error)))],
                hint: parsed.CommandResult.Command is IVerb verb ? $"See lbtcp {verb.Name} --help." : "See lbtcp --help.");
    }

    private static (ExitCode ExitCode, string Message) Explain(Exception exception) => exception switch
    {
        AdminException failure => (failure.Failure is AdminFailure.NotFound ? ExitCode.Usage : ExitCode.Failure, failure.Message),
        StartException failure => (failure.IsConfigurationError ? ExitCode.Usage : ExitCode.Failure, failure.Message),
        IOException or UnauthorizedAccessException => (ExitCode.Failure, SafeText.Escape(exception.Message)),
        _ when exception.GetBaseException() is OutOfMemoryException => (ExitCode.Failure, StartRequirements.OutOfResources().Message),
        _ => (ExitCode.Failure, $"This is a defect of lbtcp: {exception}"),
    };

    private async Task<int> ServeAsync(ParseResult parsed)
    {
        if (_flags.IsValidateOnly(parsed))
            return await _check.RunAsync(parsed);
        var reader = new ConfigurationReader(_flags.Read(parsed), _environment);
        ConfigurationResult configuration = reader.Read();
        HostOptions options = Verified(configuration);
        using var host = new Host(configuration, reader.Read, AdminCompanion.For(options));
        return (int)(await host.ServeAsync() ? ExitCode.Success : ExitCode.Failure);
    }
}
