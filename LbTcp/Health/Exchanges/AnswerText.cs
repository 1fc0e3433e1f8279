using System.Text;
using LbTcp.Configuration;

namespace LbTcp.Health.Exchanges;

/// <summary>Converts bytes of a peer to text for the log.</summary>
internal static class AnswerText
{
    private const int LongestExcerpt = 256; // the text is cut at fewer characters, each of which has at most three bytes

    /// <summary>The beginning of an answer, control characters escaped, cut at 80 characters.</summary>
    public static string Of(ReadOnlySpan<byte> answer) =>
        Quoted.Cut(Encoding.UTF8.GetString(answer.Length > LongestExcerpt ? answer[..LongestExcerpt] : answer));

    /// <summary>Finds the first line, which ends with a line feed, or with carriage return and line feed.</summary>
    /// <param name="answer">What was received.</param>
    /// <param name="line">The line without its end.</param>
    /// <param name="rest">What follows the line.</param>
    /// <returns>False if the end of the line was not received yet.</returns>
    public static bool TryReadLine(ReadOnlySpan<byte> answer, out ReadOnlySpan<byte> line, out ReadOnlySpan<byte> rest)
    {
        int end = answer.IndexOf((byte)'\n');
        line = end < 0 ? default : answer[..end];
        rest = end < 0 ? answer : answer[(end + 1)..];
        if (line is [.., (byte)'\r'])
            line = line[..^1];
        return end >= 0;
    }
}
