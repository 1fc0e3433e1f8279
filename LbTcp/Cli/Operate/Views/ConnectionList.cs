using LbTcp.Cli.Terminals;
using LbTcp.Diagnostics;
using LbTcp.Hosting.Operations;

namespace LbTcp.Cli.Operate.Views;

/// <summary>A table of connections that is written in parts, so that a long list needs no memory.</summary>
/// <param name="environment">The output.</param>
internal sealed class ConnectionList(VerbEnvironment environment)
{
    private readonly TextTable _table = new(
    [
        new("ID"), new("CLIENT", MinimumWidth: 12), new("SERVICE", MinimumWidth: 7), new("BACKEND", MinimumWidth: 7), new("STATE"),
        new("AGE", IsNumber: true), new("IDLE", IsNumber: true), new("IN", IsNumber: true), new("OUT", IsNumber: true),
    ]);

    private bool _hasHeadings;

    /// <summary>Writes a part.</summary>
    public void Write(IReadOnlyList<ConnectionStatus> connections)
    {
        foreach (ConnectionStatus connection in connections)
        {
            _table.Add(
                connection.Id, connection.Client, connection.Service, connection.Backend ?? BackendText.None, StateOf(connection.State),
                HumanText.Age(connection.Age), HumanText.Age(connection.Idle), HumanText.Bytes(connection.BytesIn),
                HumanText.Bytes(connection.BytesOut));
        }

        if (_hasHeadings)
            _table.WriteMore(environment.Output, environment.Palette, environment.Width);
        else
            _table.Write(environment.Output, environment.Palette, environment.Width);
        _hasHeadings = true;
    }

    private static string StateOf(ConnectionState state)
    {
        string name = state.ToString();
        Span<char> word = stackalloc char[SnakeCase.LongestResult(name.Length)];
        return word[..SnakeCase.Convert(name, word)].ToString();
    }
}
