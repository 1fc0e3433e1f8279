namespace LbTcp.Tests.Preface.Fuzzing;

/// <summary>A parser of what strangers send, and what must hold for it whatever they send.</summary>
internal interface IFuzzTarget
{
    /// <summary>The name in the report.</summary>
    string Name { get; }

    /// <summary>Makes an input that the parser accepts; mutations start from it.</summary>
    byte[] CreateValid(Random random);

    /// <summary>Parses <paramref name="input"/> in several ways and checks the results.</summary>
    /// <returns>What it was, in a word for the report.</returns>
    /// <exception cref="Exception">The parser has a defect.</exception>
    string Check(byte[] input, Random random);
}
