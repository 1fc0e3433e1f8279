using System.Text.Json;
using LbTcp.Configuration.Settings;

namespace LbTcp.Configuration.Sources;

/// <summary>Reads the sections of a configuration file: the process, the defaults of all services, and each service.</summary>
/// <param name="document">The file.</param>
/// <param name="errors">Receives every mistake.</param>
internal sealed class ConfigurationFileReader(DocumentText document, ICollection<ConfigurationError> errors)
{
    private const string Schema = "$schema";
    private const string DefaultsKey = "defaults";
    private const string ServicesKey = "services";

    private static readonly Setting[] _ofService = [.. ServiceBindings.All.Select(binding => binding.Setting)];
    private static readonly Setting[] _ofProcess = [.. HostBindings.All.Select(binding => binding.Setting)];
    private static readonly Setting[] _places = [ServiceSettings.Listen, ServiceSettings.Backends, ServiceSettings.BackendsFile];

    private static readonly string[] _rootKeys = [Schema, DefaultsKey, ServicesKey, .. NamesOf(_ofProcess)];
    private static readonly string[] _defaultsKeys = [.. NamesOf(_ofService)];
    private static readonly string[] _serviceKeys = [.. NamesOf(_places), .. NamesOf(_ofService)];

    private readonly DocumentValues _values = new(document, errors);

    /// <summary>Reads the file.</summary>
    /// <param name="root">The value that it holds.</param>
    public ConfigurationFile Read(DocumentNode root)
    {
        var process = new SettingLayer(errors);
        var defaults = new SettingLayer(errors);
        List<ServiceSection>? services = null;
        foreach (DocumentMember member in _values.Members(root, "", _rootKeys, AdviseOnServiceSetting))
        {
            string path = DocumentValues.Join("", member.Key);
            switch (member.Key)
            {
                case Schema: break; // for editors
                case DefaultsKey: ReadSettings(defaults, member.Value, path, _defaultsKeys, AdviseInDefaults); break;
                case ServicesKey: services = ReadServices(member.Value, path); break;
                default: ReadSetting(process, _ofProcess, member, path); break;
            }
        }

        if (services is null && root.Kind is JsonValueKind.Object)
            _values.Report(root, "", $"there are no {ServicesKey}; describe at least one.");
        return new ConfigurationFile(process, defaults, services ?? []);
    }

    private List<ServiceSection> ReadServices(DocumentNode node, string path)
    {
        List<ServiceSection> sections = [];
        foreach (DocumentMember member in _values.Members(node, path))
        {
            string servicePath = DocumentValues.Join(path, member.Key);
            if (BackendSettings.Name.FindProblem(member.Key) is { } problem)
                _values.Report(member, path, problem.Predicate);
            var layer = new SettingLayer(errors);
            ReadSettings(layer, member.Value, servicePath, _serviceKeys, AdviseInService);
            if (member.Value.Kind is JsonValueKind.Object)
                sections.Add(new ServiceSection(member.Key, layer, new DocumentOrigin(document, member.Offset, servicePath)));
        }

        if (node is { Kind: JsonValueKind.Object, Members: [] })
            _values.Report(node, path, " is empty; describe at least one service.");
        return sections;
    }

    private void ReadSettings(
        SettingLayer layer, DocumentNode node, string path, IReadOnlyCollection<string> known, Func<string, string?> advice)
    {
        foreach (DocumentMember member in _values.Members(node, path, known, advice))
        {
            string memberPath = DocumentValues.Join(path, member.Key);
            if (member.Key == ServiceSettings.Listen.Name)
                layer.Listen = ReadListen(member.Value, memberPath);
            else if (member.Key == ServiceSettings.Backends.Name)
                layer.Backends = new BackendEntries(_values, errors).Read(member.Value, memberPath);
            else
                ReadSetting(layer, [ServiceSettings.BackendsFile, .. _ofService], member, memberPath);
        }
    }

    private void ReadSetting(SettingLayer layer, IEnumerable<Setting> settings, DocumentMember member, string path)
    {
        Setting setting = settings.First(setting => setting.Name == member.Key);
        if (ReadTexts(setting, member.Value, path, out List<Sourced<string>> texts))
            layer.AddAll(setting, texts, _values.OriginOf(member.Value, path));
        else
            layer.Refuse(setting);
    }

    private SourcedList<ListenAddress> ReadListen(DocumentNode node, string path)
    {
        bool isComplete = ReadTexts(ServiceSettings.Listen, node, path, out List<Sourced<string>> texts);
        SourcedList<ListenAddress> listen = SourcedList.Parse(ServiceSettings.Listen, _values.OriginOf(node, path), texts, errors);
        return listen with { IsComplete = isComplete && listen.IsComplete };
    }

    // Returns whether all are of the right type.
    private bool ReadTexts(Setting setting, DocumentNode node, string path, out List<Sourced<string>> texts)
    {
        texts = [];
        bool isComplete = true;
        IEnumerable<(DocumentNode Item, string Path)> items = setting.IsList ? DocumentValues.Items(node, path) : [(node, path)];
        foreach ((DocumentNode item, string itemPath) in items)
        {
            if (_values.TextOf(setting, item, itemPath) is { } text)
                texts.Add(new(text, _values.OriginOf(item, itemPath)));
            else
                isComplete = false;
        }

        return isComplete;
    }

    private static IEnumerable<string> NamesOf(IEnumerable<Setting> settings) => settings.Select(setting => setting.Name);

    private static string? AdviseOnServiceSetting(string key) => _serviceKeys.Contains(key)
        ? $"it is a setting of a service, or of {Quoted.Key(DefaultsKey)}."
        : null;

    private static string? AdviseInDefaults(string key) =>
        NamesOf(_places).Contains(key) ? "it is set in each service." : AdviseInService(key);

    private static string? AdviseInService(string key) =>
        NamesOf(_ofProcess).Contains(key) ? "it is a setting of the process, at the top level of the file." : null;
}
