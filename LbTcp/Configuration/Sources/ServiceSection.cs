namespace LbTcp.Configuration.Sources;

/// <summary>A service as one source describes it.</summary>
/// <param name="Name">The name.</param>
/// <param name="Layer">Its settings.</param>
/// <param name="Origin">Where the service is described; null for the one service that flags and environment describe.</param>
internal sealed record ServiceSection(string Name, SettingLayer Layer, Origin? Origin);
