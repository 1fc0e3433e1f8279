using System.Text.RegularExpressions;
using LbTcp.Configuration.Settings;

namespace LbTcp.Configuration.Sources;

/// <summary>
/// The environment as a source of settings: <c>LBTCP_CHECK_INTERVAL</c> is <c>--check-interval</c>. The values of a list are separated by
/// blanks. An empty variable counts as not set.
/// </summary>
internal static partial class EnvironmentVariables
{
    private const string Prefix = "LBTCP_";

    /// <summary>Reads the settings.</summary>
    /// <param name="environment">The variables of the process.</param>
    /// <param name="errors">Receives what is wrong with values.</param>
    public static SettingLayer Read(IReadOnlyDictionary<string, string> environment, ICollection<ConfigurationError> errors)
    {
        var layer = new SettingLayer(errors);
        foreach (Setting setting in Catalogue.All)
        {
            if (environment.GetValueOrDefault(setting.Variable) is not { Length: > 0 } text)
                continue;
            string[] texts = setting.IsList ? text.Split([' ', '\t', '\r', '\n'], StringSplitOptions.RemoveEmptyEntries) : [text];
            if (texts.Length > 0)
                layer.Add(setting, texts, WordOrigin.Variable(setting));
        }

        return layer;
    }

    /// <summary>
    /// Describes every variable that looks like a setting and is none: probably a misspelt one, but no reason not to start.
    /// <see cref="IsServiceLink"/> is left out.
    /// </summary>
    public static IEnumerable<string> DescribeUnknown(IReadOnlyDictionary<string, string> environment)
    {
        var known = Catalogue.All.ToDictionary(setting => setting.Variable, StringComparer.Ordinal);
        return environment.Keys
            .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal) && !known.ContainsKey(name))
            .Where(name => !IsServiceLink(name))
            .Order(StringComparer.Ordinal)
            .Select(name => $"The environment variable {Quoted.Text(name)} is unknown and ignored{Advice(name)}");
    }

    /// <summary>
    /// Whether Kubernetes sets a variable of this name for a service that is called lbtcp or lbtcp-something. No setting may have such a
    /// name: the address that Kubernetes puts there would be read as its value.
    /// </summary>
    public static bool IsServiceLink(string name) => ServiceLink().IsMatch(name);

    private static string Advice(string name)
    {
        string? near = NearestWord.Of(name[Prefix.Length..], Catalogue.All.Select(setting => setting.Name));
        return near is null ? "." : $"; did you mean {Catalogue.All.First(setting => setting.Name == near).Variable}?";
    }

    // https://kubernetes.io/docs/tutorials/services/connect-applications-service/#environment-variables
    [GeneratedRegex(
        "^LBTCP_([A-Z0-9_]+_)?(SERVICE_HOST|SERVICE_PORT(_[A-Z0-9_]+)?|PORT(_[0-9]+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)?)\\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex ServiceLink();
}
