using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;

namespace LbTcp.Configuration.Sources;

/// <summary>
/// Parses JSON with comments and trailing commas into nodes that know their place. A generated deserializer would stop at the first
/// mistake, and would not tell where values are that are right by their type and wrong by their range.
/// </summary>
internal static class DocumentParser
{
    /// <summary>Root, services, a service, its backends, a backend, and some room for an error that names the right place.</summary>
    private const int MaxDepth = 16;

    /// <summary>Parses a document.</summary>
    /// <param name="document">The text.</param>
    /// <param name="root">The value that the document holds.</param>
    /// <param name="error">Otherwise the first error of its syntax.</param>
    public static bool TryParse(
        DocumentText document, [NotNullWhen(true)] out DocumentNode? root, [NotNullWhen(false)] out ConfigurationError? error)
    {
        root = null;
        error = null;
        var reader = new Utf8JsonReader(
            document.Bytes,
            new JsonReaderOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip, MaxDepth = MaxDepth });
        try
        {
            _ = reader.Read();
            DocumentNode value = ReadValue(ref reader);
            _ = reader.Read(); // fails where something follows
            root = value;
        }
        catch (JsonException exception)
        {
            error = At(document, document.OffsetOf(exception.LineNumber ?? 0, exception.BytePositionInLine ?? 0), Describe(exception));
        }
        catch (InvalidOperationException)
        {
            error = At(document, (int)reader.TokenStartIndex, "the string has an escape that stands for no character.");
        }

        return root is not null;
    }

    private static DocumentNode ReadValue(ref Utf8JsonReader reader)
    {
        int offset = (int)reader.TokenStartIndex;
        return reader.TokenType switch
        {
            JsonTokenType.StartObject => new(JsonValueKind.Object, offset, "", ReadMembers(ref reader), []),
            JsonTokenType.StartArray => new(JsonValueKind.Array, offset, "", [], ReadItems(ref reader)),
            JsonTokenType.String => new(JsonValueKind.String, offset, reader.GetString() ?? "", [], []),
            JsonTokenType.Number => new(JsonValueKind.Number, offset, Encoding.UTF8.GetString(reader.ValueSpan), [], []),
            JsonTokenType.True => new(JsonValueKind.True, offset, "", [], []),
            JsonTokenType.False => new(JsonValueKind.False, offset, "", [], []),
            _ => new(JsonValueKind.Null, offset, "", [], []),
        };
    }

    private static List<DocumentMember> ReadMembers(ref Utf8JsonReader reader)
    {
        List<DocumentMember> members = [];
        while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
        {
            int offset = (int)reader.TokenStartIndex;
            string key = reader.GetString() ?? "";
            _ = reader.Read();
            members.Add(new DocumentMember(key, offset, ReadValue(ref reader)));
        }

        return members;
    }

    private static List<DocumentNode> ReadItems(ref Utf8JsonReader reader)
    {
        List<DocumentNode> items = [];
        while (reader.Read() && reader.TokenType is not JsonTokenType.EndArray)
            items.Add(ReadValue(ref reader));
        return items;
    }

    private static ConfigurationError At(DocumentText document, int offset, string problem) =>
        new DocumentOrigin(document, offset, "").Error($"not valid JSON: {problem}");

    // The framework adds the place in its own notation, and quotes all that follows a misspelt word.
    private static string Describe(JsonException exception)
    {
        string message = exception.Message;
        if (message.Contains("is an invalid JSON literal.", StringComparison.Ordinal))
            return "a word is neither true, false nor null; text goes in double quotes.";
        if (message.StartsWith("The input does not contain any JSON tokens.", StringComparison.Ordinal))
            return "the file is empty.";
        int place = message.IndexOf(" LineNumber: ", StringComparison.Ordinal);
        return SafeText.Escape(place < 0 ? message : message[..place]);
    }
}
