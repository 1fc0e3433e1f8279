using System.Buffers.Binary;
using System.Net;
using System.Text;
using DnsClient;
using LbTcp.Configuration;

namespace LbTcp.Discovery;

/// <summary>
/// The response of a name server as it was sent (RFC 1035, section 4.1), as far as names are resolved with it. Its content is untrusted.
/// </summary>
internal sealed class DnsMessage
{
    private const int HeaderSize = 12;
    private const ushort RecursionDesired = 0x0100;
    private const ushort Response = 0x8000;
    private const ushort Truncated = 0x0200;
    private const ushort CodeBits = 0x000F;
    private const ushort Internet = 1;

    private readonly List<IPAddress> _addresses = [];
    private readonly List<ServiceTarget> _targets = [];

    private DnsMessage(ushort flags) => Code = (DnsHeaderResponseCode)(flags & CodeBits);

    /// <summary>What the server says about the query.</summary>
    public DnsHeaderResponseCode Code { get; }

    /// <summary>The addresses of the answer.</summary>
    public IReadOnlyList<IPAddress> Addresses => _addresses;

    /// <summary>The targets of the answer.</summary>
    public IReadOnlyList<ServiceTarget> Targets => _targets;

    /// <summary>The shortest time to live of the answer's records, in seconds; <see cref="int.MaxValue"/> if there is none.</summary>
    public int TimeToLive { get; private set; } = int.MaxValue;

    /// <summary>Returns the message that asks a question.</summary>
    public static byte[] Write(ushort id, DnsQuestion question)
    {
        byte[] name = [.. question.QueryName.Value.TrimEnd('.').Split('.').SelectMany(LabelOf), 0];
        byte[] message = new byte[HeaderSize + name.Length + 4];
        BinaryPrimitives.WriteUInt16BigEndian(message, id);
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(2), RecursionDesired);
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(4), 1); // questions
        name.CopyTo(message.AsSpan(HeaderSize));
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(HeaderSize + name.Length), (ushort)question.QuestionType);
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(HeaderSize + name.Length + 2), Internet);
        return message;
    }

    /// <summary>Reads a response.</summary>
    /// <exception cref="InvalidDataException">It is malformed, or no complete response to the query <paramref name="id"/>.</exception>
    public static DnsMessage Read(ReadOnlySpan<byte> bytes, ushort id, DnsRecordKind kind)
    {
        var reader = new DnsMessageReader(bytes);
        ushort responseId = reader.ReadUInt16();
        ushort flags = reader.ReadUInt16();
        if (responseId != id || (flags & (Response | Truncated)) != Response)
            throw new InvalidDataException("not the response to the query");
        var message = new DnsMessage(flags);
        int questions = reader.ReadUInt16();
        int answers = reader.ReadUInt16();
        _ = reader.Read(4); // the numbers of other records, which are not read
        for (int i = 0; i < questions; i++)
        {
            _ = reader.ReadName();
            _ = reader.Read(4); // type and class
        }

        for (int i = 0; i < answers; i++)
            message.Add(ref reader, kind);
        return message;
    }

    private static byte[] LabelOf(string label) => label.Length is > 0 and < 64
        ? [(byte)label.Length, .. Encoding.ASCII.GetBytes(label)]
        : throw new InvalidDataException("not a valid name");

    private void Add(ref DnsMessageReader reader, DnsRecordKind kind)
    {
        _ = reader.ReadName();
        var type = (QueryType)reader.ReadUInt16();
        _ = reader.ReadUInt16(); // class
        TimeToLive = (int)Math.Min((uint)TimeToLive, reader.ReadUInt32());
        int length = reader.ReadUInt16();
        int end = reader.Position + length;
        switch (type, kind, length)
        {
            case (QueryType.A, DnsRecordKind.A, 4) or (QueryType.AAAA, DnsRecordKind.Aaaa, 16):
                _addresses.Add(Hosts.Unmapped(new IPAddress(reader.Read(length))));
                break;
            case (QueryType.SRV, DnsRecordKind.Srv, > 6):
                (int priority, int weight, int port) = (reader.ReadUInt16(), reader.ReadUInt16(), reader.ReadUInt16());
                if (DnsRecords.TargetOf(reader.ReadName(), port, priority, weight) is { } target)
                    _targets.Add(target);
                break;
        }

        _ = reader.Read(end - reader.Position);
    }
}
