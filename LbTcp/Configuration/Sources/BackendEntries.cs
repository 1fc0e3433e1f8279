using System.Text.Json;
using LbTcp.Configuration.Settings;

namespace LbTcp.Configuration.Sources;

/// <summary>
/// Reads the backends of a service in a configuration file. A string is a line as in a backends file; an object has the same keys, and
/// the address as <c>address</c>.
/// </summary>
/// <param name="values">Reads the values of the file.</param>
/// <param name="errors">Receives every mistake.</param>
internal sealed class BackendEntries(DocumentValues values, ICollection<ConfigurationError> errors)
{
    private const string AddressKey = "address";

    private static readonly string[] _keys = [AddressKey, .. BackendKeys.All.Select(key => key.Setting.Name)];

    // Without a right address, the other keys are read for their mistakes alone.
    private static readonly BackendAddress _noAddress = new("", BackendScheme.Tcp, "", 0);

    /// <summary>Reads a list of backends, or one backend.</summary>
    public SourcedList<BackendOptions> Read(DocumentNode node, string path)
    {
        List<Sourced<BackendOptions>> backends = [];
        int count = 0;
        foreach ((DocumentNode item, string itemPath) in DocumentValues.Items(node, path))
        {
            count++;
            if (ReadBackend(item, itemPath) is { } backend)
                backends.Add(new(backend, values.OriginOf(item, itemPath)));
        }

        return SourcedList.Unique(ServiceSettings.Backends, values.OriginOf(node, path), backends, count, errors);
    }

    private BackendOptions? ReadBackend(DocumentNode node, string path)
    {
        if (node.Kind is JsonValueKind.Object)
            return ReadObject(node, path);
        if (node.Kind is not JsonValueKind.String)
            values.Report(node, path, $" is {node.KindText}; write a backend as a string or an object.");
        else if (string.IsNullOrWhiteSpace(node.Text))
            values.Report(node, path, " is empty; write host:port.");
        else
            return ReadLine(node, path);
        return null;
    }

    private BackendOptions? ReadLine(DocumentNode node, string path)
    {
        BackendLineResult line = BackendLine.Read(node.Text);
        foreach (LineProblem problem in line.Problems)
            values.Report(node, path, $": {problem.Message}");
        return line.IsValid ? line.Options : null;
    }

    private BackendOptions? ReadObject(DocumentNode node, string path)
    {
        int mistakes = errors.Count;
        DocumentMember[] members = [.. values.Members(node, path, _keys)];
        var options = new BackendOptions { Address = ReadAddress(node, members, path) ?? _noAddress };
        foreach (DocumentMember member in members.Where(member => member.Key != AddressKey))
            options = Apply(options, member, DocumentValues.Join(path, member.Key));
        if (errors.Count > mistakes)
            return null;
        foreach ((Setting ineffective, string problem) in ConflictingOptions.FindAll(options))
            values.Report(members.First(member => member.Key == ineffective.Name), path, $" {problem}");
        return errors.Count == mistakes ? options : null;
    }

    private BackendAddress? ReadAddress(DocumentNode node, DocumentMember[] members, string path)
    {
        if (Array.Find(members, member => member.Key == AddressKey)?.Value is not { } value)
            values.Report(node, path, $": {AddressKey} is missing.");
        else if (value.Kind is not JsonValueKind.String)
            values.Report(value, $"{path}.{AddressKey}", $" is {value.KindText}; write host:port as a string.");
        else if (BackendAddress.TryParse(value.Text, out BackendAddress? address, out string? error))
            return address;
        else
            values.Report(value, $"{path}.{AddressKey}", $": {error}");
        return null;
    }

    private BackendOptions Apply(BackendOptions options, DocumentMember member, string path)
    {
        SettingBinding<BackendOptions> binding = BackendKeys.All.First(key => key.Setting.Name == member.Key);
        if (values.TextOf(binding.Setting, member.Value, path) is not { } text)
            return options;
        if (binding.TryApply(options, text, out BackendOptions? applied, out ValueProblem? problem))
            return applied;
        values.Report(member.Value, path, problem.Predicate);
        return options;
    }
}
