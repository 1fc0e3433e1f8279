using System.CommandLine;
using LbTcp.Admin.Client;
using LbTcp.Cli.Operate.Flags;
using LbTcp.Hosting.Operations;

namespace LbTcp.Cli.Operate.Verbs;

/// <summary><c>lbtcp weight</c>: overrides the weight of a backend.</summary>
internal sealed class WeightCommand : OperateCommand
{
    private readonly VerbArgument<string> _backend = new(VerbSettings.BackendPlaceholder, VerbSettings.Backend);
    private readonly VerbArgument<int?> _weight = new("WEIGHT", VerbSettings.Weight);
    private readonly VerbFlag<string> _service = new(VerbSettings.Service);

    /// <summary>Declares the verb.</summary>
    public WeightCommand(VerbEnvironment environment)
        : base("weight", "override the weight of a backend", environment)
    {
        Add(_backend);
        Add(_weight);
        Add(_service);
    }

    /// <inheritdoc/>
    public override VerbHelp Help { get; } = new(
        "BACKEND WEIGHT|- [--service SERVICE] [OPTION]...",
        "Overrides the configured weight of a backend. The override lasts until a reload changes the configured weight of this backend.",
        "it failed",
        "lbtcp weight web3 5",
        "lbtcp weight web3 -");

    /// <inheritdoc/>
    protected override async Task<ExitCode> RunAsync(ParseResult parsed, AdminApi api, CancellationToken cancellationToken)
    {
        BackendStatus backend =
            await BackendSelector.FindAsync(api, _backend.Read(parsed), _service.Read(parsed), cancellationToken);
        ChangeResult result = await api.SetWeightAsync(backend, _weight.Read(parsed), cancellationToken);
        WriteResult(result, IsJson(parsed));
        return ExitCode.Success;
    }
}
