using System.CommandLine;
using LbTcp.Cli.Flags;
using LbTcp.Cli.Operate.Flags;
using LbTcp.Configuration.Settings;

namespace LbTcp.Cli.Completion;

/// <summary>How the value of a flag or an argument is completed.</summary>
/// <param name="Kind">What the words are.</param>
/// <param name="Words">The words if there are only these; empty otherwise.</param>
internal sealed record ValueWords(ValueKind Kind, IReadOnlyList<string> Words)
{
    /// <summary>The value of a flag.</summary>
    public static ValueWords Of(Option flag) => flag switch
    {
        { Arity.MaximumNumberOfValues: 0 } => new(ValueKind.None, []),
        IFlag { Setting: var setting } when !setting.IsList => Of(setting, setting.Placeholder),
        IVerbSymbol { Setting: var setting } => Of(setting, setting.Placeholder),
        _ => new(ValueKind.Other, []),
    };

    /// <summary>The value of an argument.</summary>
    public static ValueWords Of(Argument argument) => argument switch
    {
        IVerbSymbol { Setting: var setting } => Of(setting, argument.Name),
        { Name: "FILE" } => new(ValueKind.File, []),
        _ => new(ValueKind.Other, []),
    };

    private static ValueWords Of(Setting setting, string placeholder)
    {
        if (setting.Shape.Words is { } words)
            return new(ValueKind.Word, words);
        ValueKind kind = placeholder.Split('|')[0] switch
        {
            VerbSettings.BackendPlaceholder => ValueKind.Backend,
            VerbSettings.ServicePlaceholder => ValueKind.Service,
            "FILE" => ValueKind.File,
            _ => ValueKind.Other,
        };
        return new(kind, []);
    }
}
