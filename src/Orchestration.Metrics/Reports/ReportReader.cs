using System.Data;
using Npgsql;
using Orchestration.Metrics.Rollups;

namespace Orchestration.Metrics.Reports;

/// <summary>Answers questions about usage from the rollups, all parts of an answer from one state of the ledger.</summary>
internal sealed class ReportReader(NpgsqlDataSource database)
{
    /// <summary>Groups that a report may have before the smaller ones are put together.</summary>
    public const int MostGroups = 200_000;

    /// <summary>Null when there would be more groups than <see cref="MostGroups"/>.</summary>
    /// <exception cref="ArgumentException">No rollup answers the question; <see cref="ReportQuestionReading"/> lets none of these through.</exception>
    public async Task<UsageReport?> ReadAsync(ReportQuestion question, CancellationToken cancellationToken) =>
        (await ReadTogetherAsync([question], (_, _) => Task.FromResult(true), cancellationToken))?.Reports[0];

    /// <summary>
    /// As <see cref="ReadAsync(ReportQuestion, CancellationToken)"/>, for several questions about one state of the ledger, and for what else is read
    /// of that state; null when one of them has too many groups.
    /// </summary>
    public async Task<(IReadOnlyList<UsageReport> Reports, TMore More)?> ReadTogetherAsync<TMore>(
        IReadOnlyList<ReportQuestion> questions, Func<NpgsqlConnection, CancellationToken, Task<TMore>> readMore, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
        // The groups of a year's end users do not fit into what the server allows by default, and would go over a file.
        await connection.Command("SET LOCAL work_mem = '64MB'").ExecuteAsync(cancellationToken);
        List<UsageReport> reports = [];
        foreach (var question in questions)
        {
            if (await ReadAsync(connection, question, cancellationToken) is not { } report)
                return null;
            reports.Add(report);
        }

        return (reports, await readMore(connection, cancellationToken));
    }

    private static async Task<UsageReport?> ReadAsync(NpgsqlConnection connection, ReportQuestion question, CancellationToken cancellationToken)
    {
        var source = ReportSource.OfUsage(question) ?? throw new ArgumentException("No rollup answers this.", nameof(question));
        var tenants = question.TenantId.Length > 0 ? [question.TenantId] : await ReportFacts.TenantsAsync(connection, cancellationToken);
        if (await ReadUsageAsync(connection, question, source, tenants, cancellationToken) is not { } groups)
            return null;

        var notes = new List<string>();
        var details = new ReportDetails(connection, question, tenants, groups, notes);
        if (question.WithLatency)
            await details.AddLatencyAsync(cancellationToken);
        if (question.WithFailures)
            await details.AddFailuresAsync(cancellationToken);
        if (question.WithProviderCosts)
            await details.AddProviderCostsAsync(cancellationToken);
        if (question.Dimensions.Contains(ReportDimension.Tag))
            notes.Add("Requests without the tag are not part of this report.");
        if (question.Dimensions.Contains(ReportDimension.EndUser))
            notes.Add("Requests without an end user are not part of this report.");
        if ((question.WithLatency || question.WithFailures) && groups.HasSeveralCurrencies)
            notes.Add("Latency and failures are of all currencies together and stand in the first row of their group.");
        if (question.TenantId.Length == 0 && groups.All.Select(row => row.Currency).Distinct().Count() > 1)
            notes.Add("Tenants pay in several currencies; each has rows of its own.");

        return new UsageReport(
            question,
            await ReportFacts.NowAsync(connection, cancellationToken),
            groups.Rows(question),
            groups.Totals(),
            await ReportFacts.AdjustmentsAsync(connection, question, notes, cancellationToken),
            notes,
            await ReportFacts.QuarantinedAsync(connection, cancellationToken));
    }

    private static async Task<ReportGroups?> ReadUsageAsync(
        NpgsqlConnection connection, ReportQuestion question, ReportSource source, string[] tenants, CancellationToken cancellationToken)
    {
        var ranges = source.Slice switch
        {
            SliceDimension.EndUser or SliceDimension.Tag => BucketRanges.WithMonths(question.Periods.All, SliceGrain.Day, SliceGrain.Month),
            null => BucketRanges.Of(question.Periods.All, SliceGrain.Quarter),
            _ => BucketRanges.WithDays(question.Periods.All, SliceGrain.Quarter, SliceGrain.Day),
        };
        await using var command = ReportStatement.Create(question, source, ranges, tenants, ["stored.currency"], ReportSums.Columns);
        command.Connection = connection;
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var groups = new ReportGroups();
        var width = question.GroupBy.Count;
        while (await reader.ReadAsync(cancellationToken))
        {
            var sums = ReportSums.Read(reader, width + 2);
            if (!sums.IsSomething)
                continue;
            groups.At(reader.GetInt32(width + 1), ReportGroups.Values(reader, width), reader.GetString(width)).Sums.Add(sums);
            if (groups.Count > MostGroups)
                return null;
        }

        return groups;
    }
}
