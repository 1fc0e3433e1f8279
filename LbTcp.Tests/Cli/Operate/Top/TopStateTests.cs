using LbTcp.Admin;
using LbTcp.Cli.Operate.Top;
using LbTcp.Tests.TestDoubles;

namespace LbTcp.Tests.Cli.Operate.Top;

public class TopStateTests
{
    private static readonly StateReport _report =
        new(Samples.Now, Samples.Process, [Samples.Service], [Samples.Web2, Samples.Web1, Samples.Web3]);

    private readonly TopState _state = new();

    public TopStateTests() => _state.Take(_report);

    [Theory]
    [InlineData("", "web2 web1 web3")]
    [InlineData(">>>", "web1 web3 web2")] // by open connections
    [InlineData(">>>r", "web2 web3 web1")]
    [InlineData(">>><<<", "web2 web1 web3")]
    [InlineData("/web1\r", "web1")]
    [InlineData("/UNHEAL", "web2")]
    [InlineData("/10.0.1.6\r", "web3")]
    [InlineData("/web1\b\b\b\b\r", "web2 web1 web3")]
    [InlineData("/web1\u001b", "web2 web1 web3")]
    [InlineData("/web1\r\u001b", "web2 web1 web3")]
    [InlineData("/q", "")]
    public void Press_Keys_SortAndFilter(string keys, string names)
    {
        Press(keys);
        Assert.Equal(names, string.Join(' ', _state.Rows().Select(row => row.Name)));
        Assert.False(_state.IsEnded);
    }

    [Fact]
    public void Press_Q_Ends()
    {
        Press("q");
        Assert.True(_state.IsEnded);
    }

    [Fact]
    public void Take_Paused_IsShownWhenItGoesOn()
    {
        Press("p");
        _state.Take(_report with { Backends = [] });
        Assert.Same(_report, _state.Shown);
        Press("p");
        Assert.Empty(_state.Rows());
    }

    [Fact]
    public void Press_ScrollBeyondTheEnd_StopsAtTheLastRow()
    {
        for (int i = 0; i < 5; i++)
            _state.Press(ScriptedTerminal.Key(ConsoleKey.DownArrow));
        Assert.Equal(2, _state.Scroll);
    }

    private void Press(string keys)
    {
        foreach (char key in keys)
        {
            _state.Press(key switch
            {
                '\r' => ScriptedTerminal.Key(ConsoleKey.Enter),
                '\b' => ScriptedTerminal.Key(ConsoleKey.Backspace),
                '\u001b' => ScriptedTerminal.Key(ConsoleKey.Escape),
                _ => ScriptedTerminal.Key(key),
            });
        }
    }
}
