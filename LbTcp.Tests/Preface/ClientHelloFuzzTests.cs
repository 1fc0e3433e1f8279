using LbTcp.Configuration;
using LbTcp.Preface;

namespace LbTcp.Tests.Preface;

/// <summary>The parser of ClientHellos with malformed input; <c>LBTCP_TESTS_FUZZ</c> sets the number of inputs for a longer run.</summary>
public sealed class ClientHelloFuzzTests
{
    private const int Threads = 2;

    private static readonly int _inputs =
        int.TryParse(Environment.GetEnvironmentVariable("LBTCP_TESTS_FUZZ"), out int inputs) ? inputs : 20_000;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Read_MutatedClientHellos_IsDecidedOnceAndHasHostNamesOnly(int seed)
    {
        var random = new Random(seed);
        var mutations = new ClientHelloMutations(random);
        var seen = new Dictionary<ClientHelloStatus, int>();
        for (int i = 0; i < _inputs / Threads; i++)
        {
            byte[] input = mutations.Next();
            ClientHello all = ClientHello.Read(input);
            seen[all.Status] = seen.GetValueOrDefault(all.Status) + 1;
            if (all.ServerName is { } name && !(Hosts.TryParseName(name, out string? parsed, out _) && parsed == name))
                Assert.Fail($"{name} is no host name: {Convert.ToHexString(input)}");
            foreach (int split in mutations.Splits(input.Length))
            {
                ClientHello prefix = ClientHello.Read(input.AsSpan(0, split));
                if (prefix.Status is not ClientHelloStatus.Incomplete && prefix != all)
                    Assert.Fail($"{split} bytes of {Convert.ToHexString(input)}: {prefix}, all of them: {all}");
            }
        }

        Assert.Equal(Enum.GetValues<ClientHelloStatus>().Length, seen.Count); // none of them is rare
        if (_inputs > 1_000_000)
            Console.WriteLine($"seed {seed}: {string.Join(", ", seen.Select(each => $"{each.Key} {each.Value}"))}");
    }
}
