using System.Diagnostics;
using System.Net;
using LbTcp.Backends;
using LbTcp.Balancing;
using LbTcp.Configuration;

// What balancing costs: a pick with and without the counting of the connection, and a health flip, for every algorithm. Prints a Markdown
// table; each figure is the median of the rounds. Run with: dotnet run --project bench/Pick --configuration Release

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
    pool.Balance(Policies.Create(algorithm));
    IPAddress[] clients = [.. Enumerable.Range(0, 1_000).Select(i => new IPAddress([10, 0, (byte)(i >> 8), (byte)i]))];
    long allocated = GC.GetAllocatedBytesForCurrentThread();
    double pick = MedianOf(PicksPerRound, i => Pick(pool, clients, i));
    double whole = MedianOf(PicksPerRound, i =>
    {
        Backend backend = Pick(pool, clients, i);
        backend.AddConnection();
        backend.RemoveConnection();
    });
    allocated = (GC.GetAllocatedBytesForCurrentThread() - allocated) / (2 * Rounds * PicksPerRound);
    double flip = MedianOf(FlipsPerRound, i =>
    {
        string url = pool.GetAllBackends()[i / 2 % size].Url;
        _ = i % 2 == 0 ? pool.MarkUnhealthy(url) : pool.MarkHealthy(url);
    });
    string name = algorithm.ToString().ToLowerInvariant();
    Console.WriteLine($"| {name} | {weights} | {size} | {pick:0} ns | {whole:0} ns | {allocated} B | {flip / 1_000:0.0} us |");
}

static Backend Pick(BackendPool pool, IPAddress[] clients, int i) => pool.Snapshot.Plan.Pick(new PickRequest(clients[i % clients.Length]))!;

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

static Backend CreateBackend(int number, int weight) =>
    BackendLine.TryParseLine(
        $"10.{number >> 16}.{(number >> 8) & 255}.{number & 255}:80 weight={weight}", out BackendOptions? options, out string? error)
        ? new Backend(options)
        : throw new FormatException(error);
