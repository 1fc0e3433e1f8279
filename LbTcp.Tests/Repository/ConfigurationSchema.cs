using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using LbTcp.Configuration;
using LbTcp.Configuration.Settings;

namespace LbTcp.Tests.Repository;

/// <summary>The JSON schema of a configuration file (draft 2020-12), made from the settings and their bindings.</summary>
internal static class ConfigurationSchema
{
    private static readonly JsonSerializerOptions _format = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // no page shows it
        NewLine = "\n",
    };

    /// <summary>Writes the schema.</summary>
    public static string Write() => new JsonObject
    {
        ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
        ["title"] = "lbtcp.json",
        ["description"] = "Configuration of LbTcp: one or more services, and the settings of the process.",
        ["type"] = "object",
        ["properties"] = new JsonObject(
        [
            new("$schema", new JsonObject { ["type"] = "string", ["description"] = "this schema, for editors" }),
            new("defaults", Object("settings of all services", Properties(ServiceBindings.All))),
            new("services", Services()),
            .. Properties(HostBindings.All),
        ]),
        ["required"] = new JsonArray("services"),
        ["additionalProperties"] = false,
        ["$defs"] = new JsonObject { ["backend"] = Backend() },
    }.ToJsonString(_format) + "\n";

    private static JsonObject Services()
    {
        var address = new JsonObject { ["type"] = new JsonArray("string", "integer") };
        JsonObject service = Object("a service", [
            new(ServiceSettings.Listen.Name, List(address, ServiceSettings.Listen)),
            new(ServiceSettings.Backends.Name, List(new JsonObject { ["$ref"] = "#/$defs/backend" }, ServiceSettings.Backends)),
            new(ServiceSettings.BackendsFile.Name, Value(ServiceSettings.BackendsFile)),
            .. Properties(ServiceBindings.All),
        ]);
        service["required"] = new JsonArray(ServiceSettings.Listen.Name);
        service["anyOf"] = new JsonArray(Requires(ServiceSettings.Backends), Requires(ServiceSettings.BackendsFile));
        return new JsonObject
        {
            ["type"] = "object",
            ["description"] = "the services by their names",
            ["propertyNames"] = new JsonObject { ["pattern"] = "^[A-Za-z0-9._-]{1,64}$" },
            ["additionalProperties"] = service,
            ["minProperties"] = 1,
        };
    }

    private static JsonObject Backend()
    {
        JsonObject options = Object("a backend", [
            new("address", new JsonObject { ["type"] = "string", ["description"] = "[tcp://|http://]host:port" }),
            .. Properties(BackendKeys.All),
        ]);
        options["required"] = new JsonArray("address");
        var line = new JsonObject { ["type"] = "string", ["description"] = "[tcp://|http://]host:port and options, separated by blanks" };
        return new JsonObject { ["anyOf"] = new JsonArray(line, options) };
    }

    private static JsonObject List(JsonObject item, Setting setting) => new()
    {
        ["description"] = setting.Description.Replace("; repeatable", "", StringComparison.Ordinal),
        ["anyOf"] = new JsonArray(item, new JsonObject { ["type"] = "array", ["items"] = item.DeepClone(), ["minItems"] = 1 }),
    };

    private static JsonObject Requires(Setting setting) => new() { ["required"] = new JsonArray(setting.Name) };

    private static JsonObject Object(string description, IEnumerable<KeyValuePair<string, JsonNode?>> properties) => new()
    {
        ["type"] = "object",
        ["description"] = description,
        ["properties"] = new JsonObject(properties),
        ["additionalProperties"] = false,
    };

    private static IEnumerable<KeyValuePair<string, JsonNode?>> Properties<TOptions>(IEnumerable<SettingBinding<TOptions>> bindings)
        where TOptions : class => bindings.Select(
            binding => new KeyValuePair<string, JsonNode?>(binding.Setting.Name, Value(binding.Setting)));

    private static JsonObject Value(Setting setting)
    {
        ValueShape shape = setting.Shape;
        var value = new JsonObject { ["description"] = setting.Description };
        if (setting is Setting<bool>)
        {
            value["enum"] = new JsonArray(true, false, Switch.On, Switch.Off);
        }
        else if (shape.Words is { } words)
        {
            JsonNode[] switches = shape.IsSwitch ? [true, false] : [];
            var choices = new JsonArray([.. switches, .. words.Select(word => (JsonNode)word)]);
            if (shape.Pattern is { } pattern)
            {
                value["anyOf"] = new JsonArray(
                    new JsonObject { ["enum"] = choices }, new JsonObject { ["type"] = "string", ["pattern"] = pattern });
            }
            else
            {
                value["enum"] = choices;
            }
        }
        else if (shape.Least is not null)
        {
            value["type"] = new JsonArray("integer", "string");
            (value["minimum"], value["maximum"], value["pattern"]) = (shape.Least, shape.Most, "^[0-9]+$");
        }
        else
        {
            bool isZeroPossible = setting.FindProblem("0") is null && shape.Pattern is not null;
            value["type"] = isZeroPossible ? new JsonArray("string", "integer") : "string";
            if (shape.Pattern is not null)
                value["pattern"] = shape.Pattern;
            if (isZeroPossible)
                (value["minimum"], value["maximum"]) = (0, 0);
        }

        if (Default(setting) is { } text)
            value["default"] = text;
        return value;
    }

    private static JsonNode? Default(Setting setting) => setting switch
    {
        Setting<bool> { Default: var isOn } => isOn,
        Setting<int> { Default: var number } => number,
        _ when setting.FindProblem(setting.DefaultText) is null && setting is not Setting<string?> { Default: null } => setting.DefaultText,
        _ => null,
    };
}
