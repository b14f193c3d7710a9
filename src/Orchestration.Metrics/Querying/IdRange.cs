using System.Buffers.Binary;
using Orchestration.Metrics.Data;

namespace Orchestration.Metrics.Querying;

/// <summary>Ranges of UUIDv7 by time, as partitions are cut: their first 48 bits are milliseconds.</summary>
internal static class IdRange
{
    private static readonly long LatestMilliseconds = new DateTimeOffset(9000, 1, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();

    /// <summary>The smallest id that can have been made at an instant.</summary>
    public static Guid FirstAt(DateTimeOffset instant)
    {
        var milliseconds = Math.Max(0, instant.ToUnixTimeMilliseconds());
        return new Guid((uint)(milliseconds >> 16), (ushort)milliseconds, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    }

    /// <summary>When an id was made, by the clock of its maker.</summary>
    public static DateTimeOffset InstantOf(Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        return DateTimeOffset.FromUnixTimeMilliseconds(Math.Min(LatestMilliseconds, (long)(BinaryPrimitives.ReadUInt64BigEndian(bytes) >> 16)));
    }

    /// <summary>Rows whose ids begin not before the month of an id, or end not after it.</summary>
    public static IQueryable<LedgerRequest> InMonthOf(IQueryable<LedgerRequest> rows, Guid id, bool forward)
    {
        var instant = InstantOf(id);
        var month = new DateTimeOffset(instant.Year, instant.Month, 1, 0, 0, 0, TimeSpan.Zero);
        var (first, next) = (FirstAt(month), FirstAt(month.AddMonths(1)));
        return forward ? rows.Where(row => row.Id < next) : rows.Where(row => row.Id >= first);
    }
}
