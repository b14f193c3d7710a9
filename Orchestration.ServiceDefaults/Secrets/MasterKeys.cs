using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Orchestration.ServiceDefaults.Secrets;

/// <summary>The master key in use and those of earlier times, each with two keys derived from it.</summary>
/// <remarks>
/// A version is derived from the key itself, so that no setting can name the wrong one, and removing an old key never renumbers the others.
/// </remarks>
public sealed class MasterKeys
{
    private const int Length = 32;
    private readonly Dictionary<int, DerivedKeys> _keys = [];

    public MasterKeys(MasterKeyOptions options)
    {
        var configured = options.MasterKeyFile.Length > 0 ? ReadFile(options.MasterKeyFile) : Decode(options.MasterKey);
        if (configured is null) return;
        Current = DerivedKeys.Of(configured);
        foreach (var key in options.PreviousMasterKeys.Select(Decode).OfType<byte[]>().Append(configured))
        {
            var derived = DerivedKeys.Of(key);
            _keys[derived.Version] = derived;
        }
    }

    /// <summary>What new rows are sealed under; null when no master key is configured.</summary>
    public DerivedKeys? Current { get; }

    public IEnumerable<DerivedKeys> All => _keys.Values;

    /// <summary>The keys of a version; null when that master key is not configured.</summary>
    public DerivedKeys? Find(int version) => _keys.GetValueOrDefault(version);

    public static byte[]? Decode(string text)
    {
        var buffer = new byte[Length + 3];
        return Convert.TryFromBase64String(text.Trim(), buffer, out var written) && written == Length ? buffer[..Length] : null;
    }

    public static byte[]? ReadFile(string path)
    {
        try
        {
            return Decode(File.ReadAllText(path));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            return null;
        }
    }

    /// <summary>One key for wrapping data keys, another for telling the same secret again.</summary>
    public sealed record DerivedKeys(int Version, byte[] Wrapping, byte[] Fingerprint)
    {
        public static DerivedKeys Of(byte[] master) => new(
            BinaryPrimitives.ReadInt32BigEndian(Derive(master, "orchestration.credentials.version.v1"u8)) & int.MaxValue | 1,
            Derive(master, "orchestration.credentials.wrap.v1"u8),
            Derive(master, "orchestration.credentials.fingerprint.v1"u8));

        private static byte[] Derive(byte[] master, ReadOnlySpan<byte> purpose) =>
            HKDF.DeriveKey(HashAlgorithmName.SHA256, master, Length, info: purpose.ToArray());

        public override string ToString() => $"master key {Version}";
    }
}
