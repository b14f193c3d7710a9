using System.Buffers.Binary;

namespace Orchestration.Benchmarks.Explorer;

/// <summary>Amounts as PostgreSQL's binary <c>numeric</c>: groups of four decimal digits, aligned at the point.</summary>
internal static class NumericBytes
{
    private const int Base = 10_000;
    private const int GroupDigits = 4;

    /// <summary>Writes an amount that is not negative; returns the bytes written.</summary>
    public static int Write(decimal amount, Span<byte> target)
    {
        var scale = amount.Scale;
        var groupsAfterPoint = (scale + GroupDigits - 1) / GroupDigits;
        Span<int> bits = stackalloc int[4];
        decimal.GetBits(amount, bits);
        var left = new UInt128((uint)bits[2], ((ulong)(uint)bits[1] << 32) | (uint)bits[0]);
        for (var missing = groupsAfterPoint * GroupDigits - scale; missing > 0; missing--)
            left *= 10;

        Span<short> groups = stackalloc short[12];
        var count = 0;
        for (; left != 0; left /= Base)
            groups[count++] = (short)(left % Base);
        BinaryPrimitives.WriteInt16BigEndian(target, (short)count);
        BinaryPrimitives.WriteInt16BigEndian(target[2..], (short)(count - groupsAfterPoint - 1));
        BinaryPrimitives.WriteInt16BigEndian(target[4..], 0);
        BinaryPrimitives.WriteInt16BigEndian(target[6..], scale);
        for (var index = 0; index < count; index++)
            BinaryPrimitives.WriteInt16BigEndian(target[(8 + 2 * index)..], groups[count - 1 - index]);
        return 8 + 2 * count;
    }
}
