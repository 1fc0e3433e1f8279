using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using System.Xml.Linq;
using LbTcp.Admin;

namespace LbTcp.Tests.Repository;

/// <summary>The schemas of records (JSON Schema 2020-12), described by their documentation comments.</summary>
internal sealed class ApiSchemas
{
    private static readonly JsonSerializerOptions _options = ApiJson.Default.Options;
    private static readonly Dictionary<string, XElement> _documentation =
        XDocument.Load(Path.ChangeExtension(typeof(ApiJson).Assembly.Location, ".xml"))
            .Descendants("member").ToDictionary(member => member.Attribute("name")!.Value);

    private readonly SortedDictionary<string, JsonNode?> _schemas = new(StringComparer.Ordinal);
    private readonly NullabilityInfoContext _nullability = new();

    /// <summary>All schemas that were referred to.</summary>
    public JsonObject ToJson() => new(_schemas);

    /// <summary>A reference to the schema of a record, which is made if there is none yet.</summary>
    /// <param name="type">The record.</param>
    /// <param name="optional">The members that may be left out.</param>
    public JsonObject Reference(Type type, params string[] optional)
    {
        string name = NameOf(type);
        if (_schemas.TryAdd(name, null))
            _schemas[name] = Object(type, optional);
        return new JsonObject { ["$ref"] = $"#/components/schemas/{name}" };
    }

    private JsonObject Object(Type type, string[] optional)
    {
        JsonTypeInfo info = _options.GetTypeInfo(type);
        var properties = new JsonObject();
        foreach (JsonPropertyInfo member in info.Properties)
        {
            var property = (PropertyInfo)member.AttributeProvider!;
            JsonObject schema = OfMember(property);
            schema["description"] = Describe(property);
            properties.Add(member.Name, schema);
        }

        var described = new JsonObject { ["type"] = "object" };
        if (Text(_documentation.GetValueOrDefault($"T:{DocumentationName(type)}")?.Element("summary")) is { } summary)
            described["description"] = summary;
        described["properties"] = properties;
        described["required"] = new JsonArray([.. properties.Select(member => member.Key).Except(optional).Select(name => (JsonNode)name)]);
        return described;
    }

    private JsonObject OfMember(PropertyInfo property)
    {
        bool isNullable = Nullable.GetUnderlyingType(property.PropertyType) is not null
            || _nullability.Create(property).ReadState is NullabilityState.Nullable;
        JsonObject schema = OfType(Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType);
        if (!isNullable)
            return schema;
        if (schema["enum"] is JsonArray words)
            words.Add(null);
        if (schema["type"] is not { } type)
            return new JsonObject { ["anyOf"] = new JsonArray(schema, new JsonObject { ["type"] = "null" }) };
        schema["type"] = new JsonArray(type.DeepClone(), "null");
        return schema;
    }

    private JsonObject OfType(Type type)
    {
        if (type == typeof(string))
            return new JsonObject { ["type"] = "string" };
        if (type == typeof(bool))
            return new JsonObject { ["type"] = "boolean" };
        if (type == typeof(int) || type == typeof(long))
            return new JsonObject { ["type"] = "integer" };
        if (type == typeof(double))
            return new JsonObject { ["type"] = "number" };
        if (type == typeof(TimeSpan))
            return new JsonObject { ["type"] = "number", ["format"] = "seconds" };
        if (type == typeof(DateTimeOffset))
            return new JsonObject { ["type"] = "string", ["format"] = "date-time" };
        if (type.IsEnum)
            return new JsonObject { ["type"] = "string", ["enum"] = new JsonArray([.. WordsOf(type)]) };
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>))
            return new JsonObject { ["type"] = "array", ["items"] = OfType(type.GenericTypeArguments[0]) };
        return Reference(type);
    }

    // What has no name in JSON, such as LogLevel.None, is not written.
    private static IEnumerable<JsonNode> WordsOf(Type type)
    {
        foreach (object value in Enum.GetValues(type))
        {
            string? word = null;
            try
            {
                word = JsonSerializer.SerializeToNode(value, _options.GetTypeInfo(type))!.GetValue<string>();
            }
            catch (ArgumentOutOfRangeException)
            {
            }

            if (word is not null)
                yield return word;
        }
    }

    private static string NameOf(Type type) => !type.IsGenericType ? type.Name
        : type.GetGenericTypeDefinition() == typeof(ItemList<>) ? $"{type.GenericTypeArguments[0].Name}List"
        : type.GetGenericTypeDefinition() == typeof(ItemPage<>) ? $"{type.GenericTypeArguments[0].Name}Page"
        : "Field"; // a name with its value

    private static string? Describe(PropertyInfo property)
    {
        string type = DocumentationName(property.DeclaringType!);
        return Text(_documentation.GetValueOrDefault($"P:{type}.{property.Name}")?.Element("summary"))
            ?? Text(_documentation.GetValueOrDefault($"T:{type}")?.Elements("param")
                .FirstOrDefault(parameter => parameter.Attribute("name")!.Value == property.Name))
            ?? (type.StartsWith("System.", StringComparison.Ordinal) ? $"The {property.Name.ToLowerInvariant()} of the field." : null);
    }

    private static string DocumentationName(Type type) => (type.IsGenericType ? type.GetGenericTypeDefinition() : type).FullName!;

    private static string? Text(XElement? element)
    {
        if (element is null)
            return null;
        IEnumerable<string> parts = element.Nodes().Select(node => node switch
        {
            XText text => text.Value,
            XElement { Name.LocalName: "see" } see => see.Attribute("cref")!.Value.Split('.')[^1],
            XElement child => child.Value,
            _ => "",
        });
        return string.Join(' ', string.Concat(parts).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
    }
}
