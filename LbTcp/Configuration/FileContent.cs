using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace LbTcp.Configuration;

/// <summary>
/// What was read from the files that a setting names. Two contents of the same kind are equal when their files had the same text, so that
/// a reload finds out what has changed although the setting has not.
/// </summary>
/// <param name="digest">The digest of the text of the files, as <see cref="DigestOf"/> computes it.</param>
internal abstract class FileContent(UInt128 digest) : IEquatable<FileContent>
{
    private readonly UInt128 _digest = digest;

    /// <summary>The content in a few words, such as "3 rules"; different contents may have the same.</summary>
    protected abstract string Summary { get; }

    /// <summary>Computes the digest of the texts of files: the first half of SHA-256.</summary>
    public static UInt128 DigestOf(params ReadOnlySpan<string> texts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> length = stackalloc byte[sizeof(int)];
        foreach (string text in texts)
        {
            BinaryPrimitives.WriteInt32LittleEndian(length, text.Length); // so that no text runs into the next one
            hash.AppendData(length);
            hash.AppendData(MemoryMarshal.AsBytes(text.AsSpan()));
        }

        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        _ = hash.GetHashAndReset(digest);
        return BinaryPrimitives.ReadUInt128BigEndian(digest);
    }

    /// <inheritdoc/>
    public bool Equals(FileContent? other) => other is not null && other.GetType() == GetType() && other._digest == _digest;

    /// <inheritdoc/>
    public sealed override bool Equals(object? obj) => Equals(obj as FileContent);

    /// <inheritdoc/>
    public sealed override int GetHashCode() => _digest.GetHashCode();

    /// <summary>The summary with the start of the digest, which tells different contents apart: <c>3 rules (5f2c81aa)</c>.</summary>
    public sealed override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Summary} ({(uint)(_digest >> 96):x8})");
}
