using System.Globalization;
using System.Text.Json.Nodes;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Embeddings.V1;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Contracts.Providers.V1;
using Orchestration.Contracts.Routing.V1;
using Orchestration.Providers.Credentials.Pools;
using Orchestration.Providers.Tests.Host;
using Orchestration.Providers.Tests.Upstream;
using Orchestration.ServiceDefaults.Failures;
using Orchestration.ServiceDefaults.Secrets;

namespace Orchestration.Providers.Tests.Embeddings;

public sealed class EmbeddingSplitTests(ProvidersFixture fixture)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Texts_are_sent_in_calls_of_the_vendors_size_and_come_back_in_order()
    {
        var url = fixture.Upstream.Script("split", AnswerAsync);
        var request = Request(25, Candidate("split", url, "alibaba"));

        var response = await fixture.Client.EmbedAsync(request, fixture.Call(cancellationToken: Cancellation));

        response.Embeddings.Select(e => (int)e.Values[0]).ShouldBe(Enumerable.Range(1, 25));
        Sizes("split").ShouldBe([5, 10, 10]);
        (response.Usage.InputTokens, response.Summary.Settlement, response.Summary.Cost.Amount).ShouldBe((3000, Settlement.Exact, "0.021"));
        var completed = fixture.Completed(Guid.Parse(request.RequestId));
        completed.Select(c => c.Ordinal).Order().ShouldBe([0, 1, 2]);
        completed.Sum(c => c.Billed).ShouldBe(0.021m);
        fixture.Started(Guid.Parse(request.RequestId)).Select(s => s.AttemptId).ShouldBe(completed.Select(c => c.AttemptId), ignoreOrder: true);
    }

    [Fact]
    public async Task Calls_of_one_request_run_side_by_side_but_never_more_than_four()
    {
        var (under, most) = (0, 0);
        var four = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var url = fixture.Upstream.Script("parallel", async exchange =>
        {
            var now = Interlocked.Increment(ref under);
            InterlockedMax(ref most, now);
            if (now == 4) four.TrySetResult();
            await four.Task;
            Interlocked.Decrement(ref under);
            await AnswerAsync(exchange);
        });

        var response = await fixture.Client.EmbedAsync(Request(80, Candidate("parallel", url, "alibaba")), fixture.Call(cancellationToken: Cancellation));

        response.Embeddings.Count.ShouldBe(80);
        most.ShouldBe(4);
    }

    [Fact]
    public async Task Each_call_takes_a_place_of_the_key_and_its_failure_is_the_keys()
    {
        await using var own = new ProvidersFixture();
        own.Settings["Egress:AllowedHosts:0"] = $"127.0.0.1:{own.Upstream.Port}";
        await own.InitializeAsync();
        var pool = own.Services.GetRequiredService<KeyPools>().Find("alibaba", "cn")!;
        pool.Replace([Key(places: 2)]);
        var (under, most, answered) = (0, 0, 0);
        var url = own.Upstream.Script("places", async exchange =>
        {
            InterlockedMax(ref most, Interlocked.Increment(ref under));
            InterlockedMax(ref most, pool.Views()[0].InFlight);
            Interlocked.Decrement(ref under);
            if (Interlocked.Increment(ref answered) < 8) await AnswerAsync(exchange);
            else await exchange.ReplyAsync(429, "application/json", OpenAIWire.Error("rate_limit_exceeded"));
        });
        var candidate = Candidate("places", url, "alibaba");
        candidate.Deployment.Simulated = false;

        await Should.ThrowAsync<RpcException>(async () => await own.Client.EmbedAsync(Request(80, candidate), own.Call(cancellationToken: Cancellation)));

        most.ShouldBe(2);
        answered.ShouldBeGreaterThanOrEqualTo(8);
        pool.Views()[0].InFlight.ShouldBe(0);
        pool.Views()[0].Rest.ShouldNotBeNull();
    }

    [Fact]
    public async Task What_is_paid_does_not_count_again_for_the_candidate_that_makes_the_rest()
    {
        var ten = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var url = fixture.Upstream.Script("paid-half", async exchange =>
        {
            if (InputsOf(exchange.Request!).Length == 10) ten.SetResult();
            await ten.Task;
            await FailOnFiveAsync(exchange);
        });
        var next = fixture.Upstream.Script("rest-of-it", AnswerAsync);
        // The paid call costs 0.007 of 0.015: a third of 0.01 may follow, the whole of it may not.
        var request = Request(15, Candidate("paid-half", url, "alibaba"), Candidate("rest-of-it", next, "alibaba"));
        request.Ceiling = new Contracts.Pricing.V1.Money { Amount = "0.015", Currency = "CNY" };

        var response = await fixture.Client.EmbedAsync(request, fixture.Call(cancellationToken: Cancellation));

        response.Embeddings.Count.ShouldBe(15);
        Sizes("rest-of-it").ShouldBe([5]);
    }

    [Fact]
    public async Task Another_model_that_has_to_make_everything_again_must_fit_as_a_whole()
    {
        var ten = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var url = fixture.Upstream.Script("paid-once", async exchange =>
        {
            if (InputsOf(exchange.Request!).Length == 10) ten.SetResult();
            await ten.Task;
            await FailOnFiveAsync(exchange);
        });
        var next = fixture.Upstream.Script("too-dear", AnswerAsync);
        var other = Candidate("too-dear", next, "alibaba");
        other.Deployment.Model = "another";
        var request = Request(15, Candidate("paid-once", url, "alibaba"), other);
        request.Ceiling = new Contracts.Pricing.V1.Money { Amount = "0.015", Currency = "CNY" };

        await Should.ThrowAsync<RpcException>(async () => await fixture.Client.EmbedAsync(request, fixture.Call(cancellationToken: Cancellation)));

        fixture.Upstream.Requests("too-dear").ShouldBeEmpty();
    }

    [Fact]
    public async Task What_another_deployment_of_the_model_made_is_kept()
    {
        var ten = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var url = fixture.Upstream.Script("broken", async exchange =>
        {
            if (InputsOf(exchange.Request!).Length == 10) ten.SetResult();
            await ten.Task;
            await FailOnFiveAsync(exchange);
        });
        var next = fixture.Upstream.Script("mends", AnswerAsync);
        var request = Request(15, Candidate("broken", url, "alibaba"), Candidate("mends", next, "alibaba"));

        var response = await fixture.Client.EmbedAsync(request, fixture.Call(cancellationToken: Cancellation));

        response.Embeddings.Select(e => (int)e.Values[0]).ShouldBe(Enumerable.Range(1, 15));
        Sizes("mends").ShouldBe([5]);
        response.Usage.InputTokens.ShouldBe(2000);
        fixture.Completed(Guid.Parse(request.RequestId)).Select(c => c.Ordinal).Order().ShouldBe([0, 1, 2]);
    }

    [Fact]
    public async Task Vectors_of_two_models_never_stand_beside_each_other()
    {
        var url = fixture.Upstream.Script("first-model", FailOnFiveAsync);
        var next = fixture.Upstream.Script("second-model", AnswerAsync);
        var other = Candidate("second-model", next, "alibaba");
        other.Deployment.Model = "another";

        await fixture.Client.EmbedAsync(Request(15, Candidate("first-model", url, "alibaba"), other), fixture.Call(cancellationToken: Cancellation));

        Sizes("second-model").ShouldBe([5, 10]);
    }

    [Fact]
    public async Task No_call_begins_after_one_has_failed()
    {
        var url = fixture.Upstream.Script("refuses", e => e.ReplyAsync(401, "application/json", OpenAIWire.Error("invalid_api_key")));
        var request = Request(200, Candidate("refuses", url, "alibaba"));

        var exception = await Should.ThrowAsync<RpcException>(async () => await fixture.Client.EmbedAsync(request, fixture.Call(cancellationToken: Cancellation)));

        exception.GetFailure().FailureClass.ShouldBe(FailureClass.ProviderAuth);
        fixture.Upstream.Requests("refuses").Count.ShouldBeLessThanOrEqualTo(4);
        fixture.Completed(Guid.Parse(request.RequestId)).Count.ShouldBe(fixture.Started(Guid.Parse(request.RequestId)).Count);
    }

    [Fact]
    public async Task Length_that_a_model_cannot_make_is_dropped_with_a_warning()
    {
        var url = fixture.Upstream.Script("fixed", AnswerAsync);
        var candidate = Candidate("fixed", url, "baichuan");
        candidate.Deployment.EmbeddingDimensions = 2;
        var request = Request(1, candidate);
        request.Request.Dimensions = 64;

        var response = await fixture.Client.EmbedAsync(request, fixture.Call(cancellationToken: Cancellation));

        response.Response.Warnings.ShouldHaveSingleItem().Param.ShouldBe("dimensions");
        fixture.Upstream.Requests("fixed").Single().Body.ShouldNotContain("dimensions");
        response.Embeddings.Single().Values.Count.ShouldBe(2);
    }

    [Fact]
    public async Task MiniMax_is_asked_in_its_own_shape()
    {
        var url = fixture.Upstream.Script("minimax-embed", e => e.ReplyJsonAsync("""{"vectors":[[1,0.5],[2,0.5]],"total_tokens":1000,"base_resp":{"status_code":0,"status_msg":""}}"""));
        var request = Request(2, Candidate("minimax-embed", url, "minimax"));
        request.Attribution.Purpose = Contracts.Identity.V1.Purpose.Query;

        var response = await fixture.Client.EmbedAsync(request, fixture.Call(cancellationToken: Cancellation));

        response.Embeddings.Select(e => e.Values[0]).ShouldBe([1f, 2f]);
        fixture.Upstream.Requests("minimax-embed").Single().Body.ShouldBe("""{"model":"up-model","texts":["1","2"],"type":"query"}""");
        fixture.Completed(Guid.Parse(request.RequestId)).Single().Billed.ShouldBe(0.007m);
    }

    public static TheoryData<string, string> Unsound() => new()
    {
        { "wrong-dimension", """[{"index":0,"embedding":[1,2,3]},{"index":1,"embedding":[1,2,3]}]""" },
        { "wrong-count", """[{"index":0,"embedding":[1,2]}]""" },
        { "one-too-many", """[{"index":0,"embedding":[1,2]},{"index":1,"embedding":[1,2]},{"index":2,"embedding":[1,2]}]""" },
        { "not-a-number", """[{"index":0,"embedding":[1,2]},{"index":1,"embedding":"AADAfwAAwH8="}]""" },
        { "infinite", """[{"index":0,"embedding":[1,2]},{"index":1,"embedding":[1e99,1]}]""" },
        { "zero", """[{"index":0,"embedding":[1,2]},{"index":1,"embedding":[0,0]}]""" },
        { "twice", """[{"index":0,"embedding":[1,2]},{"index":0,"embedding":[1,2]}]""" },
    };

    [Theory]
    [MemberData(nameof(Unsound))]
    public async Task Unsound_vectors_are_refused_as_a_whole_and_billed_as_reported(string name, string data)
    {
        var url = fixture.Upstream.Script(name, e => e.ReplyJsonAsync($$$"""{"data":{{{data}}},"usage":{"prompt_tokens":1000,"total_tokens":1000}}"""));
        var candidate = Candidate(name, url, "alibaba");
        candidate.Deployment.EmbeddingDimensions = 2;
        var request = Request(2, candidate);

        var exception = await Should.ThrowAsync<RpcException>(async () => await fixture.Client.EmbedAsync(request, fixture.Call(cancellationToken: Cancellation)));

        exception.GetFailure().FailureClass.ShouldBe(FailureClass.ProviderProtocol);
        var completed = fixture.Completed(Guid.Parse(request.RequestId)).ShouldHaveSingleItem();
        (completed.Outcome, completed.Usage.Input, completed.Billed).ShouldBe(("failed", 1000, 0.007m));
    }

    private static Task AnswerAsync(UpstreamExchange exchange) => exchange.ReplyJsonAsync(Vectors(InputsOf(exchange.Request!)));

    private static Task FailOnFiveAsync(UpstreamExchange exchange) =>
        InputsOf(exchange.Request!).Length == 5 ? exchange.ReplyAsync(500, "application/json", "{}") : AnswerAsync(exchange);

    private static string Vectors(string[] inputs)
    {
        var data = inputs.Index().Reverse().Select(i => string.Create(CultureInfo.InvariantCulture, $$"""{"index":{{i.Index}},"embedding":[{{i.Item}},0.5]}"""));
        return $$"""{"data":[{{string.Join(',', data)}}],"usage":{"prompt_tokens":1000,"total_tokens":1000} }""";
    }

    private static string[] InputsOf(RecordedRequest request) =>
        [.. JsonNode.Parse(request.Body)!["input"]!.AsArray().Select(t => t!.GetValue<string>())];

    private IEnumerable<int> Sizes(string name) => fixture.Upstream.Requests(name).Select(r => InputsOf(r).Length).Order();

    private static Candidate Candidate(string id, string url, string provider)
    {
        var candidate = Plans.Candidate(id, url);
        candidate.Deployment.Provider = provider;
        return candidate;
    }

    /// <summary>Texts "1", "2"…, so that a vector tells which text it is of.</summary>
    private static EmbedRequest Request(int inputs, params Candidate[] candidates)
    {
        var start = Plans.Start(Plans.Plan(candidates));
        return new EmbedRequest
        {
            RequestId = start.RequestId,
            Attribution = start.Attribution,
            Plan = start.Plan,
            Request = new EmbeddingsRequest { Model = "embedding", Inputs = { Enumerable.Range(1, inputs).Select(i => i.ToString(CultureInfo.InvariantCulture)) } },
            StartedAt = start.StartedAt,
            EstimatedInputTokens = 9,
        };
    }

    private static KeyFacts Key(int places) => new()
    {
        Id = "a",
        Provider = "alibaba",
        Region = "cn",
        Source = KeyFacts.Stored,
        Secret = new Secret("sk-of-a"),
        ConcurrencyLimit = places,
        ChangedAt = DateTimeOffset.UnixEpoch,
    };

    private static void InterlockedMax(ref int target, int value)
    {
        for (var seen = target; seen < value; seen = target)
            if (Interlocked.CompareExchange(ref target, value, seen) == seen) return;
    }
}
