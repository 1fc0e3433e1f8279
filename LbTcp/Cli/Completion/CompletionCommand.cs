using System.CommandLine;
using LbTcp.Cli.Operate;
using LbTcp.Cli.Operate.Flags;
using LbTcp.Configuration.Settings;

namespace LbTcp.Cli.Completion;

/// <summary><c>lbtcp completion</c>: prints a script with which a shell completes verbs, flags and values.</summary>
internal sealed class CompletionCommand : Command, IVerb
{
    private static readonly Setting<Shell> _meaning = new(
        "shell", new ChoiceForm<Shell>(("bash", Completion.Shell.Bash), ("zsh", Completion.Shell.Zsh), ("fish", Completion.Shell.Fish)),
        Completion.Shell.Bash, "the shell: bash, zsh or fish");

    private readonly VerbArgument<Shell> _shell = new("SHELL", _meaning);

    /// <summary>Declares the verb.</summary>
    /// <param name="output">Receives the script.</param>
    /// <param name="root">The command whose words are completed.</param>
    public CompletionCommand(TextWriter output, RootCommand root)
        : base("completion", "print the completion script of a shell")
    {
        Add(_shell);
        SetAction(parsed =>
        {
            output.Write(CompletionScript.Of(_shell.Read(parsed), CommandWords.Of(root)));
            return (int)ExitCode.Success;
        });
    }

    /// <inheritdoc/>
    public VerbHelp Help { get; } = new(
        "bash|zsh|fish",
        "Prints a script that completes verbs, flags and their values. The names of backends and services are those of the running lbtcp, "
        + "if it answers.",
        "the script cannot be written",
        "lbtcp completion bash > /etc/bash_completion.d/lbtcp",
        "lbtcp completion zsh > \"${fpath[1]}/_lbtcp\"",
        "lbtcp completion fish > ~/.config/fish/completions/lbtcp.fish");
}
