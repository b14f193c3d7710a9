using Orchestration.Simulator.Chat;

namespace Orchestration.Simulator.Dialects;

/// <summary>Signatures of reasoning: they can be checked without remembering anything, and belong to one vendor and one text.</summary>
internal static class ReasoningSeal
{
    private const int Length = 96;
    private const int WordLength = 8;

    public static string Of(string vendor, string text)
    {
        Span<byte> bytes = stackalloc byte[Length];
        var seed = Hash(vendor, text);
        BitConverter.TryWriteBytes(bytes, seed);
        BitConverter.TryWriteBytes(bytes[WordLength..], new StableRandom(Hash(vendor, "")).Next() ^ seed);
        var random = new StableRandom(seed);
        for (var at = 2 * WordLength; at < Length; at += WordLength)
            BitConverter.TryWriteBytes(bytes[at..], random.Next());
        return Convert.ToBase64String(bytes);
    }

    /// <summary>True when the vendor has made a signature, whatever its text was.</summary>
    public static bool IsGenuine(string vendor, string signature)
    {
        Span<byte> bytes = stackalloc byte[Length];
        if (!Convert.TryFromBase64String(signature, bytes, out var written) || written != Length)
            return false;
        var seed = BitConverter.ToUInt64(bytes);
        return (BitConverter.ToUInt64(bytes[WordLength..]) ^ seed) == new StableRandom(Hash(vendor, "")).Next();
    }

    private static ulong Hash(string vendor, string text)
    {
        var hash = new StableHash();
        hash.Add(vendor);
        hash.Add(text);
        return hash.Value;
    }
}
