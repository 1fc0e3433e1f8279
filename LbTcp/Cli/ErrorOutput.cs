using System.ComponentModel;
using LbTcp.Diagnostics;

namespace LbTcp.Cli;

/// <summary>Standard error. A failure to write is ignored: the exit code remains.</summary>
/// <param name="writer">Receives the text.</param>
internal sealed class ErrorOutput(TextWriter writer)
{
    /// <summary>The end of a line.</summary>
    public string NewLine => writer.NewLine;

    /// <summary>Writes one line, <c>lbtcp: message</c>.</summary>
    public void WriteMessage(string message) => Write($"lbtcp: {message}{NewLine}");

    /// <summary>Writes a text as it is.</summary>
    public void Write(string text)
    {
        try
        {
            try
            {
                writer.Write(text);
            }
            catch (Exception exception) when (exception is Win32Exception or OutOfMemoryException)
            {
                StandardStreams.WriteError(text); // the console needs a thread, which the system refuses
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Standard error is closed or full.
        }
    }
}
