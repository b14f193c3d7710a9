using Npgsql;
using Orchestration.Metrics.Budgets.Data;
using Orchestration.Metrics.Budgets.Periods;

namespace Orchestration.Metrics.Budgets.Leasing;

/// <summary>Finds the budgets that limit requests of a tenant.</summary>
internal static class ApplicableBudgets
{
    // FOR SHARE: a change of a budget waits for grants under way, so that none opens a period by old rules.
    private const string Query = """
        SELECT id, tenant_id, name, scope, scope_id, amount, currency, period, time_zone, cheaper_route, counts_simulated, created_at
        FROM budgets
        WHERE tenant_id = $1 AND enabled
          AND (scope = 'Tenant'
            OR scope = 'Project' AND scope_id = ANY ($2)
            OR scope = 'Key' AND scope_id = ANY ($3)
            OR scope = 'ModelGroup' AND scope_id = ANY ($4))
        ORDER BY id
        FOR SHARE
        """;

    /// <summary>Those that limit any of the demands, which are of one tenant.</summary>
    public static Task<List<StoredBudget>> FindAsync(NpgsqlConnection connection, IReadOnlyList<Demand> demands, CancellationToken cancellationToken) =>
        connection.Command(
            Query,
            demands[0].TenantId,
            demands.Select(demand => demand.ProjectId).Distinct().ToArray(),
            demands.Select(demand => demand.KeyId).Distinct().ToArray(),
            demands.SelectMany(demand => demand.ModelGroups).Distinct().ToArray())
            .ReadAllAsync(Read, cancellationToken);

    private static StoredBudget Read(NpgsqlDataReader reader) => new()
    {
        Id = reader.GetGuid(0),
        TenantId = reader.GetString(1),
        Name = reader.GetString(2),
        Scope = Enum.Parse<BudgetLevel>(reader.GetString(3)),
        ScopeId = reader.GetString(4),
        Amount = reader.GetDecimal(5),
        Currency = reader.GetString(6),
        Period = Enum.Parse<PeriodKind>(reader.GetString(7)),
        TimeZone = reader.GetString(8),
        CheaperRoute = reader.IsDBNull(9) ? null : reader.GetString(9),
        CountsSimulated = reader.GetBoolean(10),
        CreatedAt = reader.GetFieldValue<DateTimeOffset>(11),
        Enabled = true,
    };
}
