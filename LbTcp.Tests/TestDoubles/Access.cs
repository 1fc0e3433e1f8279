using LbTcp.Admission;
using LbTcp.Configuration;
using LbTcp.Forwarding;
using Microsoft.Extensions.Logging;

namespace LbTcp.Tests.TestDoubles;

/// <summary>Access rules for tests.</summary>
internal static class Access
{
    /// <summary>Options with the rules of a file <c>access.txt</c>, one per line.</summary>
    public static AdmissionOptions File(params string[] lines) =>
        new() { AccessFile = "access.txt", FileRules = Parse(string.Join('\n', lines)) };

    /// <summary>Networks as they are written.</summary>
    public static IReadOnlyList<Network> Networks(params string[] texts) => [.. texts.Select(Network)];

    /// <summary>A network as it is written.</summary>
    public static Network Network(string text)
    {
        Assert.True(LbTcp.Configuration.Network.TryParse(text, out Network? network, out string? error), error);
        return network;
    }

    /// <summary>The rules of a file.</summary>
    public static AccessFile Parse(string text)
    {
        Assert.True(AccessFile.TryParse("access.txt", text, out AccessFile? file, out IReadOnlyList<ConfigurationError> errors), $"{errors}");
        return file;
    }

    /// <summary>The control that goes by options.</summary>
    public static AccessControl Control(AdmissionOptions? options = null) => new(new CurrentOptions<AdmissionOptions>(options ?? new()));

    /// <summary>Counts refused clients.</summary>
    public static RefusedClients Refused(AccessControl? control = null, ILogger<RefusedClients>? logger = null) =>
        new(control ?? Control(), logger ?? new LogRecorder<RefusedClients>());
}
