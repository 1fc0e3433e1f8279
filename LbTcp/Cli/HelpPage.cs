using System.CommandLine;
using LbTcp.Cli.Flags;

namespace LbTcp.Cli;

/// <summary>The text of <c>--help</c>. All it says about a flag comes from the flag.</summary>
/// <param name="groups">The flags.</param>
internal sealed class HelpPage(IReadOnlyList<FlagGroup> groups)
{
    private const int Width = 80;

    private const string Head = """
        lbtcp - a layer-4 TCP load balancer

        Usage:
          lbtcp [OPTION]...
          lbtcp --backends BACKEND... [OPTION]...

        Accepts TCP connections, sends each to one healthy backend and moves the bytes
        both ways. Checks the backends all the time; when one cannot be reached, the
        connection goes to another. Defaults are given in [brackets].
        """;

    private const string Tail = """
        Values:
          TIME        500ms, 2s, 1m30s, 1h; a number without a unit is refused
          BACKEND     web1:3001, http://10.0.0.7:80, [::1]:3001; names are resolved at
                      the start and again when a backend cannot be reached;
                      options follow, after commas here, after blanks in a file:
                        name=web1              for logs [host:port]
                        weight=3               0 to 256, 0 for no new connections [1]
                        backup                 used when no other is available
                        max_connections=500    then it is passed over [no limit]
                        check=, health_path=, check_interval=   as the flags
                        check_port=8081        what is checked [the port]
          FILE        one BACKEND a line; # starts a comment

        Signals:
          SIGTERM, SIGINT, SIGQUIT   stop accepting, let open connections finish;
                                     a second one ends them at once
          SIGHUP                     ignored

        Exit codes:
          0   stopped as asked
          1   could not start, or failed while running
          2   the command line or the backends file is wrong

        Examples:
          lbtcp --listen 8080 --backends http://web1:3001 http://web2:3001
          lbtcp -l 127.0.0.1:6379 -b 10.0.0.1:6379 10.0.0.2:6379 --idle-timeout 10m
          lbtcp --algorithm leastconn -b web1:80,weight=3 web2:80 spare:80,backup
          lbtcp -f backends.txt --health-path /ready --log-format json | jq .
        """;

    /// <summary>Writes the page.</summary>
    public void Write(TextWriter output)
    {
        output.WriteLine(Head);
        foreach (FlagGroup group in groups)
        {
            output.WriteLine();
            output.WriteLine($"{group.Title}:");
            foreach (Option flag in group.Flags)
                Write(output, flag);
        }

        output.WriteLine();
        output.WriteLine(Tail);
    }

    private static void Write(TextWriter output, Option flag)
    {
        string names = string.Join(", ", flag.Aliases.Append(flag.Name));
        output.WriteLine($"  {(flag.Aliases.Count == 0 ? "    " : "")}{names} {flag.HelpName}".TrimEnd());
        foreach (string line in Wrap(flag.Description ?? "", Width - 10))
            output.WriteLine($"          {line}");
    }

    private static IEnumerable<string> Wrap(string text, int width)
    {
        string line = "";
        foreach (string word in text.Split(' '))
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > width)
            {
                yield return line;
                line = "";
            }

            line = line.Length == 0 ? word : $"{line} {word}";
        }

        yield return line;
    }
}
