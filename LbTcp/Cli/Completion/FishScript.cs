using System.Text;

namespace LbTcp.Cli.Completion;

/// <summary>The completion script of fish, which has a command for each word.</summary>
internal static class FishScript
{
    private const string Names = """
        # Completion of lbtcp for fish.
        function __lbtcp_backends
            lbtcp status --json 2>/dev/null | string match -ar '"service":"[^"\\\\]*","name":"[^"\\\\]*"' |
                string replace -r '"service":"(.*)","name":"(.*)"' '$2\n$1/$2' | string split '\n'
        end
        function __lbtcp_services
            lbtcp status --json 2>/dev/null | string match -ar '"service":"[^"\\\\]*","name"' |
                string replace -r '"service":"(.*)","name"' '$1' | sort -u
        end
        complete -c lbtcp -f

        """;

    /// <summary>Generates the script.</summary>
    public static string Of(CommandWords program)
    {
        var text = new StringBuilder(Names);
        const string noVerb = "__fish_use_subcommand";
        foreach (CommandWords verb in program.Verbs)
            text.Append($"complete -c lbtcp -n {noVerb} -a {verb.Name} -d {Quote(verb.Description)}\n");
        AppendFlags(text, noVerb, program);
        foreach (CommandWords verb in program.Verbs)
        {
            string condition = Quote($"__fish_seen_subcommand_from {verb.Name}");
            AppendFlags(text, condition, verb);
            foreach (ValueWords argument in verb.Arguments.Where(argument => argument.Kind is not ValueKind.Other))
                text.Append($"complete -c lbtcp -n {condition}{ValueOf(argument, "")}\n");
        }

        return text.ToString();
    }

    private static void AppendFlags(StringBuilder text, string condition, CommandWords command)
    {
        foreach (FlagWords flag in command.Flags)
        {
            string name = flag.Name.StartsWith("--", StringComparison.Ordinal) ? $"-l {flag.Name[2..]}" : $"-s {flag.Name[1..]}";
            text.Append($"complete -c lbtcp -n {condition} {name}{ValueOf(flag.Value, " -x")} -d {Quote(flag.Description)}\n");
        }
    }

    // -x: the flag has a value, which is no file; -F: files, although they are off for the program.
    private static string ValueOf(ValueWords value, string required) => value.Kind switch
    {
        ValueKind.None => "",
        ValueKind.Word => $"{required} -a {Quote(string.Join(' ', value.Words))}",
        ValueKind.Backend => $"{required} -a '(__lbtcp_backends)'",
        ValueKind.Service => $"{required} -a '(__lbtcp_services)'",
        ValueKind.File => required.Length > 0 ? " -r -F" : " -F",
        _ => required,
    };

    private static string Quote(string text) =>
        $"'{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal)}'";
}
