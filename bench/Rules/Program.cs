using System.Diagnostics;
using System.Globalization;
using System.Net;
using LbTcp.Admission;
using LbTcp.Configuration;

// The cost of access rules: a look-up, and what a reload does with them. Prints a Markdown table; each figure is the median of the rounds.
// Run with: dotnet run --project bench/Rules --configuration Release

const int Rounds = 15;
const int LookUps = 100_000;
int[] sizes = [10, 1_000, 100_000];

Console.WriteLine("| rules | networks | look-up, a rule matches | none matches | allocated | read | compile | find those without effect |");
Console.WriteLine("|--:|---|--:|--:|--:|--:|--:|--:|");
foreach (int size in sizes)
{
    Report(size, "IPv4", number => $"{11 + (number >> 16)}.{(number >> 8) & 255}.{number & 255}.0/25", mark: ".0/25", ".1", ".129");
    Report(size, "IPv6", number => $"2001:db8:{number >> 16:x}:{number & 0xFFFF:x}::/65", mark: "::/65", "::1", ":8000::1");
}

static void Report(int size, string family, Func<int, string> network, string mark, string inside, string outside)
{
    string[] networks = [.. Enumerable.Range(0, size).Select(network)];
    string text = string.Concat(networks.Select(one => $"deny {one}\n"));
    AccessRules rules = Compile(Read(text));
    IPAddress[] refused = Clients(networks, mark, inside);
    IPAddress[] admitted = Clients(networks, mark, outside);
    long before = GC.GetAllocatedBytesForCurrentThread();
    double match = MedianOf(() => Decide(rules, refused, isAdmitted: false)) / LookUps;
    double none = MedianOf(() => Decide(rules, admitted, isAdmitted: true)) / LookUps;
    long allocated = (GC.GetAllocatedBytesForCurrentThread() - before) / (2 * Rounds * LookUps);
    double read = MedianOf(() => Read(text)) / 1e6;
    var files = new Queue<AccessFile>(Enumerable.Range(0, Rounds).Select(_ => Read(text))); // each is compiled once
    double compile = MedianOf(() => Compile(files.Dequeue())) / 1e6;
    double ineffective = MedianOf(() => rules.DescribeIneffective(most: 3).Count()) / 1e6;
    Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"| {size:N0} | {family} | {match:0} ns | {none:0} ns | {allocated} B "
        + $"| {read:0.0} ms | {compile:0.0} ms | {ineffective:0.0} ms |"));
}

// In no order, so that the look-ups do not follow each other through the table.
static IPAddress[] Clients(string[] networks, string mark, string end)
{
    var random = new Random(1);
    return
    [
        .. Enumerable.Range(0, LookUps).Select(
            _ => IPAddress.Parse(networks[random.Next(networks.Length)].Replace(mark, end, StringComparison.Ordinal))),
    ];
}

static AccessFile Read(string text) => AccessFile.TryParse("rules", text, out AccessFile? file, out _)
    ? file
    : throw new FormatException("The rules are invalid.");

static AccessRules Compile(AccessFile file) => AccessRules.For(new AdmissionOptions { FileRules = file })!;

static int Decide(AccessRules rules, IPAddress[] clients, bool isAdmitted)
{
    foreach (IPAddress client in clients)
    {
        if (rules.Decide(client).IsAdmitted != isAdmitted)
            throw new InvalidOperationException($"The decision about {client} is wrong.");
    }

    return clients.Length;
}

static double MedianOf<T>(Func<T> work)
{
    double[] rounds = new double[Rounds];
    for (int round = 0; round < Rounds; round++)
    {
        long start = Stopwatch.GetTimestamp();
        _ = work();
        rounds[round] = Stopwatch.GetElapsedTime(start).TotalNanoseconds;
    }

    Array.Sort(rounds);
    return rounds[Rounds / 2];
}
