using System.Buffers.Binary;

namespace LbTcp.Health.Exchanges;

/// <summary>The login of a check at MySQL or MariaDB: the handshake response for the user <c>lbtcp</c> without a password.</summary>
/// <seealso href="https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_connection_phase.html"/>
internal static class MysqlLogin
{
    private const int Protocol41 = 0x200;
    private const int SecureConnection = 0x8000;
    private const int PluginAuthentication = 0x80000;
    private const int MaxPacket = 1 << 24;
    private const byte Utf8 = 33; // utf8mb3, which all versions have

    /// <summary>The packet, which follows the greeting.</summary>
    public static ReadOnlyMemory<byte> Packet { get; } = MysqlPacket.Write(1, Payload());

    private static byte[] Payload()
    {
        byte[] start = new byte[32]; // ends with 23 reserved bytes
        BinaryPrimitives.WriteInt32LittleEndian(start, Protocol41 | SecureConnection | PluginAuthentication);
        BinaryPrimitives.WriteInt32LittleEndian(start.AsSpan(4), MaxPacket);
        start[8] = Utf8;
        return [.. start, .. "lbtcp\0"u8, 0 /* no password */, .. "mysql_native_password\0"u8];
    }
}
