using Npgsql;
using Orchestration.Gateway.Tests.Hosting;

namespace Orchestration.Gateway.Tests.Data;

/// <summary>The change log and the audit log are the database's own: nobody else can write, change or remove a line.</summary>
public sealed class LogTests(GatewayFixture fixture)
{
    [Theory]
    [InlineData("UPDATE audit_log SET actor = 'somebody'")]
    [InlineData("DELETE FROM audit_log")]
    [InlineData("TRUNCATE audit_log")]
    [InlineData("UPDATE account_changes SET subject = ''")]
    [InlineData("DELETE FROM account_changes")]
    public async Task Even_the_owner_of_the_database_changes_no_line(string statement)
    {
        await fixture.Gateway.NewTenantAsync();
        await using var database = fixture.Gateway.Settings.Database(asOwner: true);
        await using var command = database.CreateCommand(statement);

        (await Should.ThrowAsync<PostgresException>(() => command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken)))
            .SqlState.ShouldBe(PostgresErrorCodes.InsufficientPrivilege);
    }

    [Theory]
    [InlineData("UPDATE audit_log SET actor = 'somebody'")]
    [InlineData("DELETE FROM audit_log")]
    [InlineData("UPDATE audit_head SET number = 0")]
    [InlineData("INSERT INTO account_changes VALUES (1000000, now(), 'key', '', '')")]
    [InlineData("UPDATE account_change_head SET number = 0")]
    [InlineData("ALTER TABLE audit_log DISABLE TRIGGER ALL")]
    public async Task Gateways_role_has_no_right_to(string statement)
    {
        await using var database = fixture.Gateway.Settings.Database(asOwner: false);
        await using var command = database.CreateCommand(statement);

        (await Should.ThrowAsync<PostgresException>(() => command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken)))
            .SqlState.ShouldBe(PostgresErrorCodes.InsufficientPrivilege);
    }

    [Fact]
    public async Task Numbers_of_changes_have_no_gap_and_become_visible_in_their_order()
    {
        await using var database = fixture.Gateway.Settings.Database(asOwner: false);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var watching = WatchAsync(database, stop.Token);
        var tenants = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => fixture.Gateway.NewTenantAsync()));
        // Many writers at once, some of which give up in the middle.
        await Parallel.ForEachAsync(Enumerable.Range(0, 200), TestContext.Current.CancellationToken, async (i, cancellationToken) =>
        {
            await using var connection = await database.OpenConnectionAsync(cancellationToken);
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            await using var command = new NpgsqlCommand("UPDATE tenants SET name = $1 WHERE tenant_id = $2", connection, transaction);
            command.Parameters.AddWithValue($"{i}");
            command.Parameters.AddWithValue(tenants[i % tenants.Length]);
            await command.ExecuteNonQueryAsync(cancellationToken);
            if (i % 5 == 0)
                await transaction.RollbackAsync(cancellationToken);
            else
                await transaction.CommitAsync(cancellationToken);
        });
        await stop.CancelAsync();

        (await watching).ShouldBeEmpty();
        await using var gaps = database.CreateCommand("SELECT max(number) - count(*) FROM account_changes");
        (await gaps.ExecuteScalarAsync(TestContext.Current.CancellationToken)).ShouldBe(0L);
    }

    // What a follower sees: every look begins where the last one ended. A number that turns up later below that place would be lost.
    private static async Task<List<long>> WatchAsync(NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        var lost = new List<long>();
        var position = 0L;
        while (!cancellationToken.IsCancellationRequested)
        {
            await using var command = database.CreateCommand("SELECT max(number), count(*) FROM account_changes");
            await using var reader = await command.ExecuteReaderAsync(CancellationToken.None);
            await reader.ReadAsync(CancellationToken.None);
            var (head, count) = (reader.IsDBNull(0) ? 0 : reader.GetInt64(0), reader.GetInt64(1));
            if (head != count || head < position)
                lost.Add(head);
            position = head;
        }

        return lost;
    }
}
