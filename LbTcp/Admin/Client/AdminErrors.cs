using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using LbTcp.Configuration;

namespace LbTcp.Admin.Client;

/// <summary>Says in one sentence why a request failed.</summary>
/// <param name="target">Where requests are sent.</param>
internal sealed class AdminErrors(AdminTarget target)
{
    private readonly string _address = SafeText.Escape(target.Address.ToString());

    /// <summary>The answer did not come in time.</summary>
    public AdminException TimedOut(TimeSpan timeout) =>
        new(AdminFailure.Unreachable, $"lbtcp at {_address} did not answer within {Duration.Format(timeout)}.");

    /// <summary>The connection ended too early.</summary>
    public AdminException Lost(Exception? inner) => new(AdminFailure.Lost, $"The connection to lbtcp at {_address} was lost.", inner);

    /// <summary>The request could not be sent, or its answer not be received.</summary>
    public AdminException Of(HttpRequestException exception)
    {
        if (exception.GetBaseException() is SocketException socket && exception.HttpRequestError is
            HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.Unknown)
        {
            return new AdminException(
                AdminFailure.Unreachable,
                $"lbtcp does not answer at {_address}: {Describe(socket)}; start it with --admin, or name the address with --admin or "
                + "LBTCP_ADMIN.",
                exception);
        }

        return exception.HttpRequestError is HttpRequestError.ResponseEnded
            ? Lost(exception)
            : new AdminException(
                AdminFailure.NotUnderstood, $"What answers at {_address} is not lbtcp: {SafeText.Escape(exception.Message)}", exception);
    }

    /// <summary>The answer is an error.</summary>
    /// <param name="status">Its status.</param>
    /// <param name="body">Its body, problem details unless another program answers.</param>
    public AdminException Of(HttpStatusCode status, byte[] body)
    {
        string? detail = DetailOf(body);
        return status switch
        {
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => new AdminException(
                AdminFailure.Denied,
                $"lbtcp at {_address} refuses access: {detail ?? "the token is missing or wrong."} Name the file of the token with "
                + "--admin-token-file or LBTCP_ADMIN_TOKEN_FILE."),
            HttpStatusCode.NotFound when detail is not null => new AdminException(AdminFailure.NotFound, detail),
            _ when detail is not null => new AdminException(AdminFailure.Refused, detail),
            _ => new AdminException(AdminFailure.NotUnderstood, $"What answers at {_address} is not lbtcp: its status is {(int)status}."),
        };
    }

    /// <summary>Reads an answer.</summary>
    /// <exception cref="AdminException">It is not what was expected.</exception>
    public T Read<T>(ReadOnlySpan<byte> body, JsonTypeInfo<T> type)
    {
        try
        {
            if (JsonSerializer.Deserialize(body, type) is { } value)
                return value;
        }
        catch (JsonException exception)
        {
            throw NotUnderstood(exception);
        }

        throw NotUnderstood(inner: null);
    }

    // The framework has no error of its own for ENOENT of a unix socket.
    private string Describe(SocketException exception) =>
        target.Address.Unix is not null && exception.SocketErrorCode is SocketError.AddressNotAvailable
            ? "no such file"
            : $"{char.ToLowerInvariant(exception.Message[0])}{SafeText.Escape(exception.Message[1..])}";

    private AdminException NotUnderstood(Exception? inner) => new(
        AdminFailure.NotUnderstood, $"The answer of lbtcp at {_address} is not understood: it may be of another version.", inner);

    private static string? DetailOf(byte[] body)
    {
        try
        {
            return JsonSerializer.Deserialize(body, ApiJson.Default.ApiProblem)?.Detail is { } detail ? SafeText.Escape(detail) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
