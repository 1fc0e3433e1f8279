using System.Diagnostics;
using System.Net;
using LbTcp.Backends;
using LbTcp.Balancing;
using LbTcp.Configuration;

// The cost of balancing: a pick with and without the lease of a slot, what a pick allocates, and a health flip, for every algorithm. Prints
// a Markdown table; each figure is the median of the rounds. Run with: dotnet run --project bench/Pick --configuration Release

const int Rounds = 9;
const int PicksPerRound = 50_000;
const int FlipsPerRound = 20;
int[] sizes = [3, 100, 10_000];

Console.WriteLine("| algorithm | weights | backends | pick | pick, connect, leave | allocated | flip |");
Console.WriteLine("|---|---|--:|--:|--:|--:|--:|");
foreach (Algorithm algorithm in Enum.GetValues<Algorithm>())
{
    foreach (int size in sizes)
    {
        Report(algorithm, size, "1", _ => 1);
        Report(algorithm, size, "1-256", i => (i * 37 % 256) + 1);
    }
}

static void Report(Algorithm algorithm, int size, string weights, Func<int, int> weight)
{
    var pool = new BackendPool(Enumerable.Range(0, size).Select(i => CreateBackend(i, weight(i))));
    var balancer = new Balancer(pool, Policies.Create(algorithm), slowStart: TimeSpan.Zero, TimeProvider.System);
    IPAddress[] clients = [.. Enumerable.Range(0, 1_000).Select(i => new IPAddress([10, 0, (byte)(i >> 8), (byte)i]))];
    long allocated = GC.GetAllocatedBytesForCurrentThread();
    double pick = MedianOf(PicksPerRound, i => Pick(balancer, clients, i));
    allocated = (GC.GetAllocatedBytesForCurrentThread() - allocated) / (Rounds * PicksPerRound);
    double whole = MedianOf(PicksPerRound, i => Pick(balancer, clients, i).TryAcquire()!.Release());
    double flip = MedianOf(FlipsPerRound, i =>
    {
        string url = pool.GetAllBackends()[i / 2 % size].Url;
        _ = i % 2 == 0 ? pool.MarkUnhealthy(url) : pool.MarkHealthy(url);
    });
    Console.WriteLine(
    $"| {algorithm.ToString().ToLowerInvariant()} | {weights} | {size} | {pick:0} ns | {whole:0} ns | {allocated} B | " +
    $"{flip / 1_000:0.0} us |");
}

static Backend Pick(Balancer balancer, IPAddress[] clients,
    int i) => balancer.Current.Plan.Pick(new PickRequest(clients[i % clients.Length]))!;

static double MedianOf(int count, Action<int> work)
{
    double[] rounds = new double[Rounds];
    for (int round = 0; round < Rounds; round++)
    {
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < count; i++)
            work(i);
        rounds[round] = Stopwatch.GetElapsedTime(start).TotalNanoseconds / count;
    }

    Array.Sort(rounds);
    return rounds[Rounds / 2];
}

static BackendOptions CreateBackend(int number, int weight) =>
    BackendLine.TryParseLine(
        $"10.{number >> 16}.{(number >> 8) & 255}.{number & 255}:80 weight={weight}", out BackendOptions? options, out string? error)
        ? options
        : throw new FormatException(error);
