using System.Net;
using LbTcp.Configuration;
using LbTcp.Configuration.Sources;
using LbTcp.Hosting.Operations;

namespace LbTcp.Cli;

/// <summary>The output of <c>check --client</c>: for each service whether the client is admitted, and by which rule.</summary>
internal static class AccessCheck
{
    /// <summary>Reads the value of the flag.</summary>
    /// <returns>The address; null for the client of a unix socket.</returns>
    /// <exception cref="OperatorException">It is neither.</exception>
    public static IPAddress? ReadClient(string flag, string text) => Network.TryReadClient(text, out IPAddress? client)
        ? client
        : throw new OperatorException(
            ExitCode.Usage, $"{flag} {Quoted.Text(text)} is not the address of a client, such as 10.0.0.9 or 2001:db8::9, and not unix.");

    /// <summary>Writes a line for each service.</summary>
    public static void Write(IEnumerable<ServiceOptions> services, SettingOrigins origins, IPAddress? client, TextWriter output)
    {
        string name = client?.ToString() ?? "a client of a unix socket";
        foreach (ServiceOptions service in services)
        {
            var status = AccessStatus.Of(service, client);
            output.WriteLine($"{service.Name}: {name} {status.Decision}{OriginOf(status, origins)}");
        }
    }

    // A flag says where its rule is written; a configuration file has a place.
    private static string OriginOf(AccessStatus status, SettingOrigins origins)
    {
        if (status.FindSetting() is not { } setting)
            return "";
        string origin = origins.Describe(status.Service, setting);
        return origin == setting.Flag ? "" : $", from {origin}";
    }
}
