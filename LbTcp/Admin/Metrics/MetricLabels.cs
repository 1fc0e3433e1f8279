using System.Diagnostics.Metrics;
using LbTcp.Diagnostics;

namespace LbTcp.Admin.Metrics;

/// <summary>Makes measurements with their labels. The values of labels may be any text; exporters escape them.</summary>
internal static class MetricLabels
{
    public const string Service = "service";
    public const string Backend = "backend";

    /// <summary>A value without labels.</summary>
    public static Measurement<double> Of(double value) => new(value);

    /// <summary>A value with one label.</summary>
    public static Measurement<double> Of(double value, string label, string text) => new(value, Label(label, text));

    /// <summary>A value of a service or a backend.</summary>
    public static Measurement<double> Of(double value, MemberKey key) => new(value, Of(key));

    /// <summary>A value of a service or a backend with one more label.</summary>
    public static Measurement<double> Of(double value, MemberKey key, string label, string text) =>
        new(value, [.. Of(key), Label(label, text)]);

    /// <summary>The labels of a service or a backend.</summary>
    public static KeyValuePair<string, object?>[] Of(MemberKey key) => key.Backend is null
        ? [Label(Service, key.Service)]
        : [Label(Service, key.Service), Label(Backend, key.Backend)];

    /// <summary>The values of an enum as words, in their order.</summary>
    public static string[] Words<T>()
        where T : struct, Enum => [.. Enum.GetNames<T>().Select(WordOf)];

    private static KeyValuePair<string, object?> Label(string name, string text) => new(name, text);

    private static string WordOf(string name)
    {
        char[] text = new char[SnakeCase.LongestResult(name.Length)];
        return new string(text, 0, SnakeCase.Convert(name, text));
    }
}
