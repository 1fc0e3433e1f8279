using LbTcp.Admin.Client;
using LbTcp.Cli.Operate.Flags;
using LbTcp.Configuration;

namespace LbTcp.Cli.Operate;

/// <summary>Finds the admin endpoint that the verbs talk to.</summary>
internal static class AdminTargets
{
    /// <summary>Combines flags, environment variables and defaults, in this order of precedence.</summary>
    /// <param name="address">The address that was given; null for none.</param>
    /// <param name="tokenFile">The file of the token that was given; null for none.</param>
    /// <param name="variables">The environment variables.</param>
    /// <exception cref="OperatorException">A variable is wrong, or the file of the token cannot be read.</exception>
    public static AdminTarget Read(string? address, string? tokenFile, IReadOnlyDictionary<string, string> variables)
    {
        string text = address ?? FromVariable(VerbSettings.Admin.Variable, variables) ?? AdminTarget.DefaultAddress;
        if (!ListenAddress.TryParse(text, out ListenAddress? target, out string? error))
        {
            string source = address is null ? VerbSettings.Admin.Variable : VerbSettings.Admin.Flag;
            throw new OperatorException(ExitCode.Usage, $"{source}: {error}");
        }

        string? file = tokenFile ?? FromVariable(VerbSettings.AdminTokenFile.Variable, variables);
        return new AdminTarget(target, file is null ? null : ReadToken(file));
    }

    private static string? FromVariable(string name, IReadOnlyDictionary<string, string> variables) =>
        variables.GetValueOrDefault(name) is { Length: > 0 } value ? value : null;

    private static string ReadToken(string file) => AdminAccess.TryReadToken(file, out string? token, out ConfigurationError? error)
        ? token
        : throw new OperatorException(ExitCode.Usage, error.Message);
}
