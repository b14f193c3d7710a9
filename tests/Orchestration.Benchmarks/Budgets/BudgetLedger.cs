using Npgsql;

namespace Orchestration.Benchmarks.Budgets;

/// <summary>Reads what the ledger knows of requests and of the accounts of budgets.</summary>
internal sealed class BudgetLedger(string connectionString)
{
    private const string Requests = """
        SELECT tenant_id, project_id, key_id, started_at, completed_at, coalesce(reserved, 0), coalesce(cost, 0), completed_event_id IS NULL AND settlement IS NULL,
            ARRAY(SELECT (slice ->> 'leaseId')::uuid FROM jsonb_array_elements(coalesce(lease_slices, '[]')) AS slice)
        FROM requests WHERE tenant_id = ANY ($1) AND lease_slices IS NOT NULL
        """;

    private const string Accounts = """
        SELECT budget_id, spent + simulated, leased, suspended, late, excess FROM budget_periods WHERE budget_id = ANY ($1)
        """;

    private const string OpenLeases = """
        SELECT id, budget_id, greatest(0, amount - used) FROM budget_leases WHERE holder = $1 AND state <> 'closed'
        """;

    public Task<List<SpentRequest>> RequestsAsync(IEnumerable<string> tenants, CancellationToken cancellationToken) => ReadAsync(
        Requests, tenants.ToArray(),
        row => new SpentRequest(
            row.GetString(0), row.GetString(1), row.GetString(2), row.GetFieldValue<DateTimeOffset>(3), row.IsDBNull(4) ? null : row.GetFieldValue<DateTimeOffset>(4),
            row.GetDecimal(5), row.GetDecimal(6), row.GetBoolean(7), row.GetFieldValue<Guid[]>(8)),
        cancellationToken);

    public async Task<Dictionary<Guid, BudgetAccount>> AccountsAsync(IEnumerable<Guid> budgets, CancellationToken cancellationToken) => (await ReadAsync(
        Accounts, budgets.ToArray(),
        row => (Id: row.GetGuid(0), Account: new BudgetAccount(row.GetDecimal(1), row.GetDecimal(2), row.GetDecimal(3), row.GetDecimal(4), row.GetDecimal(5))),
        cancellationToken)).ToDictionary(row => row.Id, row => row.Account);

    /// <summary>The leases that a holder has not given back.</summary>
    public Task<List<HeldAmount>> HeldByAsync(string holder, CancellationToken cancellationToken) => ReadAsync(
        OpenLeases, holder, row => new HeldAmount(row.GetGuid(0), row.GetGuid(1), row.GetDecimal(2)), cancellationToken);

    /// <summary>When leases were closed; those that are open are missing.</summary>
    public async Task<Dictionary<Guid, DateTimeOffset>> ClosedAsync(IEnumerable<Guid> leases, CancellationToken cancellationToken) => (await ReadAsync(
        "SELECT id, closed_at FROM budget_leases WHERE id = ANY ($1) AND state = 'closed'", leases.ToArray(),
        row => (Id: row.GetGuid(0), At: row.GetFieldValue<DateTimeOffset>(1)), cancellationToken)).ToDictionary(row => row.Id, row => row.At);

    private async Task<List<TRow>> ReadAsync<TRow>(string query, object parameter, Func<NpgsqlDataReader, TRow> map, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection($"{connectionString};Database=metrics;Pooling=false;Timeout=15;Command Timeout=60");
        await connection.OpenAsync(cancellationToken);
#pragma warning disable CA2100 // Only literals of this class come here.
        await using var command = new NpgsqlCommand(query, connection);
#pragma warning restore CA2100
        command.Parameters.Add(new NpgsqlParameter { Value = parameter });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<TRow>();
        while (await reader.ReadAsync(cancellationToken))
            rows.Add(map(reader));
        return rows;
    }
}

/// <summary>A request that reserved money, as the ledger has it.</summary>
internal sealed record SpentRequest(
    string TenantId, string ProjectId, string KeyId, DateTimeOffset StartedAt, DateTimeOffset? CompletedAt, decimal Reserved, decimal Cost, bool IsOpen, IReadOnlyList<Guid> Leases);

/// <summary>The books of a budget.</summary>
internal sealed record BudgetAccount(decimal Spent, decimal Leased, decimal Suspended, decimal Late, decimal Excess);

/// <summary>What a lease still holds.</summary>
internal sealed record HeldAmount(Guid LeaseId, Guid BudgetId, decimal Amount);
