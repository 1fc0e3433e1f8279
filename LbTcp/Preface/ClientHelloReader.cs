using System.Buffers;
using System.IO.Pipelines;

namespace LbTcp.Preface;

/// <summary>Waits for the ClientHello of a client and reads it. No byte is consumed: what follows gets them all.</summary>
/// <param name="input">What the client sends.</param>
internal sealed class ClientHelloReader(PipeReader input)
{
    /// <summary>Whether the client has sent anything.</summary>
    public bool HasBytes { get; private set; }

    /// <summary>What the ClientHello offers.</summary>
    public TlsOffer Offered { get; private set; }

    /// <summary>Returns the ClientHello, which is invalid if it is truncated, or that the client's bytes are none.</summary>
    public async ValueTask<ClientHello> ReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            ReadResult result = await input.ReadAsync(cancellationToken);
            HasBytes = !result.Buffer.IsEmpty;
            ClientHello hello = HasBytes ? Read(result.Buffer) : new ClientHello(ClientHelloStatus.NotTls);
            if (hello.Status is ClientHelloStatus.Incomplete && result.IsCompleted)
                hello = new ClientHello(ClientHelloStatus.Invalid); // it is truncated
            bool isDecided = hello.Status is not ClientHelloStatus.Incomplete;
            input.AdvanceTo(result.Buffer.Start, isDecided ? result.Buffer.Start : result.Buffer.End);
            if (isDecided)
                return hello;
        }
    }

    private ClientHello Read(in ReadOnlySequence<byte> sequence)
    {
        ReadOnlySpan<byte> bytes = sequence.IsSingleSegment ? sequence.FirstSpan : sequence.ToArray();
        ClientHello hello = ClientHello.Read(bytes);
        if (hello.Status is ClientHelloStatus.Complete)
            Offered = TlsOfferParser.Read(bytes);
        return hello;
    }
}
