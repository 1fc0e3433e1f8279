using LbTcp.Configuration.Settings;

namespace LbTcp.Configuration.Sources;

/// <summary>A flag or an environment variable as the origin of a value.</summary>
internal sealed class WordOrigin : Origin
{
    private readonly string _hint;

    private WordOrigin(string name, string hint)
        : base(name) => _hint = hint;

    /// <summary>The flag of a setting.</summary>
    public static WordOrigin Flag(Setting setting) => new(setting.Flag, " See lbtcp --help.");

    /// <summary>The environment variable of a setting.</summary>
    public static WordOrigin Variable(Setting setting) => new(setting.Variable, "");

    /// <inheritdoc/>
    public override ConfigurationError Error(string predicate) => new(Name, Name + predicate);

    /// <inheritdoc/>
    public override ConfigurationError Refuse(ValueProblem problem) => Error(problem.Predicate + _hint);

    /// <inheritdoc/>
    public override string NameOf(Setting setting) => setting.Flag;

    /// <inheritdoc/>
    public override string PathOf(string file) => file;

    /// <inheritdoc/>
    public override string ToString() => Name;
}
