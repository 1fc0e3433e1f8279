using System.Net;

namespace LbTcp.Hosting.Operations;

/// <summary>Several companions as one. They are started in their order and disposed of in the reverse one.</summary>
internal sealed class HostCompanions : IHostCompanion
{
    private readonly IReadOnlyList<IHostCompanion> _companions;

    private HostCompanions(IReadOnlyList<IHostCompanion> companions) => _companions = companions;

    /// <summary>Returns one companion for all that are given; null if none is.</summary>
    public static IHostCompanion? Of(params IEnumerable<IHostCompanion?> companions)
    {
        IHostCompanion[] present = [.. companions.OfType<IHostCompanion>()];
        return present.Length > 1 ? new HostCompanions(present) : present.SingleOrDefault();
    }

    /// <inheritdoc/>
    public IReadOnlyList<EndPoint> LocalEndPoints => [.. _companions.SelectMany(companion => companion.LocalEndPoints)];

    /// <inheritdoc/>
    public async Task StartAsync(IHostView view, IHostControl control)
    {
        foreach (IHostCompanion companion in _companions)
            await companion.StartAsync(view, control);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (IHostCompanion companion in _companions.Reverse())
            await companion.DisposeAsync();
    }
}
