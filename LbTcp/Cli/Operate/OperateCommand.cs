using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using LbTcp.Admin;
using LbTcp.Admin.Client;
using LbTcp.Cli.Operate.Flags;
using LbTcp.Configuration;
using LbTcp.Hosting.Operations;

namespace LbTcp.Cli.Operate;

/// <summary>A verb that asks or changes a running process through its admin endpoint.</summary>
internal abstract class OperateCommand : Command, IVerb
{
    private readonly Option<bool> _json = new("--json")
    {
        Arity = ArgumentArity.Zero,
        Description = "print the JSON of the API",
    };

    private readonly VerbFlag<ListenAddress> _admin = new(VerbSettings.Admin);
    private readonly VerbFlag<string> _tokenFile = new(VerbSettings.AdminTokenFile);

    /// <summary>Declares the verb with the flags that all of them have.</summary>
    /// <param name="name">The verb.</param>
    /// <param name="summary">What it does, in the imperative, for the list of verbs.</param>
    /// <param name="environment">The process that it runs in.</param>
    protected OperateCommand(string name, string summary, VerbEnvironment environment)
        : base(name, summary)
    {
        Environment = environment;
        foreach (Option flag in CommonFlags)
            Add(flag);
        SetAction(RunAsync);
    }

    /// <summary>What its help page says beyond the summary and the flags.</summary>
    public abstract VerbHelp Help { get; }

    /// <summary>The flags that all these verbs have.</summary>
    public IReadOnlyList<Option> CommonFlags => [_json, _admin, _tokenFile];

    /// <summary>The process that it runs in.</summary>
    protected VerbEnvironment Environment { get; }

    /// <summary>Standard output.</summary>
    protected TextWriter Output => Environment.Output;

    /// <summary>Does what the verb says.</summary>
    /// <exception cref="AdminException">A request failed.</exception>
    /// <exception cref="OperatorException">An argument is wrong.</exception>
    protected abstract Task<ExitCode> RunAsync(ParseResult parsed, AdminApi api, CancellationToken cancellationToken);

    /// <summary>Whether to print JSON.</summary>
    protected bool IsJson(ParseResult parsed) => parsed.GetValue(_json);

    /// <summary>Prints an answer of the API on one line.</summary>
    protected void WriteJson<T>(T value, JsonTypeInfo<T> type) => Output.WriteLine(JsonSerializer.Serialize(value, type));

    /// <summary>Prints the result of a change.</summary>
    protected void WriteResult(ChangeResult result, bool isJson)
    {
        if (isJson)
            WriteJson(result, ApiJson.Default.ChangeResult);
        else
            Output.WriteLine(SafeText.Escape(result.Message));
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        VerifyBeforeVerb(parsed);
        AdminTarget target = AdminTargets.Read(Text(parsed, _admin), Text(parsed, _tokenFile), Environment.Variables);
        using var client = new AdminClient(target, Environment.TimeProvider);
        using var interruption = new Interruption(cancellationToken);
        try
        {
            return (int)await RunAsync(parsed, new AdminApi(client, Environment.TimeProvider), interruption.Token);
        }
        catch (OperationCanceledException) when (interruption.Token.IsCancellationRequested)
        {
            return (int)ExitCode.Failure;
        }
    }

    // The program has flags of the same names, which may come before the verb.
    private static string? Text(ParseResult parsed, Option<string> flag) => parsed.GetValue(flag)
        ?? GivenBeforeVerb(parsed).FirstOrDefault(result => result.Option.Name == flag.Name)?.Tokens[^1].Value;

    private static IEnumerable<OptionResult> GivenBeforeVerb(ParseResult parsed) =>
        parsed.RootCommandResult.Children.OfType<OptionResult>().Where(result => !result.Implicit);

    // Without this, lbtcp --listen 80 status would do as if there were no --listen.
    private void VerifyBeforeVerb(ParseResult parsed)
    {
        OptionResult? wrong = GivenBeforeVerb(parsed)
            .FirstOrDefault(result => result.Option.Name != _admin.Name && result.Option.Name != _tokenFile.Name);
        if (wrong is not null)
            throw new OperatorException(ExitCode.Usage, $"lbtcp {Name} does not take {wrong.Option.Name}.");
        if (GivenBeforeVerb(parsed).FirstOrDefault(result => result.Tokens.Count == 0) is { } empty)
            throw new OperatorException(ExitCode.Usage, $"{empty.Option.Name} has no value.");
    }
}
