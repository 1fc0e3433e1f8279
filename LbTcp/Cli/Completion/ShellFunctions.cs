using System.Text;

namespace LbTcp.Cli.Completion;

/// <summary>
/// The functions that bash and zsh share: what may follow which word. A line that begins with @ stands for names or files, which the shell
/// finds at the time.
/// </summary>
internal static class ShellFunctions
{
    private const string Common = """
        # Finds the verb, the flag whose value is expected, and the number of arguments before it.
        _lbtcp_read() {
          local word
          for word; do
            if [[ -n $flag ]]; then
              [[ $flag != --admin* ]] || target+=("$flag" "$word")
              flag=
            elif [[ $word == -* && $word != - ]]; then
              [[ $word != --admin*=* ]] || target+=("$word")
              [[ $word == *=* || $(_lbtcp_value "$verb" "$word") == @none ]] || flag=$word
            elif [[ -z $verb ]] && _lbtcp_verbs | grep -qxF -- "$word"; then
              verb=$word
            else
              n=$((n + 1))
            fi
          done
        }

        # Prints what may come next, one candidate per line; $1 is the begin of it.
        _lbtcp_lines() {
          if [[ -n $flag ]]; then
            _lbtcp_value "$verb" "$flag"
          elif [[ $1 == -*=* ]]; then
            _lbtcp_value "$verb" "${1%%=*}"
          elif [[ $1 == -* ]]; then
            _lbtcp_flags "$verb"
          elif [[ -z $verb ]]; then
            _lbtcp_verbs
          else
            _lbtcp_argument "$verb $n"
          fi
        }

        # Prints candidates, with the names of the running process instead of @backend and @service; $2 is the program, and
        # what follows are the --admin flags of the line, which say where it is.
        _lbtcp_resolve() {
          case $1 in
            @backend) "${@:2}" status --json 2>/dev/null | grep -o '"service":"[^"\\]*","name":"[^"\\]*"' |
              sed 's/"service":"\(.*\)","name":"\(.*\)"/\2 \1\/\2/' | tr ' ' '\n' ;;
            @service) "${@:2}" status --json 2>/dev/null | grep -o '"service":"[^"\\]*","name"' | cut -d '"' -f 4 | sort -u ;;
            @*) ;;
            *) printf '%s\n' "$1" ;;
          esac
        }
        """;

    /// <summary>Generates the functions.</summary>
    public static string Of(CommandWords program)
    {
        CommandWords[] commands = [program, .. program.Verbs];
        var text = new StringBuilder();
        text.Append("_lbtcp_verbs() { ").Append(Print(program.Verbs.Select(verb => verb.Name))).Append("; }\n");
        Append(text, "_lbtcp_flags", "$1", "", commands.Select(
            command => (Pattern(command.Name), Print(command.Flags.Select(flag => flag.Name)))));
        Append(text, "_lbtcp_value", "$1 $2", "echo @other", commands.SelectMany(
            command => command.Flags.Select(flag => (Pattern($"{command.Name} {flag.Name}"), Print(flag.Value)))));
        Append(text, "_lbtcp_argument", "$1", "", commands.SelectMany(
            command => command.Arguments.Select((value, index) => (Pattern($"{command.Name} {index}"), Print(value)))));
        return text.Append(Common).Append('\n').ToString();
    }

    // Words with the same answer share a line.
    private static void Append(
        StringBuilder text, string function, string subject, string otherwise, IEnumerable<(string Pattern, string Answer)> answers)
    {
        text.Append(function).Append("() {\n  case \"").Append(subject).Append("\" in\n");
        foreach (IGrouping<string, string> group in answers.Where(answer => answer.Answer != otherwise)
            .GroupBy(answer => answer.Answer, answer => answer.Pattern))
            text.Append("    ").AppendJoin('|', group).Append(") ").Append(group.Key).Append(" ;;\n");
        if (otherwise.Length > 0)
            text.Append("    *) ").Append(otherwise).Append(" ;;\n");
        text.Append("  esac\n}\n");
    }

    private static string Pattern(string word) => $"'{word}'";

    private static string Print(IEnumerable<string> words) => $"printf '%s\\n' {string.Join(' ', words)}";

    private static string Print(ValueWords value) =>
        value.Kind is ValueKind.Word ? Print(value.Words) : $"echo @{value.Kind.ToString().ToLowerInvariant()}";
}
