using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Orchestration.Contracts.Embeddings.V1;
using Orchestration.Contracts.Gateway.V1;
using Orchestration.Gateway.Tests.Hosting;
using Orchestration.Gateway.Tests.Idempotency;

namespace Orchestration.Gateway.Tests.Caching;

/// <summary>Equal requests for vectors and ranks on routes that keep answers.</summary>
public sealed class PlainCacheTests(ReplayFixture replays) : IClassFixture<ReplayFixture>
{
    private readonly string _text = $"text {Guid.CreateVersion7()}";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Vectors_of_equal_texts_come_from_the_cache_of_every_gateway_and_cost_nothing()
    {
        using var first = await EmbedAsync(replays.First.Client);
        using var second = await EmbedAsync(replays.Second.Client, user: "somebody else", format: "base64");
        using var third = await EmbedAsync(replays.First.Client);

        (await VectorAsync(third)).ShouldBe(await VectorAsync(first));
        (await second.JsonAsync()).GetProperty("data")[0].GetProperty("embedding").ValueKind.ShouldBe(JsonValueKind.String);
        new[] { first, second, third }.Select(answer => answer.Header("x-orchestration-cache")).ShouldBe(["miss", "hit", "hit"]);
        third.Header("x-orchestration-cost").ShouldBe("0 USD");
        third.Headers.Age.ShouldNotBeNull();
        Calls().ShouldBe(1);
        var (made, saved) = (await replays.First.CompletedAsync(first.RequestId(), Cancellation), await replays.First.CompletedAsync(third.RequestId(), Cancellation));
        made.Cost.ShouldBeGreaterThan(0);
        (saved.Cache, saved.Cost, saved.Baseline, saved.Settlement, saved.AttemptCount).ShouldBe(("hit", 0m, made.Cost, "released", 0));
    }

    [Fact]
    public async Task Other_dimensions_other_texts_and_other_projects_are_other_requests()
    {
        using var first = await EmbedAsync(replays.First.Client);
        using var shorter = await EmbedAsync(replays.First.Client, dimensions: 2);
        using var stranger = GatewayHost.NewClient(replays.First.HttpAddress, (await replays.First.NewKeyAsync(await replays.First.NewTenantAsync())).Secret);
        using var foreign = await EmbedAsync(stranger);
        using var fresh = await EmbedAsync(replays.First.Client, cacheControl: "no-store");

        new[] { shorter, foreign }.ShouldAllBe(answer => answer.Header("x-orchestration-cache") == "miss");
        fresh.Header("x-orchestration-cache").ShouldBe("bypass");
        Calls().ShouldBe(4);
    }

    [Fact]
    public async Task Ranks_of_equal_documents_come_from_the_cache_under_the_id_of_their_own_request()
    {
        var body = new { model = "test/cached-rerank", query = _text, documents = new[] { "a", "three" }, return_documents = true };
        using var first = await PostAsync(replays.First.Client, "/v1/rerank", body);
        using var second = await PostAsync(replays.First.Client, "/v1/rerank", body);

        (first.Header("x-orchestration-cache"), second.Header("x-orchestration-cache")).ShouldBe(("miss", "hit"));
        var (made, given) = (await first.JsonAsync(), await second.JsonAsync());
        given.GetProperty("results").ToString().ShouldBe(made.GetProperty("results").ToString());
        given.GetProperty("id").GetString().ShouldBe(second.RequestId());
        replays.Shared.Peers.Providers.Reranks.Count(rerank => rerank.Request.Query == _text).ShouldBe(1);
    }

    [Fact]
    public async Task Failure_is_not_kept()
    {
        var body = new { model = "test/cached-rerank", query = "fail", documents = new[] { _text } };
        using var first = await PostAsync(replays.First.Client, "/v1/rerank", body);
        using var second = await PostAsync(replays.First.Client, "/v1/rerank", body);

        (first.StatusCode, second.StatusCode).ShouldBe((HttpStatusCode.ServiceUnavailable, HttpStatusCode.ServiceUnavailable));
        replays.Shared.Peers.Providers.Reranks.Count(rerank => rerank.Request.Documents.Contains(_text)).ShouldBe(2);
    }

    [Fact]
    public async Task Other_services_share_the_answer_over_grpc()
    {
        var client = new EmbeddingsService.EmbeddingsServiceClient(replays.First.Channel);
        async Task<EmbeddingsResponse> AskAsync() => await client.EmbedAsync(
            new EmbeddingsRequest { Model = "test/cached-embed", Inputs = { _text } }, replays.Shared.Peers.Calls.For("development", "ingest", TimeSpan.FromSeconds(20), Cancellation));
        var first = await AskAsync();
        var second = await AskAsync();

        second.Embeddings.ShouldBe(first.Embeddings);
        second.RequestId.ShouldNotBe(first.RequestId);
        (second.Summary.Cost.Amount, second.Response.Model).ShouldBe(("0", "embed"));
        Calls().ShouldBe(1);
    }

    private int Calls() => replays.Shared.Peers.Providers.Embeds.Count(embed => embed.Request.Inputs.Contains(_text));

    private Task<HttpResponseMessage> EmbedAsync(HttpClient client, string user = "somebody", string format = "float", int? dimensions = null, string? cacheControl = null) =>
        PostAsync(client, "/v1/embeddings", new { model = "test/cached-embed", input = new[] { _text }, user, encoding_format = format, dimensions }, cacheControl);

    private static Task<HttpResponseMessage> PostAsync(HttpClient client, string path, object body, string? cacheControl = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
        if (cacheControl is not null)
            request.Headers.Add("Cache-Control", cacheControl);
        return client.SendAsync(request, Cancellation);
    }

    private static async Task<string> VectorAsync(HttpResponseMessage response)
    {
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        return (await response.JsonAsync()).GetProperty("data").ToString();
    }
}
