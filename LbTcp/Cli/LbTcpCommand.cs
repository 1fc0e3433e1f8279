using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using LbTcp.Cli.Flags;
using LbTcp.Configuration;
using LbTcp.Connections;
using LbTcp.Discovery;
using LbTcp.Hosting;

namespace LbTcp.Cli;

/// <summary>The command line: reads it, does what it says, and turns whatever goes wrong into a sentence and an exit code.</summary>
internal sealed class LbTcpCommand
{
    private static readonly ParserConfiguration _parser = new()
    {
        EnablePosixBundling = false, // -lb would be read as -l -b
        ResponseFileTokenReplacer = null, // @file would be read as arguments
    };

    private readonly TextWriter _output;
    private readonly TextWriter _error;
    private readonly CommandFlags _flags = new();
    private readonly RootCommand _root;
    private readonly FlagErrors _mistake;

    /// <summary>For the given standard streams.</summary>
    public LbTcpCommand(TextWriter output, TextWriter error)
    {
        _output = output;
        _error = error;
        _root = new RootCommand();
        _root.Directives.Clear(); // [suggest] and its kind are for shells that know the framework
        _root.Options.Clear();
        _root.Add(new HelpOption("--help", "-h") { Action = new HelpPageAction(new HelpPage(_flags.Groups)) });
        _root.Add(new VersionOption("--version"));
        foreach (Option flag in _flags.Groups.SelectMany(group => group.Flags))
            _root.Add(flag);
        _root.Add(new DemoCommand(output, Read));
        _root.SetAction(ServeAsync);
        _mistake = new FlagErrors([.. _root.Options, .. _root.Subcommands.SelectMany(command => command.Options)]);
    }

    /// <summary>Does what the arguments say, until it is done or told to stop by a signal.</summary>
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

    /// <summary>What the arguments ask for; they are those of the balancer, without a verb.</summary>
    /// <exception cref="OperatorException">Something is wrong with them, or with the backends file.</exception>
    public CommandOptions Read(params string[] args) => Read(Parse(args));

    private CommandOptions Read(ParseResult parsed) => _flags.Read(parsed, DescriptorLimit.Read(), DescriptorLimit.CountOpen());

    private ParseResult Parse(string[] args)
    {
        ParseResult parsed = _root.Parse(args, _parser);
        string? error = parsed.Errors.Count > 0
            ? _mistake.Find(args) ?? parsed.Errors[0].Message
            : parsed.Tokens.FirstOrDefault(token => token.Type is TokenType.Directive) is { } directive // passed over in silence
                ? $"Unrecognized command or argument '{directive.Value}'."
                : null;
        return error is null ? parsed : throw new OperatorException(ExitCode.Usage, $"{SafeText.Escape(error)} See lbtcp --help.");
    }

    private static (ExitCode ExitCode, string Message) Explain(Exception exception) => exception switch
    {
        OperatorException wrong => (wrong.ExitCode, wrong.Message),
        ListenException => (ExitCode.Failure, exception.Message),
        IOException or UnauthorizedAccessException => (ExitCode.Failure, $"Cannot write to standard output: {exception.Message}"),
        _ => (ExitCode.Failure, $"This is a defect of lbtcp: {exception}"),
    };

    private void WriteError(string message)
    {
        try
        {
            _error.WriteLine($"lbtcp: {message}");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Standard error is closed or full; the exit code says enough.
        }
    }

    private async Task<int> ServeAsync(ParseResult parsed)
    {
        CommandOptions options = Read(parsed);
        if (options.ValidateOnly)
            return (int)await ValidateAsync(options, parsed);
        using var host = new Host(options);
        return (int)await host.ServeAsync(await Resolution.ResolveAsync(options, host.Resolver, TimeProvider.System));
    }

    private async Task<ExitCode> ValidateAsync(CommandOptions options, ParseResult parsed)
    {
        Resolution resolution = await Resolution.ResolveAsync(options, new HostResolver(), TimeProvider.System);
        if (resolution.Unresolved.Count > 0)
            throw new OperatorException(ExitCode.Usage, resolution.Unresolved[0]);
        EffectiveSettings.Write(_output, options, resolution, _flags, parsed);
        return ExitCode.Success;
    }
}
