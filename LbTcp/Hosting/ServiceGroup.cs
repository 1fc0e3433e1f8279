namespace LbTcp.Hosting;

/// <summary>
/// The services of one process: they start together, and when one of them fails, or the process is asked to stop, all of them stop in
/// order.
/// </summary>
internal sealed class ServiceGroup(IReadOnlyList<LoadBalancer> services)
{
    /// <summary>
    /// Serves until <paramref name="stopping"/> fires, then drains until <paramref name="aborting"/> fires or the drains' time is up.
    /// </summary>
    /// <returns>Whether the group stopped because it was asked to; false when a service failed, which was logged.</returns>
    public async Task<bool> RunAsync(CancellationToken stopping, CancellationToken aborting)
    {
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using CancellationTokenRegistration registration = stopping.UnsafeRegister(
            static state => ((TaskCompletionSource)state!).TrySetResult(), asked);
        foreach (LoadBalancer service in services)
            service.Start();
        _ = await Task.WhenAny([asked.Task, .. services.Select(service => service.Failed)]);
        await Task.WhenAll(services.Select(service => service.DrainAsync(aborting)));
        await Task.WhenAll(services.Select(service => service.StopAsync()));
        return !services.Any(service => service.HasFailed);
    }
}
