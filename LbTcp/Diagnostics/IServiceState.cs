namespace LbTcp.Diagnostics;

/// <summary>A log state that knows its service, whether the log names services or not.</summary>
internal interface IServiceState
{
    /// <summary>The name of the service.</summary>
    string Service { get; }
}
