using System.CommandLine;
using LbTcp.Admin;
using LbTcp.Admin.Client;
using LbTcp.Cli.Operate.Flags;
using LbTcp.Configuration;
using LbTcp.Hosting.Operations;

namespace LbTcp.Cli.Operate.Verbs;

/// <summary><c>lbtcp rebalance</c>: moves connections from backends that have more than their share.</summary>
internal sealed class RebalanceCommand : OperateCommand
{
    private readonly VerbFlag<string> _service = new(VerbSettings.Service);
    private readonly VerbFlag<double> _rate = new(VerbSettings.Rate);
    private readonly VerbFlag<double> _tolerance = new(VerbSettings.Tolerance);

    /// <summary>Declares the verb.</summary>
    public RebalanceCommand(VerbEnvironment environment)
        : base("rebalance", "close surplus connections slowly; clients reconnect elsewhere", environment)
    {
        Add(_service);
        Add(_rate);
        Add(_tolerance);
    }

    /// <inheritdoc/>
    public override VerbHelp Help { get; } = new(
        "[--service SERVICE] [--rate RATE] [OPTION]...",
        "Closes connections of backends that have more than their share, the longest idle first, so that their clients reconnect. Only "
        + "services that are marked as reconnectable take part; without --service, all of them. The verb starts it and returns.",
        "it is refused or failed",
        "lbtcp rebalance",
        "lbtcp rebalance --service redis --rate 20/s --tolerance 5%");

    /// <inheritdoc/>
    protected override async Task<ExitCode> RunAsync(ParseResult parsed, AdminApi api, CancellationToken cancellationToken)
    {
        string service = _service.Read(parsed);
        double rate = _rate.Read(parsed);
        RebalanceReport report = await api.RebalanceAsync(
            new RebalanceRequest(service.Length == 0 ? null : service, rate, _tolerance.Read(parsed)), cancellationToken);
        if (IsJson(parsed))
            WriteJson(report, ApiJson.Default.RebalanceReport);
        else
            Write(report, rate);
        return report.Result.Status is ChangeStatus.Done or ChangeStatus.Unchanged ? ExitCode.Success : ExitCode.Failure;
    }

    private void Write(RebalanceReport report, double rate)
    {
        foreach (RebalanceStep step in report.Steps)
        {
            Output.WriteLine(
                SafeText.Escape($"{step.Service}: {step.Backend} has {step.Open} open, its share is {step.Target}: ")
                + $"{Phrases.Count(step.Surplus, "connection")} will be closed");
        }

        Output.WriteLine(SafeText.Escape(report.Result.Message));
        if (report.Steps.Count > 0)
            Output.WriteLine($"It takes {Phrases.Of(report.Duration)} at {VerbSettings.Rate.Form.Format(rate)}.");
    }
}
