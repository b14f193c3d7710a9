using System.Net;
using System.Net.Http.Json;
using Grpc.Core;
using Orchestration.Contracts.Gateway.V1;
using Orchestration.Contracts.Identity.V1;
using Orchestration.Contracts.Rerank.V1;
using Orchestration.Gateway.Tests.Hosting;
using Orchestration.ServiceDefaults.Failures;

namespace Orchestration.Gateway.Tests.Rerank;

public sealed class RerankTests(GatewayFixture fixture)
{
    [Theory]
    [InlineData("/v1/rerank")]
    [InlineData("/rerank")]
    public async Task Ranks_come_by_falling_relevance_with_our_headers(string path)
    {
        using var response = await PostAsync(new { model = "rerank", query = "q", documents = new object[] { "a", new { text = "three" } }, return_documents = true }, path);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Header("x-orchestration-model").ShouldBe("ranker");
        response.Header("x-orchestration-route").ShouldBe("test/rerank");
        response.Header("x-orchestration-cost").ShouldBe("0.002 USD");
        response.Header("x-orchestration-attempts").ShouldBe("1");
        var body = await response.JsonAsync();
        body.GetProperty("id").GetString().ShouldBe(response.RequestId());
        body.GetProperty("model").GetString().ShouldBe("ranker");
        body.GetProperty("results").EnumerateArray().Select(r => (r.GetProperty("index").GetInt32(), r.GetProperty("document").GetProperty("text").GetString()))
            .ShouldBe([(1, "three"), (0, "a")]);
        body.GetProperty("usage").GetProperty("search_units").GetInt32().ShouldBe(1);
        body.GetProperty("orchestration").GetProperty("provider").GetString().ShouldBe("test");
        var completed = await fixture.Gateway.CompletedAsync(response.RequestId(), TestContext.Current.CancellationToken);
        (completed.Dimensions.Purpose, completed.Cost, completed.Settlement).ShouldBe(("rerank", 0.002m, "exact"));
    }

    [Fact]
    public async Task Reserve_covers_the_search_units_and_the_query_with_each_document()
    {
        using var response = await PostAsync(new { model = "rerank", query = "q", documents = Enumerable.Repeat("d", 101) });

        var sent = fixture.Peers.Providers.Reranks.Single(rerank => rerank.RequestId == response.RequestId());
        sent.Plan.Candidates.ShouldHaveSingleItem().WorstCase.Amount.ShouldBe("0.004");
        sent.Ceiling.Amount.ShouldBe("0.004");
        sent.EstimatedInputTokens.ShouldBeGreaterThan(101);
    }

    [Fact]
    public async Task Failure_is_told_and_settled_by_the_attempts_in_the_trailer()
    {
        using var response = await PostAsync(new { model = "rerank", query = "fail", documents = new[] { "a" } });

        response.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await response.ErrorCodeAsync()).ShouldBe("overloaded");
        var completed = await fixture.Gateway.CompletedAsync(response.RequestId(), TestContext.Current.CancellationToken);
        (completed.Settlement, completed.AttemptCount).ShouldBe(("released", 1));
    }

    [Fact]
    public async Task Wishes_stand_in_the_body_or_in_headers_and_headers_go_first()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/rerank")
        {
            Content = JsonContent.Create(new { model = "rerank", query = "q", documents = new[] { "a" }, orchestration = new { strict = true, deadline = "9s" } }),
        };
        request.Headers.Add("x-orchestration-deadline-ms", "2500");
        using var response = await fixture.Gateway.Client.SendAsync(request, TestContext.Current.CancellationToken);

        var sent = fixture.Peers.Providers.Reranks.Single(rerank => rerank.RequestId == response.RequestId());
        sent.Plan.Rules.TotalDeadline.ToTimeSpan().ShouldBe(TimeSpan.FromSeconds(2.5));
        sent.Request.Hints.Strict.ShouldBeTrue();
    }

    [Theory]
    [InlineData("/v1/rerank", "test:chat", "/v1/chat/completions")]
    [InlineData("/v1/rerank", "embedding", "/v1/embeddings")]
    [InlineData("/v1/chat/completions", "rerank", "/v1/rerank")]
    [InlineData("/v1/embeddings", "rerank", "/v1/rerank")]
    public async Task Model_of_another_kind_is_refused_with_the_address_it_belongs_to(string path, string model, string belongs)
    {
        using var response = await PostAsync(
            new { model, query = "q", documents = new[] { "a" }, input = "a", messages = new[] { new { role = "user", content = "a" } } }, path);

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        var error = (await response.JsonAsync()).GetProperty("error");
        error.GetProperty("code").GetString().ShouldBe("model_not_supported");
        error.GetProperty("message").GetString().ShouldNotBeNull().ShouldContain(belongs);
    }

    [Fact]
    public async Task Document_that_no_window_holds_is_refused()
    {
        using var response = await PostAsync(new { model = "test/rerank", query = "q", documents = new[] { string.Concat(Enumerable.Repeat("word ", 200_000)) } });

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        var error = (await response.JsonAsync()).GetProperty("error");
        (error.GetProperty("code").GetString(), error.GetProperty("param").GetString()).ShouldBe(("context_length_exceeded", "documents"));
    }

    [Fact]
    public async Task Malformed_request_is_400()
    {
        using var response = await PostAsync(new { model = "rerank", query = "q", documents = Array.Empty<string>() });

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await response.ErrorCodeAsync()).ShouldBe("empty_array");
    }

    [Fact]
    public async Task Another_service_ranks_for_a_tenant_with_its_purpose()
    {
        var options = fixture.Peers.Calls.For("development", "query", TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);

        var response = await new RerankService.RerankServiceClient(fixture.Gateway.Channel)
            .RerankAsync(new RerankRequest { Model = "rerank", Query = "q", Documents = { "a", "bc" }, TopCount = 1 }, options);

        response.Results.ShouldHaveSingleItem().Index.ShouldBe(1);
        var sent = fixture.Peers.Providers.Reranks.Single(request => request.RequestId == response.RequestId);
        (sent.Attribution.Purpose, sent.Attribution.TenantId).ShouldBe((Purpose.Query, "development"));
    }

    [Theory]
    [InlineData("", "q", "a", null, "model")]
    [InlineData("rerank", "", "a", null, "query")]
    [InlineData("rerank", "q", "", null, "documents")]
    [InlineData("rerank", "q", null, null, "documents")]
    [InlineData("rerank", "q", "a", 0, "top_count")]
    public async Task Malformed_call_is_refused_by_the_field(string model, string query, string? document, int? top, string param)
    {
        var request = new RerankRequest { Model = model, Query = query };
        if (document is not null) request.Documents.Add(document);
        if (top is { } count) request.TopCount = count;
        var options = fixture.Peers.Calls.For("development", "query", TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);

        var exception = await Should.ThrowAsync<RpcException>(async () => await new RerankService.RerankServiceClient(fixture.Gateway.Channel).RerankAsync(request, options));

        (exception.StatusCode, exception.GetFailure().Param).ShouldBe((StatusCode.InvalidArgument, param));
    }

    private Task<HttpResponseMessage> PostAsync(object body, string path = "/v1/rerank") =>
        fixture.Gateway.Client.PostAsync(path, JsonContent.Create(body), TestContext.Current.CancellationToken);
}
