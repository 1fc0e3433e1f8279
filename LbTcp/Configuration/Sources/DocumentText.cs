using System.Text;

namespace LbTcp.Configuration.Sources;

/// <summary>The text of a configuration file, which knows the line and the column of every byte.</summary>
internal sealed class DocumentText
{
    private readonly byte[] _bytes;
    private readonly List<int> _lineStarts = [0];
    private (int Index, string Text) _lastLine = (-1, "");
    private (int Index, int Offset, int Column) _lastPlace = (-1, 0, 1);

    /// <summary>Encodes a text.</summary>
    /// <param name="path">The file, as it was given.</param>
    /// <param name="text">Its text, with or without byte order mark.</param>
    public DocumentText(string path, string text)
    {
        FilePath = path;
        Name = SafeText.Escape(path);
        _bytes = Encoding.UTF8.GetBytes(text.StartsWith('\uFEFF') ? text[1..] : text);
        for (int i = 0; i < _bytes.Length; i++)
        {
            if (_bytes[i] == '\n')
                _lineStarts.Add(i + 1);
        }
    }

    /// <summary>The file, as it was given.</summary>
    public string FilePath { get; }

    /// <summary>The name of the file in messages.</summary>
    public string Name { get; }

    /// <summary>The text in UTF-8.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>Returns the place of a byte.</summary>
    /// <param name="offset">The byte; the end of the text is a place as well.</param>
    /// <returns>The line from 1, the column from 1 in characters, and the text of that line.</returns>
    public (int Line, int Column, string Text) PlaceOf(int offset)
    {
        int found = _lineStarts.BinarySearch(offset);
        int index = found >= 0 ? found : ~found - 1;
        return (index + 1, ColumnOf(index, offset), LineAt(index));
    }

    /// <summary>Returns the offset of a byte of a line.</summary>
    /// <param name="line">The line, from 0.</param>
    /// <param name="position">The byte of the line, from 0.</param>
    public int OffsetOf(long line, long position)
    {
        int start = _lineStarts[(int)Math.Clamp(line, 0, _lineStarts.Count - 1)];
        return (int)Math.Clamp(start + position, start, _bytes.Length);
    }

    // Many errors may be on one line, which may be long: counts from the previous one.
    private int ColumnOf(int index, int offset)
    {
        (int from, int column) = _lastPlace.Index == index && _lastPlace.Offset <= offset
            ? (_lastPlace.Offset, _lastPlace.Column)
            : (_lineStarts[index], 1);
        column += Encoding.UTF8.GetCharCount(_bytes.AsSpan(from..offset));
        _lastPlace = (index, offset, column);
        return column;
    }

    private string LineAt(int index)
    {
        if (_lastLine.Index != index)
        {
            int end = index + 1 < _lineStarts.Count ? _lineStarts[index + 1] - 1 : _bytes.Length;
            _lastLine = (index, Encoding.UTF8.GetString(_bytes.AsSpan(_lineStarts[index]..end)).TrimEnd('\r'));
        }

        return _lastLine.Text;
    }
}
