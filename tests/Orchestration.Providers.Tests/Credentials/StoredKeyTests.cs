using Grpc.Core;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Providers.V1;
using Orchestration.Providers.Tests.Credentials.Hosting;
using Orchestration.Providers.Tests.Upstream;

namespace Orchestration.Providers.Tests.Credentials;

public sealed class StoredKeyTests(CredentialsFixture fixture) : IClassFixture<CredentialsFixture>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Stored_key_is_used_instead_of_the_environments_from_the_moment_it_is_added_until_it_is_removed()
    {
        var vendor = new KeyedVendor(fixture.Upstream).Accept("sk-environment-key").Accept("sk-the-stored-key");
        var setting = await fixture.NewDatabaseAsync() with { More = new Dictionary<string, string?> { ["DEEPSEEK_API_KEY"] = "sk-environment-key" } };
        await using var host = await CredentialsHost.StartAsync(setting);

        (await host.ChatAsync(vendor.Candidate())).Error.ShouldBeNull();
        var stored = await host.AddAsync("deepseek", "sk-the-stored-key");
        (await host.ChatAsync(vendor.Candidate())).Error.ShouldBeNull();
        var listed = await host.KeysAsync("deepseek");
        await host.Admin.RemoveCredentialAsync(new RemoveCredentialRequest { Id = stored.Id }, host.Call());
        (await host.ChatAsync(vendor.Candidate())).Error.ShouldBeNull();

        vendor.Shown.ShouldBe(["sk-environment-key", "sk-the-stored-key", "sk-environment-key"]);
        listed.Select(k => (k.Source, k.InUse, k.LastFour)).ShouldBe([("stored", true, "-key"), ("environment", false, "-key")]);
    }

    [Fact]
    public async Task Rotated_key_is_used_at_once_here_and_live_on_the_other_replica()
    {
        var vendor = new KeyedVendor(fixture.Upstream).Accept("sk-first-secret-1").Accept("sk-second-secret-2");
        var setting = await fixture.NewDatabaseAsync();
        await using var first = await CredentialsHost.StartAsync(setting);
        await using var second = await CredentialsHost.StartAsync(setting);
        using var watch = second.Providers.WatchVendors(new WatchVendorsRequest(), second.Routing.ForSubscription("system", Cancellation));
        await watch.ResponseStream.MoveNext(Cancellation);
        watch.ResponseStream.Current.Vendors.Single(v => v.Provider == "deepseek").Configured.ShouldBeFalse();

        var key = await first.AddAsync("deepseek", "sk-first-secret-1");
        await watch.ResponseStream.MoveNext(Cancellation);
        var told = watch.ResponseStream.Current.Vendors.ShouldHaveSingleItem();
        (told.Provider, told.Configured, told.CredentialSource).ShouldBe(("deepseek", true, "stored"));
        (await second.ChatAsync(vendor.Candidate())).Error.ShouldBeNull();
        await first.Admin.RotateCredentialAsync(new RotateCredentialRequest { Id = key.Id, Secret = "sk-second-secret-2" }, first.Call());
        (await first.ChatAsync(vendor.Candidate())).Error.ShouldBeNull();
        vendor.Shown.ShouldBe(["sk-first-secret-1", "sk-second-secret-2"]);

        await HoldsAsync(async () => (await second.KeysAsync("deepseek"))[0].LastFour == "et-2");
        (await second.ChatAsync(vendor.Candidate())).Error.ShouldBeNull();
        vendor.Shown.Last().ShouldBe("sk-second-secret-2");
    }

    [Fact]
    public async Task Request_under_way_finishes_with_the_secret_that_it_began_with()
    {
        var (asked, goOn) = (new TaskCompletionSource(), new TaskCompletionSource());
        var vendor = new KeyedVendor(fixture.Upstream).Accept("sk-first-secret-1", async e =>
        {
            asked.SetResult();
            await goOn.Task.WaitAsync(Cancellation);
            await e.ReplyJsonAsync(OpenAIWire.Plain);
        });
        await using var host = await CredentialsHost.StartAsync(await fixture.NewDatabaseAsync());
        var key = await host.AddAsync("deepseek", "sk-first-secret-1");
        var running = host.ChatAsync(vendor.Candidate());
        await asked.Task.WaitAsync(Cancellation);

        await host.Admin.RotateCredentialAsync(new RotateCredentialRequest { Id = key.Id, Secret = "sk-second-secret-2" }, host.Call());
        goOn.SetResult();

        (await running).Error.ShouldBeNull();
        (await host.KeysAsync("deepseek"))[0].State.ShouldBe(CredentialState.Active);
    }

    [Fact]
    public async Task Refused_key_gives_way_to_the_next_one_within_the_request_and_is_disabled_for_all_replicas()
    {
        var vendor = new KeyedVendor(fixture.Upstream).Accept("sk-the-good-key-1");
        var setting = await fixture.NewDatabaseAsync();
        await using var first = await CredentialsHost.StartAsync(setting);
        await using var second = await CredentialsHost.StartAsync(setting);
        var bad = await first.AddAsync("moonshot", "sk-key-of-another-site", "cn", weight: 1000);
        await first.AddAsync("moonshot", "sk-the-good-key-1", "cn", weight: 1);

        for (var i = 0; i < 4; i++)
        {
            var answer = await first.ChatAsync(vendor.Candidate("moonshot", "cn"));
            answer.Error.ShouldBeNull();
            answer.Text.ShouldBe("Hello world");
            if (i == 0) answer.Outcomes.ShouldBe([AttemptOutcome.Failed, AttemptOutcome.Succeeded]);
        }

        vendor.Shown.Count(k => k == "sk-key-of-another-site").ShouldBe(3);
        await HoldsAsync(async () => (await second.KeysAsync("moonshot")).Single(k => k.Id == bad.Id).State == CredentialState.Disabled);
        (await second.KeysAsync("moonshot")).Single(k => k.Id == bad.Id).Reason.ShouldBe("This key is refused by the cn endpoint; it may belong to the intl site.");
        await second.Admin.UpdateCredentialAsync(new UpdateCredentialRequest { Id = bad.Id, State = CredentialState.Active }, second.Call());
        await HoldsAsync(async () => (await first.KeysAsync("moonshot")).Single(k => k.Id == bad.Id).State == CredentialState.Active);
    }

    [Theory]
    [InlineData(402, "invalid_request_error", "Insufficient Balance", 2)]
    [InlineData(403, "permission_denied_error", "Not yours", 2)]
    [InlineData(429, "rate_limit_reached_error", "Slow down", 2)]
    [InlineData(400, "invalid_request_error", "Bad", 1)]
    public async Task Only_what_a_key_is_to_blame_for_is_tried_with_another_key(int status, string code, string message, int attempts)
    {
        var vendor = new KeyedVendor(fixture.Upstream).Accept("sk-the-good-key-1")
            .Accept("sk-the-first-key-0", e => e.ReplyAsync(status, "application/json", OpenAIWire.Error(code, message)));
        await using var host = await CredentialsHost.StartAsync(await fixture.NewDatabaseAsync());
        await host.AddAsync("moonshot", "sk-the-first-key-0", "cn", weight: 1000);
        await host.AddAsync("moonshot", "sk-the-good-key-1", "cn", weight: 1);

        var answer = await host.ChatAsync(vendor.Candidate("moonshot", "cn"));

        vendor.Shown.Count.ShouldBe(attempts);
        (answer.Error is null).ShouldBe(attempts == 2);
        (await host.KeysAsync("moonshot")).ShouldAllBe(k => k.InFlight == 0);
    }

    [Fact]
    public async Task Last_known_keys_work_on_while_the_database_is_away_and_changes_are_refused_with_a_clear_failure()
    {
        var vendor = new KeyedVendor(fixture.Upstream).Accept("sk-first-secret-1");
        var setting = await fixture.NewDatabaseAsync();
        await using var host = await CredentialsHost.StartAsync(setting);
        await host.AddAsync("deepseek", "sk-first-secret-1");

        await fixture.CutAsync(setting);
        (await host.ChatAsync(vendor.Candidate())).Error.ShouldBeNull();
        (await Should.ThrowAsync<RpcException>(() => host.AddAsync("deepseek", "sk-second-secret-2"))).StatusCode.ShouldBe(StatusCode.Unavailable);
        await fixture.AllowAsync(setting);

        await HoldsAsync(async () =>
        {
            try
            {
                await host.AddAsync("deepseek", "sk-second-secret-2");
                return true;
            }
            catch (RpcException)
            {
                return false;
            }
        });
    }

    [Fact]
    public async Task Change_by_hand_is_seen_although_nobody_notified()
    {
        var setting = await fixture.NewDatabaseAsync();
        await using var host = await CredentialsHost.StartAsync(setting);
        var key = await host.AddAsync("deepseek", "sk-first-secret-1");

        await fixture.ExecuteAsync(setting, "ALTER TABLE credentials DISABLE TRIGGER tell_change; UPDATE credentials SET weight = 7");

        await HoldsAsync(async () => (await host.KeysAsync("deepseek")).Single(k => k.Id == key.Id).Weight == 7);
    }

    private static async Task HoldsAsync(Func<Task<bool>> condition)
    {
        while (!await condition()) await Task.Delay(20, Cancellation);
    }
}
