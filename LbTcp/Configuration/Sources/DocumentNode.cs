using System.Text.Json;

namespace LbTcp.Configuration.Sources;

/// <summary>A value of a configuration file, and its place.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Offset">The place, in bytes from the start of the document.</param>
/// <param name="Text">The text of a string, and a number as it is written; otherwise empty.</param>
/// <param name="Members">The members of an object, in the order of the file; a key may be repeated.</param>
/// <param name="Items">The items of a list.</param>
internal sealed record DocumentNode(
    JsonValueKind Kind, int Offset, string Text, IReadOnlyList<DocumentMember> Members, IReadOnlyList<DocumentNode> Items)
{
    /// <summary>A description of the kind for messages: "an object", "true".</summary>
    public string KindText => Kind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.String => "a string",
        JsonValueKind.Number => "a number",
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        _ => "null",
    };
}

/// <summary>A key of an object of a configuration file, and its value.</summary>
/// <param name="Key">The key.</param>
/// <param name="Offset">The place of the key.</param>
/// <param name="Value">The value.</param>
internal sealed record DocumentMember(string Key, int Offset, DocumentNode Value);
