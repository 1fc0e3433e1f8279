using LbTcp.Admin.Client;
using LbTcp.Hosting.Operations;

namespace LbTcp.Cli.Operate;

/// <summary>Ends connections after a confirmation.</summary>
/// <param name="environment">The output and the terminal.</param>
/// <param name="api">Ends them.</param>
internal sealed class ConnectionKill(VerbEnvironment environment, AdminApi api)
{
    /// <summary>Verifies that there is somebody to confirm it, before anything is listed.</summary>
    /// <exception cref="OperatorException">There is no terminal, and no confirmation beforehand.</exception>
    public void VerifyCanAsk(bool isConfirmed)
    {
        if (!isConfirmed && !(environment.Terminal.IsInteractive && environment.Terminal.HasKeyboard))
        {
            throw new OperatorException(
                ExitCode.Usage, "--kill asks for a confirmation, which needs a terminal; add --yes to give it now.");
        }
    }

    /// <summary>Asks for the confirmation unless it was given or there is nothing to end.</summary>
    public bool Confirm(int count, bool isConfirmed)
    {
        if (isConfirmed || count == 0)
            return true;
        environment.Output.Write($"End {Phrases.Count(count, "connection")} with a reset of both sides? [y/N] ");
        environment.Output.Flush();
        return environment.Terminal.ReadLine()?.Trim().ToLowerInvariant() is "y" or "yes";
    }

    /// <summary>Ends the connections one after the other; one that has ended by itself is no failure.</summary>
    public async Task<IReadOnlyList<ChangeResult>> CloseAsync(IEnumerable<string> ids, CancellationToken cancellationToken)
    {
        var results = new List<ChangeResult>();
        foreach (string id in ids)
        {
            try
            {
                results.Add(await api.CloseConnectionAsync(id, cancellationToken));
            }
            catch (AdminException exception) when (exception.Failure is AdminFailure.NotFound)
            {
                results.Add(new ChangeResult(ChangeStatus.NotFound, exception.Message));
            }
        }

        return results;
    }

    /// <summary>Says how many were ended.</summary>
    public static void Write(IReadOnlyList<ChangeResult> results, TextWriter output)
    {
        int gone = results.Count(result => result.Status is ChangeStatus.NotFound);
        output.WriteLine(
            $"{Phrases.Count(results.Count - gone, "connection")} ended{(gone == 0 ? "" : $", {gone} had ended before")}");
    }
}
