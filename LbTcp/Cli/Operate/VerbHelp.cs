namespace LbTcp.Cli.Operate;

/// <summary>What the help page of a verb says beyond its summary and its flags.</summary>
/// <param name="Usage">The arguments after the verb.</param>
/// <param name="Text">What the verb does, in sentences.</param>
/// <param name="ExitCodes">When it ends with 1; 0 is success and 2 wrong usage for all verbs.</param>
/// <param name="Examples">Command lines.</param>
internal sealed record VerbHelp(string Usage, string Text, string ExitCodes, params string[] Examples);
