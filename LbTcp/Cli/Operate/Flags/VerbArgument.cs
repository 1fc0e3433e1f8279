using System.CommandLine;
using System.CommandLine.Parsing;
using LbTcp.Configuration.Settings;

namespace LbTcp.Cli.Operate.Flags;

/// <summary>An argument of a verb, which is described and checked as a setting is.</summary>
/// <typeparam name="T">The type of the value.</typeparam>
internal sealed class VerbArgument<T> : Argument<string>, IVerbSymbol
{
    private readonly Setting<T> _setting;

    /// <summary>Declares the argument.</summary>
    /// <param name="name">Stands for the value on help pages.</param>
    /// <param name="setting">What the value means.</param>
    public VerbArgument(string name, Setting<T> setting)
        : base(name)
    {
        _setting = setting;
        Arity = ArgumentArity.ExactlyOne;
        Description = setting.Description;
        Validators.Add(Check);
    }

    /// <inheritdoc/>
    public Setting Setting => _setting;

    /// <summary>The value.</summary>
    /// <param name="parsed">A command line without errors.</param>
    public T Read(ParseResult parsed) => _setting.Form.TryParse(parsed.GetValue(this)!, out T? value, out _) ? value : _setting.Default;

    private void Check(ArgumentResult result)
    {
        foreach (Token token in result.Tokens)
        {
            if (_setting.FindProblem(token.Value) is { } problem)
                result.AddError($"{Name}{problem.Predicate}");
        }
    }
}
