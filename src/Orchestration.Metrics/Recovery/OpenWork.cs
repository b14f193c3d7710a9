using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;
using Orchestration.Metrics.Budgets.Booking;
using Orchestration.Metrics.Recording;

namespace Orchestration.Metrics.Recovery;

/// <summary>
/// Settles requests and attempts whose process died before it told their end. What it writes stands where the second witness would, and
/// gives way to it whenever it comes.
/// </summary>
internal sealed class OpenWork(NpgsqlDataSource dataSource, BudgetBooking booking, IOptions<RecoveryOptions> options)
{
    private readonly DueRequests _requests = new(options.Value);

    /// <summary>One round; null when another replica is at it.</summary>
    public async Task<RecoveryRound?> SettleAsync(CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (!await IsAloneAsync(connection, cancellationToken))
            return null;

        var due = await _requests.FindAsync(connection, cancellationToken);
        if (due.Length == 0)
            return RecoveryRound.Nothing;

        var round = RecoveryRound.Nothing;
        var attempts = await ReadIdsAsync(new NpgsqlCommand(RecoveryStatements.Attempts, connection) { Parameters = { Ids(due) } }, cancellationToken);
        await LedgerAmendment.ApplyAsync(
            connection, booking, due, attempts, async token => round = await EndAsync(connection, due, token), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return round;
    }

    private async Task<RecoveryRound> EndAsync(NpgsqlConnection connection, Guid[] due, CancellationToken cancellationToken)
    {
        await using var ending = new NpgsqlCommand(RecoveryStatements.EndAttempts, connection) { Parameters = { OpenFor(), Ids(due) } };
        var attempts = await ending.ExecuteNonQueryAsync(cancellationToken);
        return new RecoveryRound(attempts, await SettleAsync(connection, due, cancellationToken));
    }

    private static async Task<bool> IsAloneAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SELECT pg_try_advisory_xact_lock(hashtext('ledger_recovery'))", connection);
        return await command.ExecuteScalarAsync(cancellationToken) is true;
    }

    private static async Task<Guid[]> ReadIdsAsync(NpgsqlCommand query, CancellationToken cancellationToken)
    {
        await using var command = query;
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var ids = new List<Guid>();
        while (await reader.ReadAsync(cancellationToken))
            ids.Add(reader.GetGuid(0));
        return [.. ids];
    }

    private async Task<IReadOnlyList<RecoveredRequest>> SettleAsync(NpgsqlConnection connection, Guid[] due, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(RecoveryStatements.Settle, connection) { Parameters = { OpenFor(), Ids(due) } };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var settled = new List<RecoveredRequest>();
        while (await reader.ReadAsync(cancellationToken))
        {
            decimal? previous = await reader.IsDBNullAsync(2, cancellationToken) ? null : reader.GetDecimal(2);
            settled.Add(new RecoveredRequest(reader.GetGuid(0), reader.GetString(1), previous, reader.GetDecimal(3), reader.GetString(4)));
        }

        return settled;
    }

    private NpgsqlParameter<TimeSpan> OpenFor() => Span(options.Value.OpenFor);

    private static NpgsqlParameter<TimeSpan> Span(TimeSpan span) => new() { TypedValue = span, NpgsqlDbType = NpgsqlDbType.Interval };

    private static NpgsqlParameter<Guid[]> Ids(Guid[] ids) => new() { TypedValue = ids, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid };
}

/// <summary>What one round of recovery did.</summary>
/// <param name="Attempts">Attempts that were ended.</param>
/// <param name="Requests">Requests that were settled, or whose settlement moved.</param>
internal sealed record RecoveryRound(int Attempts, IReadOnlyList<RecoveredRequest> Requests)
{
    public static RecoveryRound Nothing { get; } = new(0, []);

    public bool IsEmpty => Attempts == 0 && Requests.Count == 0;
}

/// <summary>A request that the ledger settled.</summary>
/// <param name="Id">The request.</param>
/// <param name="TenantId">Who pays.</param>
/// <param name="PreviousCost">What it cost before; null when that was open.</param>
/// <param name="Cost">What it costs now.</param>
/// <param name="Settlement">How it is settled now.</param>
internal sealed record RecoveredRequest(Guid Id, string TenantId, decimal? PreviousCost, decimal Cost, string Settlement);
