using System.Globalization;
using System.Net;

namespace LbTcp.Tests.EndToEnd.Harness;

/// <summary>
/// A host in a network of its own, with a cable to another one. It can vanish as a host behind a router does: what is sent to it is neither
/// answered nor refused, and nothing comes from it.
/// </summary>
internal sealed class RemoteHost : IDisposable
{
    // No interface has it, so what is sent to it is dropped. ARP is not used then: its silence would be an answer (EHOSTUNREACH).
    private const string Nowhere = "02:00:00:00:00:ff";

    private readonly NetworkNamespace _near;
    private readonly NetworkNamespace _network;
    private readonly string _interface;
    private readonly IPAddress _nearAddress;

    private RemoteHost(NetworkNamespace near, NetworkNamespace network, int number)
    {
        string text = number.ToString(CultureInfo.InvariantCulture);
        (_near, _network, _interface) = (near, network, $"cable{text}");
        (_nearAddress, Address) = (IPAddress.Parse($"198.18.{text}.1"), IPAddress.Parse($"198.18.{text}.2"));
    }

    /// <summary>Its address.</summary>
    public IPAddress Address { get; }

    /// <summary>Makes one with a cable to <paramref name="near"/>.</summary>
    /// <param name="near">The network from which it can be reached.</param>
    /// <param name="number">Tells it from others there; at most 255.</param>
    public static async Task<RemoteHost> CreateAsync(NetworkNamespace near, int number)
    {
        var host = new RemoteHost(near, await NetworkNamespace.CreateAsync(), number);
        try
        {
            await near.ConnectAsync(host._nearAddress, host._network, host.Address, host._interface);
            return host;
        }
        catch
        {
            host.Dispose();
            throw;
        }
    }

    /// <inheritdoc cref="NetworkNamespace.Run"/>
    public T Run<T>(Func<T> action) => _network.Run(action);

    /// <summary>Has it vanish.</summary>
    public async Task VanishAsync()
    {
        await _near.ConfigureAsync($"neighbour replace {Address} lladdr {Nowhere} dev {_interface} nud permanent");
        await _network.ConfigureAsync($"neighbour replace {_nearAddress} lladdr {Nowhere} dev cable nud permanent");
    }

    /// <summary>Has it come back.</summary>
    public async Task ReturnAsync()
    {
        await _network.ConfigureAsync($"neighbour delete {_nearAddress} dev cable");
        await _near.ConfigureAsync($"neighbour delete {Address} dev {_interface}");
    }

    public void Dispose() => _network.Dispose();
}
