using Npgsql;
using Orchestration.Metrics.Rollups;

namespace Orchestration.Metrics.Reports;

/// <summary>Adds to the rows of a report what stands in rollups of its own.</summary>
internal sealed class ReportDetails(NpgsqlConnection connection, ReportQuestion question, string[] tenants, ReportGroups groups, List<string> notes)
{
    private int Width => question.GroupBy.Count;

    public async Task AddLatencyAsync(CancellationToken cancellationToken)
    {
        if (ReportSource.OfLatency(question) is not { } source)
        {
            notes.Add("Latency is kept by project, key, route, class, provider or model alone, so this report has none.");
            return;
        }

        if (!BucketRanges.Fit(question.Periods.All, TimeSpan.FromHours(1)))
        {
            notes.Add("Latency is kept by whole hours of UTC, which these periods cut, so this report has none.");
            return;
        }

        var ranges = BucketRanges.WithDays(question.Periods.All, SliceGrain.Hour, SliceGrain.Day);
        // Added here and not by the database, which would have to take every list apart to add it up.
        await using var command = ReportStatement.Create(question, source, ranges, tenants, ["stored.measure", "stored.steps", "stored.counts"]);
        command.Connection = connection;
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            if (groups.Find(reader.GetInt32(Width + 3), ReportGroups.Values(reader, Width)) is not { } row)
                continue;
            var counts = reader.GetString(Width) == LatencyMeasure.Duration ? row.Duration : row.FirstToken;
            counts.Add(reader.GetFieldValue<int[]>(Width + 1), reader.GetFieldValue<long[]>(Width + 2));
        }
    }

    public async Task AddFailuresAsync(CancellationToken cancellationToken)
    {
        if (ReportSource.OfFailures(question) is not { } source)
        {
            notes.Add("Failures are kept by project, key, provider and model, so this report has none by code.");
            return;
        }

        await using var command = ReportStatement.Create(
            question, source, BucketRanges.Of(question.Periods.All, SliceGrain.Quarter), tenants, ["stored.code", "stored.of_attempts::text"], [("stored.count", "bigint")]);
        command.Connection = connection;
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            if (reader.GetInt64(Width + 3) is not 0 and var count && groups.Find(reader.GetInt32(Width + 2), ReportGroups.Values(reader, Width)) is { } row)
                row.Failures[(reader.GetString(Width), reader.GetString(Width + 1) == "true")] = count;
        }
    }

    public async Task AddProviderCostsAsync(CancellationToken cancellationToken)
    {
        if (ReportSource.OfProviderCosts(question) is not { } source)
        {
            notes.Add("Providers' costs are kept by provider and model, so this report has none.");
            return;
        }

        await using var command = ReportStatement.Create(
            question, source, BucketRanges.Of(question.Periods.All, SliceGrain.Quarter), tenants, ["stored.currency", "stored.cost_currency"], [("stored.cost", "numeric")]);
        command.Connection = connection;
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            if (reader.GetDecimal(Width + 3) is not 0 and var cost)
                groups.At(reader.GetInt32(Width + 2), ReportGroups.Values(reader, Width), reader.GetString(Width)).ProviderCosts[reader.GetString(Width + 1)] = cost;
        }
    }
}
