using Npgsql;
using Orchestration.Metrics.Rollups;

namespace Orchestration.Metrics.Repricing;

/// <summary>The closed months that rows of one transaction may lie in.</summary>
internal sealed class ClosedSpans
{
    // While the transaction lasts, no further month is closed: its sum would miss what is written here.
    private const string Lock = "SELECT pg_advisory_xact_lock_shared(hashtext('closed_months'))";

    // The tenant's own before that of everybody.
    private const string Read = """
        SELECT tenant_id, month, time_zone, period_from, period_to FROM closed_months WHERE period_to > $1 ORDER BY tenant_id DESC, month
        """;

    private readonly IReadOnlyList<ClosedSpan> _spans;

    private ClosedSpans(IReadOnlyList<ClosedSpan> spans) => _spans = spans;

    public static ClosedSpans None { get; } = new([]);

    /// <summary>Those that end after an instant; until the transaction ends they stay all there are.</summary>
    public static async Task<ClosedSpans> ReadAsync(NpgsqlConnection connection, DateTimeOffset since, CancellationToken cancellationToken)
    {
        await using var batch = connection.CreateBatch();
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Lock));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Read) { Parameters = { new NpgsqlParameter<DateTimeOffset> { TypedValue = since.ToUniversalTime() } } });
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        var spans = new List<ClosedSpan>();
        while (await reader.ReadAsync(cancellationToken))
            spans.Add(new ClosedSpan(reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.GetFieldValue<DateTimeOffset>(3), reader.GetFieldValue<DateTimeOffset>(4)));
        return spans.Count == 0 ? None : new ClosedSpans(spans);
    }

    /// <summary>The closed month of a row; null when its month is open.</summary>
    public ClosedSpan? Of(RowDimensions row)
    {
        foreach (var span in _spans)
        {
            if ((span.TenantId.Length == 0 || span.TenantId == row.TenantId) && row.StartedAt >= span.From && row.StartedAt < span.To)
                return span;
        }

        return null;
    }
}

/// <summary>A closed month of one tenant, or of all when the tenant is empty.</summary>
internal sealed record ClosedSpan(string TenantId, string Month, string TimeZone, DateTimeOffset From, DateTimeOffset To);
