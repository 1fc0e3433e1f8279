using LbTcp.Configuration.Settings;

namespace LbTcp.Configuration.Sources;

/// <summary>The sources of the settings of a service or of the process, in the order of their precedence.</summary>
/// <param name="layers">The sources, the one that takes precedence first.</param>
internal sealed class SettingLayers(params SettingLayer[] layers)
{
    /// <summary>The value that takes precedence; null if no source gives one.</summary>
    public Sourced<string>? Find(Setting setting) => layers.Select(layer => layer.Find(setting)).FirstOrDefault(value => value is not null);

    /// <summary>Whether any source gives a value that is not accepted.</summary>
    public bool IsRefused(Setting setting) => layers.Any(layer => layer.IsRefused(setting));

    /// <summary>Applies the values that take precedence.</summary>
    /// <param name="bindings">The settings to apply.</param>
    /// <param name="options">The options with defaults.</param>
    /// <param name="service">The name of the service; null for the process.</param>
    /// <param name="origins">Receives where the values were written.</param>
    public TOptions Apply<TOptions>(
        IEnumerable<SettingBinding<TOptions>> bindings, TOptions options, string? service, SettingOrigins origins)
        where TOptions : class
    {
        foreach (SettingBinding<TOptions> binding in bindings)
        {
            if (Find(binding.Setting) is not { } value || !binding.TryApply(options, value.Value, out TOptions? applied, out _))
                continue;
            options = applied;
            origins.Add(service, binding.Setting, value.Origin.ToString()!);
        }

        return options;
    }

    /// <summary>Reports a conflict at the setting to change, or at the other one if only that was written.</summary>
    public ConfigurationError Describe(SettingConflict conflict)
    {
        Origin? wrong = Find(conflict.Wrong)?.Origin;
        Origin? other = Find(conflict.Other)?.Origin;
        Origin place = (wrong ?? other)!;
        string wrongName = wrong?.Name ?? place.NameOf(conflict.Wrong);
        string sentence = $" is {conflict.Value}, which is {conflict.Relation} "
            + $"{other?.Name ?? place.NameOf(conflict.Other)}, {conflict.OtherValue}.";
        ConfigurationError error = place.Error(sentence);
        return error with { Message = wrongName + sentence };
    }
}
