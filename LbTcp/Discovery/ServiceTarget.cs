namespace LbTcp.Discovery;

/// <summary>One SRV record (RFC 2782).</summary>
/// <param name="HostName">The host, a valid host name in lower case without a final dot.</param>
/// <param name="Port">The port, 1 to 65535.</param>
/// <param name="Priority">Clients use the targets with the lowest number that they can reach.</param>
/// <param name="Weight">The share of clients among targets of the same priority; 0 to 65535.</param>
internal sealed record ServiceTarget(string HostName, int Port, int Priority, int Weight);
