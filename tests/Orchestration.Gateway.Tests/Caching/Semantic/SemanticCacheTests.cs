using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Orchestration.Contracts.Messages;
using Orchestration.Contracts.Routing.V1;
using Orchestration.Gateway.Caching.Semantic;
using Orchestration.Gateway.Tests.Hosting;
using Orchestration.Gateway.Tests.Idempotency;

namespace Orchestration.Gateway.Tests.Caching.Semantic;

/// <summary>Other wordings of questions on routes that may give answers again.</summary>
public sealed class SemanticCacheTests(ReplayFixture replays) : IClassFixture<ReplayFixture>
{
    private const string Question = "I want to return my parcel";
    private const string Reworded = "I would like to return my parcel";

    private int _calls;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private SemanticStore Store => replays.First.Services.GetRequiredService<SemanticStore>();

    [Fact]
    public async Task Other_wording_is_only_compared_until_the_budget_is_proven()
    {
        var (client, tenant) = await NewClientAsync();
        using var first = await AskAsync(client, Question);
        await EntriesAsync(tenant, 1);

        using var second = await AskAsync(client, Reworded);

        second.Header("x-orchestration-cache").ShouldBe("miss");
        second.Header("x-orchestration-cache-shadow").ShouldBe("miss");
        double.Parse(second.Header("x-orchestration-cache-similarity"), System.Globalization.CultureInfo.InvariantCulture).ShouldBeInRange(0.5, 1);
        _calls.ShouldBe(2);
        await UntilAsync($"SELECT count(*) FROM semantic_samples WHERE tenant_id = '{tenant}' AND agreed", 1);
    }

    [Fact]
    public async Task Answer_is_given_again_for_another_wording_once_the_budget_is_proven()
    {
        var (client, tenant) = await NewClientAsync();
        using var first = await AskAsync(client, Question);
        await ProveAsync(tenant, SemanticMode.Serve);

        using var second = await AskAsync(client, Reworded);

        second.StatusCode.ShouldBe(HttpStatusCode.OK);
        second.Header("x-orchestration-cache").ShouldBe("semantic_hit");
        second.Header("x-orchestration-cache-similarity").ShouldNotBeEmpty();
        second.Headers.Age.ShouldNotBeNull();
        (await second.TextAsync()).ShouldContain("The same words");
        _calls.ShouldBe(1);
        var saved = await replays.First.CompletedAsync(second.RequestId(), Cancellation);
        (saved.Cache, saved.Cost, saved.Baseline, saved.AttemptCount).ShouldBe(("semantic_hit", 0m, 0.00001m, 0));
    }

    [Fact]
    public async Task Shadow_route_never_serves_whatever_is_proven()
    {
        var (client, tenant) = await NewClientAsync();
        using var first = await AskAsync(client, Question, "test/semantic-shadow");
        await ProveAsync(tenant, SemanticMode.Shadow);

        using var second = await AskAsync(client, Reworded, "test/semantic-shadow");

        second.Header("x-orchestration-cache").ShouldBe("miss");
        second.Header("x-orchestration-cache-shadow").ShouldBe("hit");
        _calls.ShouldBe(2);
    }

    [Theory]
    [InlineData("I would not like to return my parcel", null, "miss")]
    [InlineData("I would like to return my parcel 4711", null, "miss")]
    [InlineData(Reworded, "no-store", "bypass")]
    [InlineData(Reworded, "no-cache", "miss")]
    [InlineData(Reworded, "max-age=0", "miss")]
    public async Task Question_that_conflicts_or_wishes_for_none_is_asked_anew(string question, string? cacheControl, string expected)
    {
        var (client, tenant) = await NewClientAsync();
        using var first = await AskAsync(client, Question);
        await ProveAsync(tenant, SemanticMode.Serve);

        using var second = await AskAsync(client, question, cacheControl: cacheControl);

        second.Header("x-orchestration-cache").ShouldBe(expected);
        _calls.ShouldBe(2);
    }

    [Fact]
    public async Task Another_tenant_is_not_answered_from_it()
    {
        var (client, tenant) = await NewClientAsync();
        var (stranger, _) = await NewClientAsync();
        using var first = await AskAsync(client, Question);
        await ProveAsync(tenant, SemanticMode.Serve);

        using var foreign = await AskAsync(stranger, Question);

        foreign.Header("x-orchestration-cache").ShouldBe("miss");
        foreign.Header("x-orchestration-cache-similarity").ShouldBeEmpty();
    }

    [Fact]
    public async Task Answer_that_was_cut_is_not_kept()
    {
        var (client, tenant) = await NewClientAsync();
        using var cut = await AskAsync(client, Question, finish: Contracts.Chat.V1.FinishReason.Length);
        await cut.TextAsync();
        using var whole = await AskAsync(client, Reworded);

        await UntilAsync($"SELECT count(*) FROM semantic_entries WHERE entry_id = '{whole.RequestId()}'", 1);
        (await CountAsync($"SELECT count(*) FROM semantic_entries WHERE tenant_id = '{tenant}'")).ShouldBe(1);
    }

    [Fact]
    public async Task Operators_purge_answers_and_judge_them()
    {
        var (client, tenant) = await NewClientAsync();
        using var first = await AskAsync(client, Question);
        await ProveAsync(tenant, SemanticMode.Serve);
        using var served = await AskAsync(client, Reworded);
        await UntilAsync($"SELECT count(*) FROM semantic_samples WHERE tenant_id = '{tenant}' AND agreed IS NULL", 1);

        await replays.First.Admin.SendAsync(HttpMethod.Post, $"/admin/v1/tenants/{tenant}/cached-answers/{served.RequestId()}:judge", new { right = false });
        (await CountAsync($"SELECT count(*) FROM semantic_samples WHERE request_id = '{served.RequestId()}' AND NOT agreed")).ShouldBe(1);
        await replays.First.Admin.SendAsync(
            HttpMethod.Post, $"/admin/v1/tenants/{tenant}/cached-answers/{Guid.NewGuid():D}:judge", new { right = false }, HttpStatusCode.NotFound);
        var purged = await replays.First.Admin.SendAsync(HttpMethod.Post, $"/admin/v1/tenants/{tenant}/cached-answers:purge", new { route = "test/semantic", evidence = true });

        purged.GetProperty("answers").GetInt64().ShouldBe(1);
        using var again = await AskAsync(client, Reworded);
        again.Header("x-orchestration-cache").ShouldBe("miss");
    }

    [Fact]
    public async Task Lookup_of_a_models_vector_is_in_the_ledger_for_the_tenant()
    {
        var (client, tenant) = await NewClientAsync();
        using var answer = await AskAsync(client, Question, "test/semantic-model");

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        var lookup = replays.First.Told<RequestCompleted>().Single(row => row.Dimensions.TenantId == tenant && row.Dimensions.Purpose == "cache");
        (lookup.Status, lookup.Cost, lookup.RequestedModel).ShouldBe(("ok", 0.000004m, "embedding"));
        await EntriesAsync(tenant, 1);
    }

    [Fact]
    public async Task Embedder_that_fails_is_gone_past()
    {
        var (client, _) = await NewClientAsync();
        using var answer = await AskAsync(client, "fail", "test/semantic-model");

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Header("x-orchestration-cache").ShouldBe("bypass");
    }

    [Fact]
    public async Task Nothing_that_was_asked_or_answered_stands_in_the_database_in_clear()
    {
        var (client, tenant) = await NewClientAsync();
        using var first = await AskAsync(client, Question);
        await EntriesAsync(tenant, 1);

        (await CountAsync($"""
            SELECT count(*) FROM semantic_entries WHERE tenant_id = '{tenant}'
                AND (position('parcel'::bytea IN question) > 0 OR position('words'::bytea IN answer) > 0 OR position('parcel'::bytea IN answer) > 0)
            """)).ShouldBe(0);
    }

    /// <summary>Writes samples that prove the budget for the one partition of a tenant, and waits until the gateway knows.</summary>
    private async Task ProveAsync(string tenant, SemanticMode mode)
    {
        await EntriesAsync(tenant, 1);
        var (fingerprint, route) = await PlaceAsync(tenant);
        var partition = new SemanticPartition(tenant, "default", route, fingerprint);
        var rules = TestTable.Semantic(mode, "lexical");
        foreach (var sample in SampleQuestions.Take(450))
        {
            var candidate = new Gateway.Caching.Semantic.Candidate(new Neighbour(Guid.NewGuid(), sample.Answered, new AnswerGist(""), sample.Cosine), sample.Around, 0);
            await Store.RecordAsync(new SemanticLook(Guid.CreateVersion7(), partition, rules, sample.Asked, []), candidate, sample.Agreed, Cancellation);
        }

        var book = replays.First.Services.GetRequiredService<EvidenceBook>();
        await Eventually.HoldsAsync(async () => (await book.FindAsync(partition, rules.FalseHitBudget)).Threshold is not null, Cancellation);
    }

    private Task EntriesAsync(string tenant, long count) => UntilAsync($"SELECT count(*) FROM semantic_entries WHERE tenant_id = '{tenant}'", count);

    private Task UntilAsync(string sql, long count) => Eventually.HoldsAsync(async () => await CountAsync(sql) == count, Cancellation);

    private async Task<(string Fingerprint, string Route)> PlaceAsync(string tenant)
    {
        await using var command = replays.First.Services.GetRequiredService<NpgsqlDataSource>().CreateCommand("SELECT partition, route FROM semantic_entries WHERE tenant_id = $1");
        command.Parameters.Add(new NpgsqlParameter { Value = tenant });
        await using var reader = await command.ExecuteReaderAsync(Cancellation);
        (await reader.ReadAsync(Cancellation)).ShouldBeTrue();
        return (Convert.ToHexStringLower(reader.GetFieldValue<byte[]>(0)), reader.GetString(1));
    }

    private async Task<long> CountAsync(string sql)
    {
        await using var command = replays.First.Services.GetRequiredService<NpgsqlDataSource>().CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync(Cancellation))!;
    }

    private async Task<(HttpClient Client, string Tenant)> NewClientAsync()
    {
        var tenant = await replays.First.NewTenantAsync();
        return (GatewayHost.NewClient(replays.First.HttpAddress, (await replays.First.NewKeyAsync(tenant)).Secret), tenant);
    }

    private Task<HttpResponseMessage> AskAsync(
        HttpClient client, string question, string model = "test/semantic", string? cacheControl = null,
        Contracts.Chat.V1.FinishReason finish = Contracts.Chat.V1.FinishReason.Stop)
    {
        var script = replays.Shared.Peers.Providers.Script(async call =>
        {
            Interlocked.Increment(ref _calls);
            await call.AttemptAsync();
            await call.CommitAsync();
            await call.BeginTextAsync();
            await call.TextAsync("The same words");
            await call.FinishAsync(finish);
            await call.SummaryAsync();
        });
        JsonObject body = Chat.Body(script, model: model, text: question);
        var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = JsonContent.Create(body) };
        if (cacheControl is not null)
            request.Headers.Add("Cache-Control", cacheControl);
        return client.SendAsync(request, Cancellation);
    }
}
