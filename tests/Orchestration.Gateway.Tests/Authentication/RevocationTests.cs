using System.Collections.Concurrent;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Orchestration.Gateway.Authentication;
using Orchestration.Gateway.Tests.Hosting;

namespace Orchestration.Gateway.Tests.Authentication;

public sealed class RevocationTests(GatewayFixture fixture)
{
    private const int Races = 2_000;
    private const int Together = 20;

    // Nothing but the change log can make such a gateway ask again.
    private static readonly Dictionary<string, string?> LongMemory = new() { ["Keys:CacheFor"] = "00:10:00", ["Keys:MaxCached"] = "100000" };

    [Fact]
    public async Task Revoked_key_is_never_active_again_on_any_gateway_in_2_000_races()
    {
        await using var first = await StartAsync();
        await using var second = await StartAsync();
        await using var third = await StartAsync();
        AccountDirectory[] directories = [.. new[] { first, second, third }.Select(gateway => gateway.Services.GetRequiredService<AccountDirectory>())];
        await using var database = fixture.Gateway.Settings.Database(asOwner: false);
        var keys = await MakeKeysAsync(database, await fixture.Gateway.NewTenantAsync());
        var seenActive = new ConcurrentDictionary<string, bool>();

        await Parallel.ForEachAsync(keys.Chunk(Together), new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = TestContext.Current.CancellationToken }, async (chunk, token) =>
        {
            var looking = chunk.SelectMany(key => directories.Select(directory => LookAsync(directory, key, token))).ToList();
            // One look at least has its answer when the key is revoked; the others are on their way.
            await Task.WhenAny(looking);
            var revoking = RevokeAsync(database, chunk, token);
            foreach (var (key, active) in await Task.WhenAll(looking))
            {
                if (active)
                    seenActive[key] = true;
            }

            // Readers go on while the news is on its way.
            await Task.WhenAll(chunk.SelectMany(key => directories.Select(directory => LookAsync(directory, key, token))));
            await revoking;
        });
        foreach (var gateway in (GatewayHost[])[first, second, third])
            await gateway.FollowedAsync();

        var resurrected = new ConcurrentBag<string>();
        await Parallel.ForEachAsync(keys, TestContext.Current.CancellationToken, async (key, token) =>
        {
            foreach (var directory in directories)
            {
                if ((await LookAsync(directory, key, token)).Active)
                    resurrected.Add(key);
            }
        });

        resurrected.ShouldBeEmpty();
        seenActive.Count.ShouldBeGreaterThanOrEqualTo(Races / Together);
    }

    [Fact]
    public async Task Revocation_on_one_gateway_ends_the_key_on_another_that_nobody_notifies()
    {
        await using var other = await StartAsync();
        var tenant = await fixture.Gateway.NewTenantAsync();
        var (id, secret) = await fixture.Gateway.NewKeyAsync(tenant);
        (await other.TryAsync(secret)).ShouldBe(HttpStatusCode.OK);

        // Written as another program would, in a transaction of its own.
        await using var database = fixture.Gateway.Settings.Database(asOwner: false);
        await RevokeAsync(database, [id], TestContext.Current.CancellationToken);
        await other.FollowedAsync();

        (await other.TryAsync(secret)).ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Gateway_that_was_cut_off_learns_what_happened_meanwhile()
    {
        var settings = fixture.SecondGateway() with { More = LongMemory };
        await using var wire = new TcpRelay(new Uri(settings.ToConfiguration()["Database:Endpoint"]!));
        settings = settings with { More = new Dictionary<string, string?>(LongMemory) { ["Database:Endpoint"] = $"tcp://127.0.0.1:{wire.Port}" } };
        await using var gateway = await (await GatewayHost.StartAsync(settings, TestContext.Current.CancellationToken)).WithRouteTableAsync(TestContext.Current.CancellationToken);
        var tenant = await fixture.Gateway.NewTenantAsync();
        var (id, secret) = await fixture.Gateway.NewKeyAsync(tenant);
        (await gateway.TryAsync(secret)).ShouldBe(HttpStatusCode.OK);

        wire.Drop();
        await fixture.Gateway.Admin.SendAsync(HttpMethod.Post, $"/admin/v1/tenants/{tenant}/keys/{id}:revoke", new { });
        await gateway.FollowedAsync();

        (await gateway.TryAsync(secret)).ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Keys_seen_for_the_first_time_are_judged_while_another_account_changes_without_pause()
    {
        await using var gateway = await StartAsync();
        var tenant = await fixture.Gateway.NewTenantAsync();
        await using var database = fixture.Gateway.Settings.Database(asOwner: false);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var changing = Task.WhenAll(Enumerable.Range(0, 4).Select(_ => ChangeAsync(database, tenant, stop.Token)));

        var answers = new List<HttpStatusCode>();
        for (var i = 0; i < 50; i++)
            answers.Add(await gateway.TryAsync(TestKeys.Create()));
        await stop.CancelAsync();
        await changing;

        answers.ShouldAllBe(answer => answer == HttpStatusCode.Unauthorized);
    }

    private async Task<GatewayHost> StartAsync()
    {
        var gateway = await GatewayHost.StartAsync(fixture.SecondGateway() with { More = LongMemory }, TestContext.Current.CancellationToken);
        await gateway.FollowedAsync();
        return await gateway.WithRouteTableAsync(TestContext.Current.CancellationToken);
    }

    private static async Task<(string Key, bool Active)> LookAsync(AccountDirectory directory, string key, CancellationToken cancellationToken) =>
        (key, await directory.FindKeyAsync(key, cancellationToken) is Lookup<KeyRecord>.Found { Value.IsRevoked: false });

    private static async Task<List<string>> MakeKeysAsync(NpgsqlDataSource database, string tenant)
    {
        await using var command = database.CreateCommand("""
            INSERT INTO client_keys (tenant_id, public_id, project_id, name, secret_hash, pepper_version, status, version, created_at)
            SELECT $1, substr(md5($1 || i), 1, 12), 'default', 'Raced', decode(md5(i::text), 'hex'), 1, 'active', 1, now()
            FROM generate_series(1, $2) AS i RETURNING public_id
            """);
        command.Parameters.AddWithValue(tenant);
        command.Parameters.AddWithValue(Races);
        command.CommandTimeout = 120;
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        var keys = new List<string>();
        while (await reader.ReadAsync(TestContext.Current.CancellationToken))
            keys.Add(reader.GetString(0));
        return keys;
    }

    private static async Task ChangeAsync(NpgsqlDataSource database, string tenant, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            await using var command = database.CreateCommand("UPDATE tenants SET name = $1 WHERE tenant_id = $2");
            command.Parameters.AddWithValue(Guid.CreateVersion7().ToString());
            command.Parameters.AddWithValue(tenant);
            await command.ExecuteNonQueryAsync(CancellationToken.None);
        }
    }

    private static async Task RevokeAsync(NpgsqlDataSource database, string[] keys, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("UPDATE client_keys SET status = 'revoked', version = version + 1 WHERE public_id = ANY ($1)");
        command.Parameters.AddWithValue(keys);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
