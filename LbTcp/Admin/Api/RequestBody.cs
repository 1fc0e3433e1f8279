using System.Text.Json;
using LbTcp.Configuration;
using LbTcp.Configuration.Settings;

namespace LbTcp.Admin.Api;

/// <summary>
/// The JSON object in the body of a change. It is read by hand, and not into a record, so that a mistake is answered with a sentence
/// about the member.
/// </summary>
internal sealed class RequestBody
{
    private readonly Dictionary<string, JsonElement> _members;

    private RequestBody(Dictionary<string, JsonElement> members) => _members = members;

    /// <summary>Reads the body; none at all is an empty object.</summary>
    /// <param name="request">The request.</param>
    /// <param name="names">The members that it may have.</param>
    /// <exception cref="RequestException">It is no such object.</exception>
    public static async Task<RequestBody> ReadAsync(ApiRequest request, params string[] names)
    {
        using var body = new MemoryStream(); // the size of a body is limited
        await request.Context.Request.Body.CopyToAsync(body, request.Aborted);
        var members = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (JsonProperty member in body.Length == 0 ? [] : Parse(body.GetBuffer().AsMemory(0, (int)body.Length)))
        {
            if (!names.Contains(member.Name))
                throw ApiRequest.Bad($"The member {Quoted.Key(member.Name)} is unknown{ApiRequest.Suggest(member.Name, names)}");
            if (!members.TryAdd(member.Name, member.Value))
                throw ApiRequest.Bad($"The member {Quoted.Key(member.Name)} is given twice.");
        }

        return new RequestBody(members);
    }

    /// <summary>A member that is the name of a value of an enum in snake_case; required.</summary>
    public T Choice<T>(string name)
        where T : struct, Enum
    {
        string text = Required(name, JsonValueKind.String, "a string").GetString()!;
        string[] words = [.. Enum.GetNames<T>().Select(JsonNamingPolicy.SnakeCaseLower.ConvertName)];
        int index = Array.IndexOf(words, text);
        return index >= 0
            ? Enum.GetValues<T>()[index]
            : throw ApiRequest.Bad($"{Quoted.Key(name)} is {Quoted.Text(text)}, which is not one of {string.Join(", ", words)}.");
    }

    /// <summary>A member with the value of a setting, a string; required.</summary>
    public T Setting<T>(string name, SettingForm<T> form) =>
        Parse(name, Required(name, JsonValueKind.String, "a string").GetString()!, form);

    /// <summary>A member with the value of a setting, a number, or null; required.</summary>
    public T? SettingOrNull<T>(string name, SettingForm<T> form)
        where T : struct
    {
        JsonElement member = Required(name);
        if (member.ValueKind is JsonValueKind.Null)
            return null;
        return Parse(name, Required(name, JsonValueKind.Number, "a number or null").GetRawText(), form);
    }

    /// <summary>A member that is true or false; false if it is not given.</summary>
    public bool Flag(string name) => _members.TryGetValue(name, out JsonElement member)
        && (member.ValueKind is JsonValueKind.True or JsonValueKind.False ? member.GetBoolean() : throw WrongType(name, "true or false"));

    /// <summary>A member that is a text; null if it is not given.</summary>
    public string? TextOrNull(string name) =>
        !_members.TryGetValue(name, out JsonElement member) || member.ValueKind is JsonValueKind.Null ? null
        : member.ValueKind is JsonValueKind.String ? member.GetString()
        : throw WrongType(name, "a string or null");

    /// <summary>A member that is a number within limits.</summary>
    public double Number(string name, double @default, double least, double most)
    {
        if (!_members.TryGetValue(name, out JsonElement member))
            return @default;
        double number = member.ValueKind is JsonValueKind.Number ? member.GetDouble() : throw WrongType(name, "a number");
        return number >= least && number <= most
            ? number
            : throw ApiRequest.Bad(
                $"{Quoted.Key(name)} is {Quoted.Cut(member.GetRawText())}, which is not a number from {least} to {most}.");
    }

    private static JsonElement.ObjectEnumerator Parse(ReadOnlyMemory<byte> body)
    {
        try
        {
            JsonElement root = JsonElement.Parse(body.Span);
            return root.ValueKind is JsonValueKind.Object
                ? root.EnumerateObject()
                : throw ApiRequest.Bad("The body is not a JSON object.");
        }
        catch (JsonException exception)
        {
            throw ApiRequest.Bad(
                $"The body is not JSON: there is a mistake in line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1}.");
        }
    }

    private static T Parse<T>(string name, string text, SettingForm<T> form) =>
        form.TryParse(text, out T? value, out ValueProblem? problem)
            ? value
            : throw ApiRequest.Bad(Quoted.Key(name) + problem.Predicate);

    private JsonElement Required(string name) => _members.TryGetValue(name, out JsonElement member)
        ? member
        : throw ApiRequest.Bad($"The member {Quoted.Key(name)} is missing.");

    private JsonElement Required(string name, JsonValueKind kind, string description)
    {
        JsonElement member = Required(name);
        return member.ValueKind == kind ? member : throw WrongType(name, description);
    }

    private static RequestException WrongType(string name, string description) =>
        ApiRequest.Bad($"{Quoted.Key(name)} is not {description}.");
}
