using Npgsql;
using Orchestration.Metrics.Repricing;

namespace Orchestration.Metrics.Reports.Statements;

/// <summary>Draws up monthly statements from the rollups and the adjustments.</summary>
internal sealed class StatementReader(ReportReader reports)
{
    private static readonly IReadOnlyDictionary<ReportDimension, string[]> Everything = new Dictionary<ReportDimension, string[]>();

    private const string ClosedAt = "SELECT min(closed_at) FROM closed_months WHERE tenant_id IN ('', $1) AND month = $2 AND time_zone = $3";

    private const string Adjustments = """
        SELECT project_id, provider, model, currency, amount, belongs_to, reason FROM adjustments
        WHERE tenant_id = $1 AND booked_in = $2 ORDER BY created_at, id
        """;

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
        if (await reports.ReadTogetherAsync(questions, (connection, token) => BooksAsync(connection, question, token), cancellationToken) is not var (read, books))
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
        items.AddRange(books.Adjustments);
        return new MonthlyStatement(question, books.ClosedAt, report.AsOf, items, notes);
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

    /// <summary>What stands beside the rollups, read with them: a closing in between would leave out what it counted.</summary>
    private static async Task<Books> BooksAsync(NpgsqlConnection connection, StatementQuestion question, CancellationToken cancellationToken)
    {
        var closed = await connection.Command(ClosedAt, question.TenantId, question.Month, question.TimeZone)
            .ReadAllAsync(row => row.Optional<DateTimeOffset>(0), cancellationToken);
        var adjustments = await connection.Command(Adjustments, question.TenantId, question.Month).ReadAllAsync(
            row => new StatementItem(question.TagName is null ? row.GetString(0) : "", "", row.GetString(1), row.GetString(2), row.GetString(3), row.GetDecimal(4))
            {
                BelongsTo = row.GetString(5),
                Reason = row.GetString(6),
            },
            cancellationToken);
        return new Books(closed[0], adjustments);
    }

    private sealed record Books(DateTimeOffset? ClosedAt, IReadOnlyList<StatementItem> Adjustments);
}
