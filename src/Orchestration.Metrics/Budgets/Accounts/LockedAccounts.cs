using Npgsql;

namespace Orchestration.Metrics.Budgets.Accounts;

/// <summary>
/// Periods and leases under the row locks of the periods, which are always taken in the order of budget and start. Whoever changes an
/// amount does it here, so that sums over a period's leases cannot drift.
/// </summary>
internal sealed class LockedAccounts
{
    private const string LockPeriods = """
        SELECT p.budget_id, p.starts_at, p.ends_at, b.counts_simulated, b.currency, p.amount, p.spent, p.simulated, p.leased, p.suspended, p.late, p.excess
        FROM budget_periods p JOIN budgets b ON b.id = p.budget_id
        WHERE (p.budget_id, p.starts_at) IN (SELECT * FROM unnest($1::uuid[], $2::timestamptz[]))
        ORDER BY p.budget_id, p.starts_at
        FOR UPDATE OF p
        """;

    private const string LeaseColumns = """
        SELECT id, budget_id, period_starts_at, tenant_id, holder, first_sequence, granted_at, expires_at, drain_through, closed_by, state, amount, used
        FROM budget_leases
        """;

    private const string SavePeriods = """
        UPDATE budget_periods p
        SET amount = n.amount, spent = n.spent, simulated = n.simulated, leased = n.leased, suspended = n.suspended, late = n.late, excess = n.excess
        FROM unnest($1::uuid[], $2::timestamptz[], $3::numeric[], $4::numeric[], $5::numeric[], $6::numeric[], $7::numeric[], $8::numeric[], $9::numeric[])
            AS n (budget_id, starts_at, amount, spent, simulated, leased, suspended, late, excess)
        WHERE p.budget_id = n.budget_id AND p.starts_at = n.starts_at
        """;

    private const string SaveLeases = """
        INSERT INTO budget_leases AS l
            (id, budget_id, period_starts_at, tenant_id, holder, first_sequence, granted_at, expires_at, drain_through, closed_by, state, amount, used)
        SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::timestamptz[], $4::text[], $5::text[], $6::bigint[], $7::timestamptz[], $8::timestamptz[],
            $9::bigint[], $10::text[], $11::text[], $12::numeric[], $13::numeric[])
        ON CONFLICT (id) DO UPDATE SET
            expires_at = excluded.expires_at, drain_through = excluded.drain_through, closed_by = excluded.closed_by, state = excluded.state,
            closed_at = CASE WHEN excluded.state = 'closed' THEN coalesce(l.closed_at, now()) END,
            amount = excluded.amount, used = excluded.used
        """;

    private readonly Dictionary<(Guid, DateTimeOffset), PeriodAccount> _periods = [];
    private readonly Dictionary<Guid, LeaseAccount> _leases = [];

    public IReadOnlyCollection<PeriodAccount> Periods => _periods.Values;

    public IReadOnlyCollection<LeaseAccount> Leases => _leases.Values;

    /// <summary>Locks periods; their leases are read by a statement that begins after the locks are held.</summary>
    public static async Task<LockedAccounts> OfPeriodsAsync(
        NpgsqlConnection connection, IReadOnlyCollection<(Guid BudgetId, DateTimeOffset StartsAt)> periods, CancellationToken cancellationToken)
    {
        var locked = new LockedAccounts();
        var rows = await connection
            .Command(LockPeriods, periods.Select(period => period.BudgetId).ToArray(), periods.Select(period => period.StartsAt).ToArray())
            .ReadAllAsync(ReadPeriod, cancellationToken);
        foreach (var row in rows)
            locked._periods.Add((row.BudgetId, row.StartsAt), row);
        return locked;
    }

    /// <summary>Locks the periods of leases and reads these leases; ids that nobody knows are missing.</summary>
    public static async Task<LockedAccounts> OfLeasesAsync(
        NpgsqlConnection connection, IReadOnlyCollection<Guid> leaseIds, CancellationToken cancellationToken)
    {
        var periods = await connection
            .Command("SELECT DISTINCT budget_id, period_starts_at FROM budget_leases WHERE id = ANY ($1)", leaseIds.ToArray())
            .ReadAllAsync(reader => (reader.GetGuid(0), reader.GetFieldValue<DateTimeOffset>(1)), cancellationToken);
        var locked = await OfPeriodsAsync(connection, periods, cancellationToken);
        await locked.ReadLeasesAsync(connection.Command(LeaseColumns + " WHERE id = ANY ($1)", leaseIds.ToArray()), cancellationToken);
        return locked;
    }

    /// <summary>Reads the leases of processes on the locked periods that they may still top up.</summary>
    public Task ReadHeldAsync(NpgsqlConnection connection, IReadOnlyCollection<Holder> holders, CancellationToken cancellationToken) => ReadLeasesAsync(
        connection.Command(
            LeaseColumns + """
             WHERE state <> 'closed' AND drain_through IS NULL AND (holder, first_sequence) IN (SELECT * FROM unnest($3::text[], $4::bigint[]))
                AND (budget_id, period_starts_at) IN (SELECT * FROM unnest($1::uuid[], $2::timestamptz[]))
            """,
            _periods.Keys.Select(key => key.Item1).ToArray(),
            _periods.Keys.Select(key => key.Item2).ToArray(),
            holders.Select(holder => holder.Instance).ToArray(),
            holders.Select(holder => holder.FirstSequence).ToArray()),
        cancellationToken);

    public PeriodAccount Period(Guid budgetId, DateTimeOffset startsAt) => _periods[(budgetId, startsAt)];

    public LeaseAccount? Find(Guid leaseId) => _leases.GetValueOrDefault(leaseId);

    public void Add(LeaseAccount lease) => _leases.Add(lease.Id, lease);

    /// <summary>Writes every account that is held.</summary>
    public async Task SaveAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        PeriodAccount[] periods = [.. _periods.Values];
        LeaseAccount[] leases = [.. _leases.Values];
        await connection.Command(
            SavePeriods,
            Of(periods, p => p.BudgetId), Of(periods, p => p.StartsAt), Of(periods, p => p.Amount), Of(periods, p => p.Spent),
            Of(periods, p => p.Simulated), Of(periods, p => p.Leased), Of(periods, p => p.Suspended), Of(periods, p => p.Late),
            Of(periods, p => p.Excess)).ExecuteAsync(cancellationToken);
        if (leases.Length == 0)
            return;

        await connection.Command(
            SaveLeases,
            Of(leases, l => l.Id), Of(leases, l => l.Period.BudgetId), Of(leases, l => l.Period.StartsAt), Of(leases, l => l.TenantId),
            Of(leases, l => l.Holder), Of(leases, l => l.FirstSequence), Of(leases, l => l.GrantedAt), Of(leases, l => l.ExpiresAt),
            Of(leases, l => l.DrainThrough), Of(leases, l => l.ClosedBy), Of(leases, l => NameOf(l.Stage)), Of(leases, l => l.Amount),
            Of(leases, l => l.Used)).ExecuteAsync(cancellationToken);
    }

    public static string NameOf(LeaseStage stage) => stage switch
    {
        LeaseStage.Active => "active",
        LeaseStage.Suspended => "suspended",
        _ => "closed",
    };

    public static LeaseStage StageOf(string state) => state switch
    {
        "active" => LeaseStage.Active,
        "suspended" => LeaseStage.Suspended,
        _ => LeaseStage.Closed,
    };

    private static TValue[] Of<TAccount, TValue>(TAccount[] accounts, Func<TAccount, TValue> value) => [.. accounts.Select(value)];

    private async Task ReadLeasesAsync(NpgsqlCommand command, CancellationToken cancellationToken)
    {
        foreach (var lease in await command.ReadAllAsync(ReadLease, cancellationToken))
            _leases.TryAdd(lease.Id, lease);
    }

    private static PeriodAccount ReadPeriod(NpgsqlDataReader reader) =>
        PeriodAccount.Open(
            reader.GetGuid(0), reader.GetFieldValue<DateTimeOffset>(1), reader.Optional<DateTimeOffset>(2), reader.GetDecimal(5), reader.GetString(4), reader.GetBoolean(3))
            .WithBooks(
                reader.GetDecimal(6), reader.GetDecimal(7), reader.GetDecimal(8), reader.GetDecimal(9), reader.GetDecimal(10), reader.GetDecimal(11));

    private LeaseAccount ReadLease(NpgsqlDataReader reader) => new LeaseAccount
    {
        Id = reader.GetGuid(0),
        Period = _periods[(reader.GetGuid(1), reader.GetFieldValue<DateTimeOffset>(2))],
        TenantId = reader.GetString(3),
        Holder = reader.GetString(4),
        FirstSequence = reader.GetInt64(5),
        GrantedAt = reader.GetFieldValue<DateTimeOffset>(6),
        ExpiresAt = reader.GetFieldValue<DateTimeOffset>(7),
        DrainThrough = reader.Optional<long>(8),
    }.WithBooks(StageOf(reader.GetString(10)), reader.GetDecimal(11), reader.GetDecimal(12), reader.IsDBNull(9) ? null : reader.GetString(9));
}
