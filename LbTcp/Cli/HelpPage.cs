using System.CommandLine;
using LbTcp.Cli.Flags;
using LbTcp.Configuration.Settings;

namespace LbTcp.Cli;

/// <summary>The text of <c>--help</c>. Flags and options of a backend are described by their settings.</summary>
/// <param name="groups">The flags.</param>
/// <param name="verbs">The verbs that operate a running process.</param>
internal sealed class HelpPage(IReadOnlyList<FlagGroup> groups, IReadOnlyList<Command> verbs)
{
    private const string Head = """
        lbtcp - a layer-4 TCP load balancer

        Usage:
          lbtcp [OPTION]...
          lbtcp --backends BACKEND... [OPTION]...
          lbtcp --config FILE [OPTION]...
          lbtcp check [FILE]... [OPTION]...
          lbtcp VERB [ARGUMENT]... [OPTION]...

        Accepts TCP connections, connects each of them to a healthy backend and relays
        the bytes in both directions. Backends are checked continuously; if one cannot
        be reached, another one is tried. Defaults are given in [brackets].
        """;

    private const string Verbs = """
        Verbs:
          check [FILE]... [--against OLD] [OPTION]...
                  check the configuration without listening: report every mistake with
                  its line and column, resolve names, print the effective settings, and
                  exit with 0, or 2 if anything is wrong. FILE is used in place of
                  --backends-file; it comes before --backends and other options. With
                  --against, also print the changes that a reload from the file OLD
                  would make. With --client, print instead which services admit a client
                  of that address, or of a unix socket for unix, and by which rule.
        """;

    private const string Values = """
        Values:
          TIME        500ms, 2s, 1m30s, 1h; a number without a unit is refused
          BACKEND     web1:3001, http://10.0.0.7:80, [::1]:3001; each address of a name
                      is a backend of its own; srv+tcp://_web._tcp.lan uses SRV records
          FILE        of backends: one BACKEND per line; # starts a comment

        Environment:
          LBTCP_CHECK_INTERVAL=2s is --check-interval 2s, and so on for every flag
          with a value; the values of a list are separated by blanks. A flag takes
          precedence over a variable, that over the file of --config.
        """;

    private const string BackendOptionsTitle = "Options of a BACKEND, separated by commas here and by blanks in a file:";

    private const string Tail = """
        Signals:
          SIGTERM, SIGINT, SIGQUIT   stop accepting and let open connections finish;
                                     the second signal ends them at once
          SIGHUP                     read the configuration again and apply what changed
          SIGUSR1                    open the log file again

        Exit codes:
          0   stopped on request
          1   could not start, or failed while running
          2   wrong command line, environment, configuration file or backends file

        Examples:
          lbtcp --listen 8080 --backends http://web1:3001 http://web2:3001
          lbtcp -l 127.0.0.1:6379 -b 10.0.0.1:6379 10.0.0.2:6379 --idle-timeout 10m
          lbtcp --algorithm leastconn -b web1:80,weight=3 web2:80 spare:80,backup
          lbtcp -f backends.txt --health-path /ready --log-format json | jq .
          lbtcp status
          lbtcp check backends.txt && mv backends.txt /etc/lbtcp/
        """;

    /// <summary>Writes the page.</summary>
    public void Write(TextWriter output)
    {
        output.WriteLine(Head);
        output.WriteLine();
        output.WriteLine(Verbs);
        output.WriteLine();
        output.WriteLine("Operate a running lbtcp: (lbtcp VERB --help describes each verb)");
        foreach (Command verb in verbs)
            output.WriteLine($"  {verb.Name,-12} {verb.Description}");
        foreach (FlagGroup group in groups)
        {
            output.WriteLine();
            output.WriteLine($"{group.Title}:");
            foreach (Option flag in group.Flags)
                HelpLines.WriteFlag(output, flag, flag is IFlag { Setting.DefaultText: var text } ? text : "");
        }

        output.WriteLine();
        output.WriteLine(Values);
        output.WriteLine();
        output.WriteLine(BackendOptionsTitle);
        foreach (Setting setting in BackendSettings.All)
            Write(output, setting);
        output.WriteLine();
        output.WriteLine(Tail);
    }

    // A switch is written by its name alone, and off without it.
    private static void Write(TextWriter output, Setting setting)
    {
        if (setting is Setting<bool>)
            HelpLines.Write(output, setting.Name, setting.Description, "");
        else
            HelpLines.Write(output, $"{setting.Name}={setting.Placeholder}", setting.Description, setting.DefaultText);
    }
}
