using LbTcp.Configuration.Settings;

namespace LbTcp.Configuration.Sources;

/// <summary>
/// The settings that one source gives: the flags, the environment, a service of a file, its defaults. Only values that are accepted are
/// kept; the others are reported once, here, whether or not another source overrides them.
/// </summary>
/// <param name="errors">Receives what is wrong with values.</param>
internal sealed class SettingLayer(ICollection<ConfigurationError> errors)
{
    private readonly Dictionary<Setting, Sourced<string>> _values = [];
    private readonly HashSet<Setting> _refused = [];

    /// <summary>The addresses to listen on; null if the source gives none.</summary>
    public SourcedList<ListenAddress>? Listen { get; set; }

    /// <summary>The backends; null if the source gives none.</summary>
    public SourcedList<BackendOptions>? Backends { get; set; }

    /// <summary>Adds the texts of a setting, one unless it is a list.</summary>
    public void Add(Setting setting, IReadOnlyList<string> texts, Origin origin)
    {
        Sourced<string>[] sourced = [.. texts.Select(text => new Sourced<string>(text, origin))];
        if (setting == ServiceSettings.Listen)
            Listen = SourcedList.Parse(ServiceSettings.Listen, origin, sourced, errors);
        else if (setting == ServiceSettings.Backends)
            Backends = SourcedList.Parse(ServiceSettings.Backends, origin, sourced, errors);
        else
            AddAll(setting, sourced, origin);
    }

    /// <summary>Adds the texts of a setting, each with its place.</summary>
    /// <param name="setting">The setting; not that of listen addresses or of backends.</param>
    /// <param name="texts">The texts, one unless it is a list.</param>
    /// <param name="origin">Where they are written as a whole.</param>
    public void AddAll(Setting setting, IReadOnlyList<Sourced<string>> texts, Origin origin)
    {
        HashSet<string> known = new(StringComparer.OrdinalIgnoreCase);
        int refused = errors.Count;
        foreach (Sourced<string> text in texts)
        {
            ValueProblem? problem = setting.FindProblem(text.Value)
                ?? (known.Add(text.Value) ? null : ValueProblem.Of($"{Quoted.Text(text.Value)} is given twice."));
            if (problem is not null)
                errors.Add(text.Origin.Refuse(problem));
        }

        if (errors.Count > refused)
            Refuse(setting);
        else
            _values[setting] = new(ListText.Join(texts.Select(text => text.Value)), origin);
    }

    /// <summary>Remembers that the source gives a value that is not accepted.</summary>
    public void Refuse(Setting setting) => _ = _refused.Add(setting);

    /// <summary>Whether the source gives a value that is not accepted.</summary>
    public bool IsRefused(Setting setting) => _refused.Contains(setting);

    /// <summary>The accepted value; null if the source gives none.</summary>
    public Sourced<string>? Find(Setting setting) => _values.GetValueOrDefault(setting);

    /// <summary>The origins of what the source says about where a service listens and which backends it has.</summary>
    public IEnumerable<Origin> ServiceOrigins =>
        new[] { Listen?.Origin, Backends?.Origin, Find(ServiceSettings.BackendsFile)?.Origin }.OfType<Origin>();
}
