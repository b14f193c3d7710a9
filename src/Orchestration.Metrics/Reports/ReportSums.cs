using Orchestration.Metrics.Rollups;

namespace Orchestration.Metrics.Reports;

/// <summary>Sums of usage, by addition.</summary>
internal sealed class ReportSums
{
    /// <summary>Columns of the rollups in the order of the sums, with the types of their sums.</summary>
    public static readonly IReadOnlyList<(string Column, string Type)> Columns =
        [.. RollupTables.UsageCounts.Select(column => ("stored." + column, "bigint")), .. RollupTables.UsageAmounts.Select(column => ("stored." + column, "numeric"))];

    private readonly long[] _counts = new long[RollupTables.UsageCounts.Length];
    private readonly decimal[] _amounts = new decimal[RollupTables.UsageAmounts.Length];

    public long Requests => Count("requests");
    public long FailedRequests => Count("failed_requests");
    public long CacheHits => Count("cache_hits");
    public long Estimated => Count("estimated");
    public long Recovered => Count("recovered");
    public long Attempts => Count("attempts");
    public long FailedAttempts => Count("failed_attempts");
    public long Fallbacks => Count("fallbacks");
    public decimal Cost => Amount("cost");
    public decimal Saved => Amount("saved");
    public decimal Billed => Amount("billed");

    /// <summary>Tokens of all classes.</summary>
    public long Tokens => Input + CacheRead + CacheWrite + CacheWriteOneHour + AudioInput + Output + Reasoning + AudioOutput;
    public long Input => Count("input_tokens");
    public long CacheRead => Count("cache_read_tokens");
    public long CacheWrite => Count("cache_write_tokens");
    public long CacheWriteOneHour => Count("cache_write_one_hour_tokens");
    public long AudioInput => Count("audio_input_tokens");
    public long Output => Count("output_tokens");
    public long Reasoning => Count("reasoning_tokens");
    public long AudioOutput => Count("audio_output_tokens");
    public long SearchUnits => Count("search_units");

    /// <summary>False when all that was counted was taken back again.</summary>
    public bool IsSomething => Array.Exists(_counts, count => count != 0) || Array.Exists(_amounts, amount => amount != 0);

    public static ReportSums Read(System.Data.Common.DbDataReader reader, int first)
    {
        var sums = new ReportSums();
        for (var index = 0; index < sums._counts.Length; index++)
            sums._counts[index] = reader.GetInt64(first + index);
        for (var index = 0; index < sums._amounts.Length; index++)
            sums._amounts[index] = reader.GetDecimal(first + sums._counts.Length + index);
        return sums;
    }

    public void Add(ReportSums other)
    {
        for (var index = 0; index < _counts.Length; index++)
            _counts[index] += other._counts[index];
        for (var index = 0; index < _amounts.Length; index++)
            _amounts[index] += other._amounts[index];
    }

    public void Subtract(ReportSums other)
    {
        for (var index = 0; index < _counts.Length; index++)
            _counts[index] -= other._counts[index];
        for (var index = 0; index < _amounts.Length; index++)
            _amounts[index] -= other._amounts[index];
    }

    private long Count(string column) => _counts[RollupTables.UsageCounts.IndexOf(column)];

    private decimal Amount(string column) => _amounts[RollupTables.UsageAmounts.IndexOf(column)];
}
