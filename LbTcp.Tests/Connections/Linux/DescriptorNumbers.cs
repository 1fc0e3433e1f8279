namespace LbTcp.Tests.Connections.Linux;

/// <summary>
/// Tests that need a certain descriptor number again, right after it was closed. The numbers are the process's, so no other test may open a
/// descriptor meanwhile: they do not run in parallel with others.
/// </summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class DescriptorNumbers
{
    public const string Name = "descriptor numbers";
}
