using System.CommandLine;
using LbTcp.Cli.Operate.Flags;

namespace LbTcp.Cli.Operate;

/// <summary>The help page of a verb.</summary>
internal static class VerbPage
{
    /// <summary>Writes the page.</summary>
    public static void Write(IVerb verb, TextWriter output)
    {
        VerbHelp help = verb.Help;
        HelpLines.WriteText(output, $"lbtcp {verb.Name} - {verb.Description}", indent: 0);
        output.WriteLine();
        output.WriteLine("Usage:");
        output.WriteLine($"  lbtcp {verb.Name} {help.Usage}");
        output.WriteLine();
        HelpLines.WriteText(output, help.Text, indent: 0);
        WriteSymbols(verb, output);
        output.WriteLine();
        output.WriteLine("Exit codes:");
        output.WriteLine("  0   it is done");
        output.WriteLine($"  1   {help.ExitCodes}");
        output.WriteLine("  2   wrong command line, or there is no such backend, service or connection");
        output.WriteLine();
        output.WriteLine("Examples:");
        foreach (string example in help.Examples)
            output.WriteLine($"  {example}");
    }

    private static void WriteSymbols(IVerb verb, TextWriter output)
    {
        output.WriteLine();
        output.WriteLine(verb.Options.Count > 0 ? "Arguments and options:" : "Arguments:");
        foreach (Argument argument in verb.Arguments)
            HelpLines.Write(output, argument.Name, argument.Description ?? "", defaultText: "");
        foreach (Option flag in verb.Options.OrderBy(flag => flag.Name is "--json" or "--admin" or "--admin-token-file"))
            HelpLines.WriteFlag(output, flag, DefaultOf(flag));
    }

    private static string DefaultOf(Option flag) =>
        flag is IVerbSymbol { Setting: var setting } && setting.DefaultText != "0" ? setting.DefaultText : "";
}
