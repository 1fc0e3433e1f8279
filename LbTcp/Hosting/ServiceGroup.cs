using LbTcp.Hosting.Operations;

namespace LbTcp.Hosting;

/// <summary>
/// The services that run in one process. They may come and go; when one of them fails, or a stop is requested, all of them stop in order.
/// </summary>
/// <param name="services">The services to start with.</param>
internal sealed class ServiceGroup(IReadOnlyList<LoadBalancer> services) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly List<LoadBalancer> _running = [.. services];
    private readonly Dictionary<LoadBalancer, Task> _leaving = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private CancellationToken _aborting;
    private bool _isStarted;
    private bool _isStopping;

    /// <summary>Whether the services run, so that they may be changed; false before they are started and once they stop.</summary>
    public bool IsRunning => State is ProcessState.Running;

    /// <summary>Where the services are between start and end.</summary>
    public ProcessState State
    {
        get
        {
            lock (_gate)
                return _isStopping ? ProcessState.Draining : _isStarted ? ProcessState.Running : ProcessState.Starting;
        }
    }

    /// <summary>The removed services that drain now, as a snapshot.</summary>
    public IReadOnlyList<LoadBalancer> Leaving
    {
        get
        {
            lock (_gate)
                return [.. _leaving.Keys];
        }
    }

    /// <summary>
    /// Runs the services until <paramref name="stopping"/> fires or one of them fails, then drains them until <paramref name="aborting"/>
    /// fires or the drain timeouts have passed.
    /// </summary>
    /// <returns>Whether the group stopped on request; false if a service failed, which is logged.</returns>
    public async Task<bool> RunAsync(CancellationToken stopping, CancellationToken aborting)
    {
        Start(aborting);
        await WhenStoppingAsync(stopping);
        (LoadBalancer[] running, Task[] leaving) = BeginStop();
        await Task.WhenAll([.. running.Select(service => service.DrainAsync(aborting)), .. leaving]);
        await Task.WhenAll(running.Select(service => service.StopAsync()));
        return !running.Any(service => service.HasFailed);
    }

    /// <summary>Starts a service and lets it run with the others.</summary>
    /// <returns>False if the group is stopping: the service was not started, and was disposed.</returns>
    public bool Add(LoadBalancer service)
    {
        lock (_gate)
        {
            if (!_isStopping)
            {
                service.Start();
                _running.Add(service);
                NoteChange();
                return true;
            }
        }

        service.Dispose();
        return false;
    }

    /// <summary>
    /// Closes the ports of a service, and drains and stops it in the background, within its drain timeout; the end of the group waits for
    /// that.
    /// </summary>
    /// <returns>Completes when the ports are closed.</returns>
    public async Task RemoveAsync(LoadBalancer service)
    {
        await service.CloseAsync(CancellationToken.None);
        lock (_gate)
        {
            if (_isStopping || !_running.Remove(service))
                return; // it stops with all others
            NoteChange();
            _leaving.Add(service, LeaveAsync(service));
        }
    }

    /// <summary>Stops all loops of services that were not drained and stopped, without waiting.</summary>
    public void Dispose()
    {
        lock (_gate)
            _running.ForEach(service => service.Dispose());
    }

    private void Start(CancellationToken aborting)
    {
        lock (_gate)
        {
            _aborting = aborting;
            _running.ForEach(service => service.Start());
            _isStarted = true;
        }
    }

    private (LoadBalancer[] Running, Task[] Leaving) BeginStop()
    {
        lock (_gate)
        {
            _isStopping = true;
            return ([.. _running], [.. _leaving.Values]);
        }
    }

    private async Task WhenStoppingAsync(CancellationToken stopping)
    {
        var requested = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using CancellationTokenRegistration registration = stopping.UnsafeRegister(
            static state => ((TaskCompletionSource)state!).TrySetResult(), requested);
        while (!requested.Task.IsCompleted)
        {
            Task changed;
            Task[] failures;
            lock (_gate)
            {
                changed = _changed.Task;
                failures = [.. _running.Select(service => service.Failed)];
            }

            if (await Task.WhenAny([requested.Task, changed, .. failures]) != changed)
                return;
        }
    }

    private async Task LeaveAsync(LoadBalancer service)
    {
        await Task.Yield(); // to be listed first
        await service.DrainAsync(_aborting);
        await service.StopAsync();
        service.Dispose();
        lock (_gate)
            _ = _leaving.Remove(service);
    }

    // Called under the lock.
    private void NoteChange()
    {
        _changed.SetResult();
        _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
