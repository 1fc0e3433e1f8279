using LbTcp.Cli.Terminals;

namespace LbTcp.Tests.Cli.Terminals;

public sealed class TextTableTests : IDisposable
{
    private readonly StringWriter _output = new() { NewLine = "\n" };
    private readonly Palette _palette = new(hasColors: false);
    private readonly TextTable _table = new([new("NAME", MinimumWidth: 3), new("N", IsNumber: true), new("TEXT", MinimumWidth: 4)], 1);

    public void Dispose() => _output.Dispose();

    [Fact]
    public void Write_Cells_AreAligned()
    {
        _table.Add("a", "1", "x");
        _table.Add("日本", "22", "");
        _table.Write(_output, _palette, width: null);
        Assert.Equal(" NAME   N  TEXT\n a      1  x\n 日本  22\n", _output.ToString());
    }

    [Fact]
    public void Write_TooWide_CutsTheLastColumnsFirst()
    {
        _table.Add("abcdefgh", "12345", "0123456789");
        _table.Write(_output, _palette, width: 22);
        Assert.Equal(
            " NAME      N  TEXT\n abcdefgh  12345  012…\n".Replace("N  T", "    N  T", StringComparison.Ordinal), _output.ToString());
    }

    [Fact]
    public void WriteMore_LaterRows_HaveNoHeadings()
    {
        _table.Add("a", "1", "x");
        _table.Write(_output, _palette, width: null);
        _table.Add("b", "2", "y");
        _table.WriteMore(_output, _palette, width: null);
        Assert.EndsWith(" a     1  x\n b     2  y\n", _output.ToString(), StringComparison.Ordinal);
    }
}
