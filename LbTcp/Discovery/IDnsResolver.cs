namespace LbTcp.Discovery;

/// <summary>Asks name servers.</summary>
internal interface IDnsResolver
{
    /// <summary>
    /// Asks for the records of one kind of one name, as often as is configured. A failure is a value, not an exception. Safe to call from
    /// any number of threads; no thread waits for the answer.
    /// </summary>
    /// <param name="name">The complete name; no search list applies.</param>
    /// <param name="kind">The kind of the records.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> has fired.</exception>
    Task<DnsAnswer> QueryAsync(string name, DnsRecordKind kind, CancellationToken cancellationToken);
}
