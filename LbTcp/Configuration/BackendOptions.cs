using System.Net;
using LbTcp.Configuration.Settings;

namespace LbTcp.Configuration;

/// <summary>One backend as the operator configured it.</summary>
internal sealed record BackendOptions
{
    /// <summary>Scheme, host and port.</summary>
    public required BackendAddress Address { get; init; }

    /// <summary>The name in logs; null for host and port.</summary>
    public string? Name { get; init; }

    /// <summary>The share of new connections in relation to the weights of the other backends; 0 gets no new connections.</summary>
    public int Weight { get; init; } = BackendSettings.Weight.Default;

    /// <summary>Whether it is used only while no other backend is available.</summary>
    public bool IsBackup { get; init; } = BackendSettings.Backup.Default;

    /// <summary>The maximum number of concurrent connections; 0 for no limit.</summary>
    public int MaxConnections { get; init; }

    /// <summary>How it is checked; null for the kind of check of all backends.</summary>
    public CheckKind? Check { get; init; }

    /// <summary>The path that HTTP checks request; null for the path of all backends.</summary>
    public string? HealthPath { get; init; }

    /// <summary>The bytes that a check sends first; null for those of all backends.</summary>
    public EscapedBytes? CheckSend { get; init; }

    /// <summary>The bytes that the answer to a check must contain; null for those of all backends.</summary>
    public EscapedBytes? CheckExpect { get; init; }

    /// <summary>The port that is checked; null for the port of the address.</summary>
    public int? CheckPort { get; init; }

    /// <summary>The interval between checks; null for the interval of all backends.</summary>
    public TimeSpan? CheckInterval { get; init; }

    /// <summary>The first-byte timeout of its connections; null for that of all backends. Zero disables it.</summary>
    public TimeSpan? FirstByteTimeout { get; init; }

    /// <summary>
    /// Whether each address of its name is a backend of its own; null for all, or the first for localhost: see <see cref="ResolveKind"/>.
    /// </summary>
    public ResolveKind? Resolve { get; init; } = BackendSettings.Resolve.Default;

    /// <summary>
    /// The name that it stands for and the addresses found for it; set for the members that discovery makes of a line with a name, null
    /// for what the operator wrote.
    /// </summary>
    public ResolvedHost? Resolved { get; init; }

    /// <summary>
    /// The kind in effect. All addresses of localhost are one server, which would be checked twice and limited twice otherwise.
    /// </summary>
    public ResolveKind ResolveKind => Resolve ?? (Hosts.IsLocalhost(Address.HostName) ? ResolveKind.First : ResolveKind.All);

    /// <summary>
    /// The address of this machine from which it is dialled; null for the source addresses of all backends.
    /// </summary>
    public IPAddress? SourceAddress { get; init; }

    /// <summary>The PROXY protocol header that it gets; null for that of all backends.</summary>
    public SendProxy? SendProxy { get; init; }

    /// <summary>The server names of the clients that it serves; null for all that no other backend has.</summary>
    public ServerNames? ServerNames { get; init; }

    /// <summary>Whether connections to it are encrypted; null for no.</summary>
    public BackendTls? Tls { get; init; } = BackendSettings.Tls.Default;

    /// <summary>Whether connections to it are encrypted.</summary>
    public bool IsEncrypted => Tls is BackendTls.On or BackendTls.Verify;

    /// <summary>The file with the authorities that may have issued its certificate; null for those of the system.</summary>
    public string? TlsCaFile { get; init; }

    /// <summary>The name that is sent to it and that its certificate must have; null for the host of the address.</summary>
    public string? TlsName { get; init; }

    /// <summary>The file with the certificate that it gets; null for none.</summary>
    public string? TlsCertificateFile { get; init; }

    /// <summary>The file with the key of that certificate; null if it is in the same file.</summary>
    public string? TlsKeyFile { get; init; }

    /// <summary>What was read from these files; null if there are none.</summary>
    public BackendTlsFiles? TlsFiles { get; init; }

    /// <summary>
    /// What no two backends of a pool may have in common: host and port, and the name. A name has no colon, so the two cannot be
    /// mistaken.
    /// </summary>
    public IReadOnlyList<string> Identities => Name is null ? [Address.HostAndPort] : [Address.HostAndPort, Name];
}
