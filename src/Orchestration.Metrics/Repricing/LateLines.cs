using Npgsql;
using Orchestration.Metrics.Rollups;

namespace Orchestration.Metrics.Repricing;

/// <summary>The adjustment lines for what events tell about months that are closed: by how much each moved what tenants pay.</summary>
internal sealed class LateLines
{
    public const string Reason = "told after the month was closed";
    public const string Actor = "ledger";

    private static readonly string Insert = $"""
        INSERT INTO adjustments (id, tenant_id, project_id, provider, model, currency, amount, belongs_to, booked_in, reason, actor, repricing_id, reversal, created_at)
        VALUES (gen_random_uuid(), $1, $2, $3, $4, $5, $6, $7, {OpenMonths.At("now()", "$8", "$1")}, $9, $10, NULL, false, now())
        """;

    private readonly Dictionary<Line, decimal> _amounts = [];

    /// <param name="month">The month.</param>
    /// <param name="before">The attempt before; null when it is new.</param>
    /// <param name="after">The attempt after.</param>
    /// <param name="adjusted">What lines of re-pricings had made of it beyond <paramref name="before"/>, and no longer do.</param>
    public void Add(ClosedSpan month, AttemptFacts? before, AttemptFacts after, decimal adjusted)
    {
        Move(month, before, -(before?.Billed ?? 0) - adjusted);
        Move(month, after, after.Billed);
    }

    public async Task WriteAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var batch = connection.CreateBatch();
        foreach (var (line, amount) in _amounts.Where(entry => entry.Value != 0))
        {
            var command = new NpgsqlBatchCommand(Insert);
            object[] values =
            [
                line.TenantId, line.ProjectId, line.Provider, line.Model, line.Currency, amount, line.Month.Month, line.Month.TimeZone, Reason, Actor,
            ];
            foreach (var value in values)
                command.Parameters.Add(new NpgsqlParameter { Value = value });
            batch.BatchCommands.Add(command);
        }

        if (batch.BatchCommands.Count > 0)
            await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    private void Move(ClosedSpan month, AttemptFacts? attempt, decimal amount)
    {
        if (attempt is not { Settlement: not null, Dimensions.Simulated: false })
            return;

        var row = attempt.Dimensions;
        var line = new Line(month, row.TenantId, row.ProjectId, attempt.Provider, attempt.Model, row.Currency);
        _amounts[line] = _amounts.GetValueOrDefault(line) + amount;
    }

    private sealed record Line(ClosedSpan Month, string TenantId, string ProjectId, string Provider, string Model, string Currency);
}
