using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace LbTcp.Cli;

/// <summary>
/// Writes to standard output, and reports a failure as an <see cref="OperatorException"/>: a full disk or a closed descriptor is then not
/// mistaken for any other input or output error.
/// </summary>
internal sealed class CheckedWriter : TextWriter
{
    private readonly TextWriter _writer;

    private CheckedWriter(TextWriter writer) => _writer = writer;

    /// <summary>Returns a writer that writes to <paramref name="output"/>, which it does not own.</summary>
    public static TextWriter Over(TextWriter output) => new CheckedWriter(output);

    public override Encoding Encoding => _writer.Encoding;

    [AllowNull]
    public override string NewLine
    {
        get => _writer.NewLine;
        set => _writer.NewLine = value;
    }

    public override void Write(char value) => Check(() => _writer.Write(value));

    public override void Write(string? value) => Check(() => _writer.Write(value));

    public override void WriteLine(string? value) => Check(() => _writer.WriteLine(value));

    public override void Write(char[] buffer, int index, int count) => Check(() => _writer.Write(buffer, index, count));

    public override void Flush() => Check(_writer.Flush);

    private static void Check(Action write)
    {
        try
        {
            write();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new OperatorException(ExitCode.Failure, $"Cannot write to standard output: {exception.Message}");
        }
    }
}
