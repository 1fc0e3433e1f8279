using LbTcp.Configuration.Settings;

namespace LbTcp.Configuration.Sources;

/// <summary>Where a value was written. <see cref="object.ToString"/> names it after the word "from".</summary>
/// <param name="name">What stands for the value in a sentence: <c>--rise</c>, <c>LBTCP_RISE</c>, <c>services.web.rise</c>.</param>
internal abstract class Origin(string name)
{
    /// <summary>What stands for the value in a sentence.</summary>
    public string Name { get; } = name;

    /// <summary>Reports an error.</summary>
    /// <param name="predicate">What is wrong, as it follows the name: <c> is 5s, which is too short.</c></param>
    public abstract ConfigurationError Error(string predicate);

    /// <summary>Reports that the value is not accepted.</summary>
    public virtual ConfigurationError Refuse(ValueProblem problem) => Error(problem.Predicate);

    /// <summary>Names another setting, which has its default, beside this value.</summary>
    public abstract string NameOf(Setting setting);

    /// <summary>The path of a file that the value names; a relative one is relative to the file that holds the value.</summary>
    public abstract string PathOf(string file);
}
