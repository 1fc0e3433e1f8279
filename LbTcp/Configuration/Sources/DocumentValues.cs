using System.Text.Json;
using LbTcp.Configuration.Settings;

namespace LbTcp.Configuration.Sources;

/// <summary>Reads the objects and values of a configuration file, and reports what is unknown, repeated or of the wrong type.</summary>
/// <param name="document">The file.</param>
/// <param name="errors">Receives the mistakes.</param>
internal sealed class DocumentValues(DocumentText document, ICollection<ConfigurationError> errors)
{
    /// <summary>The place of a value.</summary>
    public Origin OriginOf(DocumentNode node, string path) => new DocumentOrigin(document, node.Offset, path);

    /// <summary>The path of a member: the path of its object and its key.</summary>
    public static string Join(string path, string key) =>
        path.Length == 0 ? Quoted.Cut(key) : $"{path}.{Quoted.Cut(key)}";

    /// <summary>Reports an error at a value.</summary>
    public void Report(DocumentNode node, string path, string predicate) => errors.Add(OriginOf(node, path).Error(predicate));

    /// <summary>Reports an error at a key.</summary>
    public void Report(DocumentMember member, string path, string predicate) =>
        errors.Add(new DocumentOrigin(document, member.Offset, path).Error(predicate));

    /// <summary>Returns the members of an object, each key once.</summary>
    /// <param name="node">The object; another value is reported.</param>
    /// <param name="path">The path of the object.</param>
    /// <param name="known">The keys that the object may have; null for any.</param>
    /// <param name="advice">Advises on a key that is known elsewhere; null if it is not.</param>
    public IEnumerable<DocumentMember> Members(
        DocumentNode node, string path, IReadOnlyCollection<string>? known = null, Func<string, string?>? advice = null)
    {
        if (node.Kind is not JsonValueKind.Object)
        {
            Report(node, path, $" is {node.KindText}, which is not an object.");
            yield break;
        }

        var first = new Dictionary<string, DocumentMember>(StringComparer.Ordinal);
        foreach (DocumentMember member in node.Members)
        {
            if (known?.Contains(member.Key) == false)
                Report(member, path, $": unknown key {Quoted.Key(member.Key)}{Advice(member.Key, known, advice)}");
            else if (!first.TryAdd(member.Key, member))
                Report(member, path, $": the key {Quoted.Key(member.Key)} is repeated; it is on line {LineOf(first[member.Key])} already.");
            else
                yield return member;
        }
    }

    /// <summary>Returns the items of a list; a value that is no list stands for a list of one.</summary>
    public static IEnumerable<(DocumentNode Item, string Path)> Items(DocumentNode node, string path) =>
        node.Kind is JsonValueKind.Array ? node.Items.Select((item, index) => (item, $"{path}[{index}]")) : [(node, path)];

    /// <summary>
    /// Returns a value as it would be written after the flag: a string as it is, a number by its digits, true and false as on and off
    /// where the setting is a switch. Any other type is reported.
    /// </summary>
    public string? TextOf(Setting setting, DocumentNode node, string path)
    {
        switch (node.Kind)
        {
            case JsonValueKind.String or JsonValueKind.Number:
                return node.Text;
            case JsonValueKind.True or JsonValueKind.False when IsSwitch(setting):
                return node.Kind is JsonValueKind.True ? Switch.On : Switch.Off;
            default:
                string expected = setting is Setting<bool> ? "true, false, \"on\" or \"off\""
                    : IsSwitch(setting) ? "true, false or a string" : "a string or a number";
                Report(node, path, $" is {node.KindText}; write {expected}.");
                return null;
        }
    }

    private static bool IsSwitch(Setting setting) => setting is Setting<bool> || setting.Shape.IsSwitch;

    private int LineOf(DocumentMember member) => document.PlaceOf(member.Offset).Line;

    private static string Advice(string key, IEnumerable<string> known, Func<string, string?>? advice)
    {
        if (advice?.Invoke(key) is { } other)
            return $"; {other}";
        return NearestWord.Of(key, known) is { } near ? $"; did you mean {Quoted.Key(near)}?" : ".";
    }
}
