using Grpc.Core;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Contracts.Pricing.V1;
using Orchestration.Contracts.Providers.V1;
using Orchestration.Contracts.Rerank.V1;
using Orchestration.Contracts.Routing.V1;
using Orchestration.Providers.Tests.Host;
using Orchestration.ServiceDefaults.Failures;

namespace Orchestration.Providers.Tests.Rerank;

public sealed class RerankTests(ProvidersFixture fixture)
{
    private const string Jina = """{"model":"up-rerank","usage":{"total_tokens":1000},"results":[{"index":1,"relevance_score":0.9},{"index":0,"relevance_score":0.1}]}""";
    private const string Cohere = """{"id":"c-1","results":[{"index":1,"relevance_score":0.9},{"index":0,"relevance_score":0.1}],"meta":{"billed_units":{"search_units":3}}}""";
    private const string DashScope = """{"output":{"results":[{"index":1,"relevance_score":0.9},{"index":0,"relevance_score":0.1}]},"usage":{"total_tokens":1000},"request_id":"d-1"}""";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("jina", "/v1/rerank", Jina, """{"model":"up-model","query":"which","documents":["one","two"],"return_documents":false}""")]
    [InlineData("siliconflow", "/v1/rerank", Jina, """{"model":"up-model","query":"which","documents":["one","two"],"return_documents":false}""")]
    [InlineData("zhipu", "/v1/rerank", Jina, """{"model":"up-model","query":"which","documents":["one","two"],"return_documents":false}""")]
    [InlineData("baidu", "/v1/rerankers", Jina, """{"model":"up-model","query":"which","documents":["one","two"]}""")]
    [InlineData("alibaba", "/api/v1/services/rerank/text-rerank/text-rerank", DashScope, """{"model":"up-model","input":{"query":"which","documents":["one","two"]},"parameters":{"return_documents":false}}""")]
    public async Task Each_vendor_is_asked_at_its_path_in_its_shape(string provider, string path, string answer, string body)
    {
        var name = $"rerank-{provider}";
        var url = fixture.Upstream.Script(name, e => e.ReplyJsonAsync(answer));
        var request = Request(Candidate(name, url, provider));
        request.Request.ReturnDocuments = true;

        var response = await fixture.Client.RerankAsync(request, fixture.Call(cancellationToken: Cancellation));

        response.Results.Select(r => (r.Index, r.Relevance, r.Document)).ShouldBe([(1, 0.9, "two"), (0, 0.1, "one")]);
        (response.RequestId, response.Response.Deployment, response.Usage.InputTokens).ShouldBe((request.RequestId, name, 1000));
        (response.Summary.Settlement, response.Summary.Cost.Amount).ShouldBe((Settlement.Exact, "0.007"));
        var sent = fixture.Upstream.Requests(name).ShouldHaveSingleItem();
        (sent.Path, sent.Body).ShouldBe(($"/{name}{path}", body));
        var completed = fixture.Completed(Guid.Parse(request.RequestId)).ShouldHaveSingleItem();
        (completed.Dimensions.Purpose, completed.Usage.Input, completed.Billed).ShouldBe(("rerank", 1000, 0.007m));
    }

    [Fact]
    public async Task Search_units_are_billed_where_the_provider_sells_those()
    {
        var url = fixture.Upstream.Script("rerank-cohere", e => e.ReplyJsonAsync(Cohere));
        var request = Request(BySearch(Candidate("rerank-cohere", url, "cohere")));

        var response = await fixture.Client.RerankAsync(request, fixture.Call(cancellationToken: Cancellation));

        fixture.Upstream.Requests("rerank-cohere").Single().Path.ShouldBe("/rerank-cohere/v2/rerank");
        (response.Usage.SearchUnits, response.Summary.Cost.Amount).ShouldBe((3, "0.042"));
        response.Results.ShouldAllBe(r => r.Document.Length == 0);
        var completed = fixture.Completed(Guid.Parse(request.RequestId)).ShouldHaveSingleItem();
        (completed.Usage.SearchUnits, completed.Cost, completed.Billed, completed.Settlement).ShouldBe((3, 0.006m, 0.042m, "exact"));
    }

    [Fact]
    public async Task Search_units_that_were_not_reported_are_estimated()
    {
        var url = fixture.Upstream.Script("rerank-silent", e => e.ReplyJsonAsync("""{"results":[{"index":0,"relevance_score":1},{"index":1,"relevance_score":0}]}"""));
        var request = Request(BySearch(Candidate("rerank-silent", url, "cohere")));

        var response = await fixture.Client.RerankAsync(request, fixture.Call(cancellationToken: Cancellation));

        response.Summary.Settlement.ShouldBe(Settlement.Estimated);
        var completed = fixture.Completed(Guid.Parse(request.RequestId)).ShouldHaveSingleItem();
        (completed.Usage.SearchUnits, completed.Usage.Input, completed.Cost, completed.Settlement).ShouldBe((1, 9, 0.002m, "estimated"));
    }

    [Fact]
    public async Task Unsound_ranks_are_thrown_away_and_the_next_candidate_is_asked()
    {
        var bad = fixture.Upstream.Script("rerank-bad", e => e.ReplyJsonAsync("""{"results":[{"index":5,"relevance_score":1}],"usage":{"total_tokens":5}}"""));
        var good = fixture.Upstream.Script("rerank-good", e => e.ReplyJsonAsync(Jina));
        var request = Request(Candidate("rerank-bad", bad, "jina"), Candidate("rerank-good", good, "jina"));

        var response = await fixture.Client.RerankAsync(request, fixture.Call(cancellationToken: Cancellation));

        response.Summary.Attempts.Select(a => a.Outcome).ShouldBe([AttemptOutcome.Failed, AttemptOutcome.Succeeded]);
        fixture.Ledger(Guid.Parse(request.RequestId)).Count.ShouldBe(4);
        fixture.Completed(Guid.Parse(request.RequestId))[0].Usage.Input.ShouldBe(5);
        response.Usage.InputTokens.ShouldBe(1000);
    }

    [Fact]
    public async Task Candidate_that_takes_fewer_documents_is_passed_over()
    {
        var small = fixture.Upstream.Script("rerank-small", e => e.ReplyJsonAsync(DashScope));
        var large = fixture.Upstream.Script("rerank-large", e => e.ReplyJsonAsync(Jina));
        var request = Request(Candidate("rerank-small", small, "alibaba"), Candidate("rerank-large", large, "jina"));
        request.Request.Documents.AddRange(Enumerable.Repeat("more", 499));
        request.Request.TopCount = 2;

        var response = await fixture.Client.RerankAsync(request, fixture.Call(cancellationToken: Cancellation));

        response.Response.Deployment.ShouldBe("rerank-large");
        fixture.Upstream.Requests("rerank-small").ShouldBeEmpty();
        fixture.Completed(Guid.Parse(request.RequestId)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Too_many_documents_for_every_candidate_are_refused_before_anything_is_sent()
    {
        var url = fixture.Upstream.Script("rerank-only-small", e => e.ReplyJsonAsync(DashScope));
        var request = Request(Candidate("rerank-only-small", url, "alibaba"));
        request.Request.Documents.AddRange(Enumerable.Repeat("more", 499));

        var exception = await Should.ThrowAsync<RpcException>(async () => await fixture.Client.RerankAsync(request, fixture.Call(cancellationToken: Cancellation)));

        (exception.GetFailure().FailureClass, exception.GetFailure().Code).ShouldBe((FailureClass.InvalidRequest, "too_many_documents"));
        fixture.Ledger(Guid.Parse(request.RequestId)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Strict_request_is_refused_when_a_member_would_be_dropped()
    {
        var url = fixture.Upstream.Script("rerank-strict", e => e.ReplyJsonAsync(Jina));
        var request = Request(Candidate("rerank-strict", url, "jina"));
        (request.Request.Extensions, request.Request.Hints) = ("""{"api_key":"k"}""", new RoutingHints { Strict = true });

        var exception = await Should.ThrowAsync<RpcException>(async () => await fixture.Client.RerankAsync(request, fixture.Call(cancellationToken: Cancellation)));

        exception.GetFailure().Code.ShouldBe("unsupported_parameter");
        fixture.Upstream.Requests("rerank-strict").ShouldBeEmpty();
    }

    [Fact]
    public async Task Failure_comes_with_the_summary_of_all_attempts()
    {
        var url = fixture.Upstream.Script("rerank-402", e => e.ReplyAsync(402, "application/json", """{"message":"please add a payment method"}"""));

        var exception = await Should.ThrowAsync<RpcException>(async () =>
            await fixture.Client.RerankAsync(Request(Candidate("rerank-402", url, "cohere")), fixture.Call(cancellationToken: Cancellation)));

        exception.GetFailure().FailureClass.ShouldBe(FailureClass.ProviderBalance);
        var summary = Summary.Parser.ParseFrom(exception.Trailers.GetValueBytes("orchestration-summary-bin"));
        summary.Attempts.ShouldHaveSingleItem().Outcome.ShouldBe(AttemptOutcome.Failed);
        summary.Settlement.ShouldBe(Settlement.Released);
    }

    private static Candidate Candidate(string id, string url, string provider)
    {
        var candidate = Plans.Candidate(id, url);
        candidate.Deployment.Provider = provider;
        return candidate;
    }

    private static Candidate BySearch(Candidate candidate)
    {
        candidate.Deployment.Price.Tiers[0] = new PriceTier { Input = "0", Output = "0", PerSearch = "0.002" };
        return candidate;
    }

    private static RerankCall Request(params Candidate[] candidates)
    {
        var start = Plans.Start(Plans.Plan(candidates));
        start.Attribution.Purpose = Contracts.Identity.V1.Purpose.Rerank;
        return new RerankCall
        {
            RequestId = start.RequestId,
            Attribution = start.Attribution,
            Plan = start.Plan,
            Request = new RerankRequest { Model = "rerank", Query = "which", Documents = { "one", "two" } },
            StartedAt = start.StartedAt,
            EstimatedInputTokens = 9,
        };
    }
}
