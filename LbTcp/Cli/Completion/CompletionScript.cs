namespace LbTcp.Cli.Completion;

/// <summary>The completion script of a shell. Names from the running process are never evaluated by the shell.</summary>
internal static class CompletionScript
{
    // Candidates are filtered here and not by compgen -W, which expands them. A colon ends a word of bash, so what is before it stays.
    private const string Bash = """
        _lbtcp() {
          local line=${COMP_LINE:0:COMP_POINT} cur= drop= verb= flag= n=0 candidate
          local -a words target=()
          read -ra words <<< "$line"
          [[ $line == *[[:space:]] ]] || { cur=${words[${#words[@]}-1]}; unset "words[${#words[@]}-1]"; }
          _lbtcp_read "${words[@]:1}"
          COMPREPLY=()
          local lines=$(_lbtcp_lines "$cur")
          [[ -z $flag && $cur == -*=* ]] && cur=${cur#*=}
          if [[ $lines == @file ]]; then
            compopt -o filenames 2>/dev/null
            while IFS= read -r candidate; do COMPREPLY+=("$candidate"); done < <(compgen -f -- "$cur")
            return
          fi
          [[ $cur == *:* && $COMP_WORDBREAKS == *:* ]] && drop=${cur%"${cur##*:}"}
          while IFS= read -r candidate; do
            [[ -n $candidate && $candidate == "$cur"* ]] || continue
            printf -v candidate %q "${candidate#"$drop"}"
            COMPREPLY+=("$candidate")
          done < <(_lbtcp_resolve "$lines" "${words[0]}" ${target[@]+"${target[@]}"})
        }
        complete -F _lbtcp lbtcp

        """;

    private const string Zsh = """
        _lbtcp() {
          local cur=${words[CURRENT]} verb= flag= n=0
          local -a target=()
          _lbtcp_read "${(@)words[2,CURRENT-1]}"
          local lines=$(_lbtcp_lines "$cur")
          [[ -z $flag ]] && compset -P '-*='
          if [[ $lines == @file ]]; then
            _files
            return
          fi
          compadd -- "${(@f)$(_lbtcp_resolve "$lines" "${words[1]}" "${target[@]}")}"
        }
        if [[ ${funcstack[1]} == _lbtcp ]]; then _lbtcp "$@"; else compdef _lbtcp lbtcp; fi

        """;

    /// <summary>Generates the script.</summary>
    /// <param name="shell">The shell.</param>
    /// <param name="program">The words of the program.</param>
    public static string Of(Shell shell, CommandWords program) => shell switch
    {
        Shell.Bash => $"# Completion of lbtcp for bash.\n{ShellFunctions.Of(program)}\n{Bash}",
        Shell.Zsh => $"#compdef lbtcp\n{ShellFunctions.Of(program)}\n{Zsh}",
        _ => FishScript.Of(program),
    };
}
