namespace LbTcp.Hosting;

/// <summary>
/// The services of one process: they start together, and when one of them fails, or a stop is requested, all of them stop in order.
/// </summary>
internal sealed class ServiceGroup(IReadOnlyList<LoadBalancer> services)
{
    /// <summary>
    /// Runs the services until <paramref name="stopping"/> fires or one of them fails, then drains them until <paramref name="aborting"/>
    /// fires or the drain timeouts have passed.
    /// </summary>
    /// <returns>Whether the group stopped on request; false if a service failed, which is logged.</returns>
    public async Task<bool> RunAsync(CancellationToken stopping, CancellationToken aborting)
    {
        var requested = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using CancellationTokenRegistration registration = stopping.UnsafeRegister(
            static state => ((TaskCompletionSource)state!).TrySetResult(), requested);
        foreach (LoadBalancer service in services)
            service.Start();
        _ = await Task.WhenAny([requested.Task, .. services.Select(service => service.Failed)]);
        await Task.WhenAll(services.Select(service => service.DrainAsync(aborting)));
        await Task.WhenAll(services.Select(service => service.StopAsync()));
        return !services.Any(service => service.HasFailed);
    }
}
