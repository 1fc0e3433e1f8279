using LbTcp.Admin.Client;
using LbTcp.Configuration;
using LbTcp.Hosting.Operations;

namespace LbTcp.Cli.Operate;

/// <summary>Finds the backend that an operator means: by name, by address or URL, or as <c>service/backend</c>.</summary>
internal static class BackendSelector
{
    private const int MostCandidates = 10;

    /// <summary>Asks for the backends and finds one.</summary>
    /// <param name="api">Where to ask.</param>
    /// <param name="text">What the operator wrote.</param>
    /// <param name="service">The service that was named beside it; empty for any.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <exception cref="OperatorException">There is none, or more than one.</exception>
    public static async Task<BackendStatus> FindAsync(AdminApi api, string text, string service, CancellationToken cancellationToken) =>
        One(await api.ReadBackendsAsync(cancellationToken), text, service);

    /// <summary>Finds one backend.</summary>
    /// <inheritdoc cref="FindAsync"/>
    public static BackendStatus One(IReadOnlyList<BackendStatus> backends, string text, string service) =>
        All(backends, text, service) switch
        {
            [var one] => one,
            [] => throw Unknown(backends, text, service),
            var several => throw Ambiguous(several, text),
        };

    /// <summary>The backends that may be meant, of different services if there is more than one.</summary>
    public static IReadOnlyList<BackendStatus> All(IEnumerable<BackendStatus> backends, string text, string service)
    {
        BackendStatus[] all = [.. backends.Where(backend => service.Length == 0 || backend.Service == service)];
        BackendStatus[] found = Named(all, text);
        return found.Length == 0 && text.Split('/', 2) is [var prefix, var rest]
            ? Named([.. all.Where(backend => backend.Service == prefix)], rest)
            : found;
    }

    /// <summary>No backend is meant.</summary>
    public static OperatorException Unknown(IReadOnlyList<BackendStatus> backends, string text, string service)
    {
        string[] names = [.. backends.Where(backend => service.Length == 0 || backend.Service == service).Select(backend => backend.Name)];
        if (service.Length > 0 && names.Length == 0)
            return UnknownService(backends, service);
        string hint = NearestWord.Of(text, names) is { } near ? $"; did you mean {Quoted.Cut(near)}?"
            : names.Length is > 0 and <= MostCandidates ? ThereAre(names)
            : "; lbtcp status lists them.";
        return new OperatorException(ExitCode.Usage, $"There is no backend {Quoted.Text(text)}{hint}");
    }

    private static BackendStatus[] Named(BackendStatus[] backends, string text)
    {
        BackendStatus[] found = [.. backends.Where(backend => backend.Name == text)];
        if (found.Length > 0)
            return found;
        string address = BackendAddress.IdentityOf(text);
        return [.. backends.Where(backend => backend.Address == address)];
    }

    private static OperatorException UnknownService(IReadOnlyList<BackendStatus> backends, string service)
    {
        string[] services = [.. backends.Select(backend => backend.Service).Distinct()];
        string hint = services.Length is > 0 and <= MostCandidates ? ThereAre(services) : "; lbtcp status lists them.";
        return new OperatorException(ExitCode.Usage, $"There is no service {Quoted.Text(service)}{hint}");
    }

    /// <summary>Backends of several services are meant.</summary>
    public static OperatorException Ambiguous(IReadOnlyList<BackendStatus> found, string text) => new(
        ExitCode.Usage,
        $"{Quoted.Text(text)} is a backend of several services; write {Join([.. found.Select(FullNameOf)], "or")}.");

    private static string FullNameOf(BackendStatus backend) => $"{backend.Service}/{backend.Name}";

    private static string ThereAre(string[] names) =>
        $"; there {(names.Distinct().Count() == 1 ? "is" : "are")} {Join(names, "and")}.";

    private static string Join(string[] words, string last)
    {
        string[] safe = [.. words.Distinct().Take(MostCandidates).Select(Quoted.Cut)];
        return safe.Length == 1 ? safe[0] : $"{string.Join(", ", safe[..^1])} {last} {safe[^1]}";
    }
}
