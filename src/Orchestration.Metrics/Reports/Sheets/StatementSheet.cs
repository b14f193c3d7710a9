using Orchestration.Metrics.Reports.Statements;

namespace Orchestration.Metrics.Reports.Sheets;

/// <summary>A statement as a sheet: its lines, then the sums by cost centre and by currency.</summary>
internal static class StatementSheet
{
    private static readonly string[] Columns =
    [
        "kind", "cost_centre", "key", "provider", "model", "requests", "input_tokens", "cache_read_tokens", "cache_write_tokens", "cache_write_one_hour_tokens",
        "audio_input_tokens", "output_tokens", "reasoning_tokens", "audio_output_tokens", "search_units", "currency", "amount", "belongs_to", "reason",
    ];

    public static Sheet Of(MonthlyStatement statement) => new(
        $"statement-{statement.Question.Month}",
        Columns,
        [
            .. statement.Items.Select(Line),
            .. statement.CostCentres.Select(sum => Sum("sum of cost centre", sum.CostCentre, sum.Currency, sum.Amount)),
            .. statement.Totals.Select(sum => Sum("total", "", sum.Currency, sum.Amount)),
        ]);

    private static object?[] Line(StatementItem item) =>
    [
        StatementMapping.Kind(item), item.CostCentre, item.KeyId, item.Provider, item.Model, item.Usage?.Requests, item.Usage?.Input, item.Usage?.CacheRead,
        item.Usage?.CacheWrite, item.Usage?.CacheWriteOneHour, item.Usage?.AudioInput, item.Usage?.Output, item.Usage?.Reasoning, item.Usage?.AudioOutput,
        item.Usage?.SearchUnits, item.Currency, item.Amount, item.BelongsTo, item.Reason,
    ];

    private static object?[] Sum(string kind, string costCentre, string currency, decimal amount) =>
    [
        kind, costCentre, "", "", "", null, null, null, null, null, null, null, null, null, null, currency, amount, "", "",
    ];
}
