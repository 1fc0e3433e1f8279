using System.Net;
using System.Runtime.ExceptionServices;
using LbTcp.Tests.EndToEnd.RealPrograms;

namespace LbTcp.Tests.EndToEnd.Harness;

/// <summary>
/// A network of the test's own with nothing but a loopback, see network_namespaces(7): what is done to it does not touch this machine's.
/// Needs root and <c>ip</c> of iproute2.
/// </summary>
internal sealed class NetworkNamespace : IDisposable
{
    private const string Cable = "cable";

    private readonly string _name = $"lbtcp-test-{Guid.NewGuid():N}";

    private NetworkNamespace()
    {
    }

    /// <summary>
    /// A shell script for <see cref="LbTcpBinary.StartInfo"/> that starts the program in this network, with its process id unchanged.
    /// </summary>
    public string Shell => $"exec ip netns exec {_name} \"$0\" \"$@\"";

    /// <summary>Makes one; skips the test where that is not allowed, or <c>ip</c> is missing and not required.</summary>
    public static async Task<NetworkNamespace> CreateAsync()
    {
        Skip.IfNot(Environment.IsPrivilegedProcess, "skipped: not root");
        RealProgram.Require("ip");
        var network = new NetworkNamespace();
        ProgramRun run = await ProgramRun.OfAsync(RealProgram.StartInfo("ip", "netns", "add", network._name));
        Skip.IfNot(run.ExitCode == 0, $"skipped: no network namespaces: {run.Error}");
        await network.ConfigureAsync("link set lo up");
        return network;
    }

    /// <summary>Runs <c>ip</c> in this network.</summary>
    public Task ConfigureAsync(string command) => RealProgram.RunAsync("ip", ["-netns", _name, .. command.Split(' ')]);

    /// <summary>Lays a cable to another network; the interface is called <c>cable</c> at the other end.</summary>
    /// <param name="address">The address at this end.</param>
    /// <param name="other">The other network.</param>
    /// <param name="otherAddress">The address at its end.</param>
    /// <param name="name">The name of the interface at this end, for a network with several cables.</param>
    public async Task ConnectAsync(IPAddress address, NetworkNamespace other, IPAddress otherAddress, string name = Cable)
    {
        await ConfigureAsync($"link add name {name} type veth peer name {Cable} netns {other._name}");
        await SetUpAsync(name, address);
        await other.SetUpAsync(Cable, otherAddress);
    }

    /// <summary>Sets a parameter of this network, see <c>Documentation/networking/ip-sysctl.rst</c> of the kernel.</summary>
    /// <param name="name">The path below <c>/proc/sys/net</c>.</param>
    /// <param name="value">Its value.</param>
    public void Set(string name, string value) => Run(() =>
    {
        File.WriteAllText($"/proc/sys/net/{name}", value);
        return true;
    });

    /// <summary>
    /// Runs <paramref name="action"/> up to its first await on a thread in this network: a socket stays in the
    /// network in which it was created.
    /// </summary>
    public T Run<T>(Func<T> action)
    {
        T result = default!;
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                Posix.EnterNetwork($"/run/netns/{_name}");
                result = action();
            }
            catch (Exception exception)
            {
                failure = ExceptionDispatchInfo.Capture(exception);
            }
        });
        thread.Start();
        thread.Join();
        failure?.Throw();
        return result;
    }

    public void Dispose() => RealProgram.RunAsync("ip", "netns", "delete", _name).Done().GetAwaiter().GetResult();

    private async Task SetUpAsync(string cable, IPAddress address)
    {
        await ConfigureAsync($"address add {address}/24 dev {cable}");
        await ConfigureAsync($"link set {cable} up");
    }
}
