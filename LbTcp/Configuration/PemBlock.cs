using System.Security.Cryptography;

namespace LbTcp.Configuration;

/// <summary>One object of a PEM file.</summary>
/// <param name="Label">What it is, such as CERTIFICATE.</param>
/// <param name="Text">Its text, with the lines that enclose it.</param>
/// <param name="Line">The line at which it begins, from 1.</param>
internal sealed record PemBlock(string Label, string Text, int Line)
{
    /// <summary>The decoded object.</summary>
    public byte[] Content => Convert.FromBase64String(Text[PemEncoding.Find(Text).Base64Data]);

    /// <summary>Finds all objects; what is between them is skipped.</summary>
    public static List<PemBlock> FindAll(string text)
    {
        List<PemBlock> blocks = [];
        int start = 0;
        int line = 1;
        while (PemEncoding.TryFind(text.AsSpan(start), out PemFields fields))
        {
            int begin = start + fields.Location.Start.Value;
            line += text.AsSpan(start, begin - start).Count('\n');
            string block = text[begin..(start + fields.Location.End.Value)];
            blocks.Add(new PemBlock(text[start..][fields.Label], block, line));
            line += block.AsSpan().Count('\n');
            start += fields.Location.End.Value;
        }

        return blocks;
    }
}
