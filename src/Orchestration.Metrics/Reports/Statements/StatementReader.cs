using Microsoft.EntityFrameworkCore;
using Orchestration.Metrics.Data;
using Orchestration.Metrics.Repricing;

namespace Orchestration.Metrics.Reports.Statements;

/// <summary>Draws up monthly statements from the rollups and the adjustments.</summary>
internal sealed class StatementReader(ReportReader reports, IDbContextFactory<MetricsDbContext> contexts)
{
    private static readonly IReadOnlyDictionary<ReportDimension, string[]> Everything = new Dictionary<ReportDimension, string[]>();

    /// <summary>Null when the statement would have too many lines.</summary>
    /// <param name="question">Which statement.</param>
    /// <param name="month">Its month, read.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public async Task<MonthlyStatement?> ReadAsync(StatementQuestion question, MonthPeriod month, CancellationToken cancellationToken)
    {
        var periods = ReportPeriods.Cut(month.From, month.To, month.TimeZone, ReportGrain.Whole, 1)!;
        ReportDimension[] groups = question.TagName is null
            ? [ReportDimension.Project, ReportDimension.Key, ReportDimension.Provider, ReportDimension.Model]
            : [ReportDimension.Tag];
        List<ReportQuestion> questions = [new(question.TenantId, periods, groups, question.TagName ?? "", Everything, false)];
        if (question.TagName is not null)
            questions.Add(new(question.TenantId, periods, [], "", Everything, false));
        if (await reports.ReadTogetherAsync(questions, cancellationToken) is not { } read)
            return null;
        var report = read[0];

        List<StatementItem> items = [.. report.Rows.Select(row => Item(question, row))];
        List<string> notes = [];
        if (question.TagName is not null)
        {
            items.AddRange(Untagged(read[1], report));
            notes.Add("Requests without the tag stand in a line without a cost centre.");
        }

        if (report.QuarantinedEvents > 0)
            notes.Add($"{report.QuarantinedEvents} events wait in quarantine and may belong to this month.");
        items.AddRange(await AdjustmentsAsync(question, cancellationToken));
        return new MonthlyStatement(question, await ClosedAtAsync(question, cancellationToken), report.AsOf, items, notes);
    }

    private static StatementItem Item(StatementQuestion question, UsageReportRow row)
    {
        var values = row.Values!;
        return question.TagName is null
            ? new StatementItem(values[0], values[1], values[2], values[3], row.Currency, row.Sums.Cost) { Usage = row.Sums }
            : new StatementItem(values[0], "", "", "", row.Currency, row.Sums.Cost) { Usage = row.Sums };
    }

    private static IEnumerable<StatementItem> Untagged(UsageReport total, UsageReport tagged)
    {
        foreach (var all in total.Totals)
        {
            if (tagged.Totals.FirstOrDefault(row => row.Currency == all.Currency) is { } part)
                all.Sums.Subtract(part.Sums);
            if (all.Sums.IsSomething)
                yield return new StatementItem("", "", "", "", all.Currency, all.Sums.Cost) { Usage = all.Sums };
        }
    }

    private async Task<List<StatementItem>> AdjustmentsAsync(StatementQuestion question, CancellationToken cancellationToken)
    {
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        var rows = await database.Adjustments.AsNoTracking()
            .Where(row => row.TenantId == question.TenantId && row.BookedIn == question.Month)
            .OrderBy(row => row.CreatedAt).ThenBy(row => row.Id).ToListAsync(cancellationToken);
        return rows.ConvertAll(row => new StatementItem(question.TagName is null ? row.ProjectId : "", "", row.Provider, row.Model, row.Currency, row.Amount)
        {
            BelongsTo = row.BelongsTo,
            Reason = row.Reason,
        });
    }

    private async Task<DateTimeOffset?> ClosedAtAsync(StatementQuestion question, CancellationToken cancellationToken)
    {
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        return await database.ClosedMonths.AsNoTracking()
            .Where(month => month.Month == question.Month && month.TimeZone == question.TimeZone && (month.TenantId == question.TenantId || month.TenantId == ""))
            .MinAsync(month => (DateTimeOffset?)month.ClosedAt, cancellationToken);
    }
}
