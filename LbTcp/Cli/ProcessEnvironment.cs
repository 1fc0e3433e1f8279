using System.Collections;

namespace LbTcp.Cli;

/// <summary>The environment variables of this process.</summary>
internal static class ProcessEnvironment
{
    /// <summary>Returns a copy of all variables.</summary>
    public static IReadOnlyDictionary<string, string> Read() => Environment.GetEnvironmentVariables()
        .Cast<DictionaryEntry>()
        .ToDictionary(variable => (string)variable.Key, variable => (string?)variable.Value ?? "", StringComparer.Ordinal);
}
