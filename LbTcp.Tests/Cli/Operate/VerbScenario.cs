using LbTcp.Cli;
using LbTcp.Cli.Operate;
using LbTcp.Cli.Terminals;
using LbTcp.Tests.TestDoubles;
using Microsoft.Extensions.Time.Testing;

namespace LbTcp.Tests.Cli.Operate;

/// <summary>The process that a verb runs in, with its output captured and its clock standing still.</summary>
internal sealed class VerbScenario : IDisposable
{
    private readonly StringWriter _output = new() { NewLine = "\n" };

    public VerbScenario(ITerminal? terminal = null, FakeTimeProvider? clock = null)
    {
        Clock = clock ?? new FakeTimeProvider(Samples.Now);
        Environment = new VerbEnvironment(
            _output, new ErrorOutput(_output), terminal ?? new NoTerminal(), new Dictionary<string, string>(), Clock);
    }

    public FakeTimeProvider Clock { get; }

    public VerbEnvironment Environment { get; }

    /// <summary>What was written so far.</summary>
    public string Output
    {
        get
        {
            lock (_output)
                return _output.ToString();
        }
    }

    public void Dispose() => _output.Dispose();
}
