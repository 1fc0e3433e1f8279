namespace LbTcp.Configuration;

/// <summary>A mistake in one line of text.</summary>
/// <param name="Column">The first character of the wrong word, from 1, in UTF-16 code units.</param>
/// <param name="Message">What is wrong, in one sentence.</param>
internal readonly record struct LineProblem(int Column, string Message);
