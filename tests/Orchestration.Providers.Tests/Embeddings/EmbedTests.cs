using Grpc.Core;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Embeddings.V1;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Contracts.Providers.V1;
using Orchestration.Contracts.Routing.V1;
using Orchestration.Providers.Tests.Host;
using Orchestration.Providers.Tests.Upstream;
using Orchestration.ServiceDefaults.Failures;

namespace Orchestration.Providers.Tests.Embeddings;

public sealed class EmbedTests(ProvidersFixture fixture)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Vectors_come_in_the_order_of_the_inputs_and_are_metered()
    {
        var url = fixture.Upstream.Script("embed", e => e.ReplyJsonAsync(OpenAIWire.Embeddings));
        var request = Request(Plans.Candidate("embed", url));

        var response = await fixture.Client.EmbedAsync(request, fixture.Call(cancellationToken: Cancellation));

        response.Embeddings.Select(e => e.Values[0]).ShouldBe([1.0f, 0.5f]);
        (response.Response.Deployment, response.Response.ReportedModel).ShouldBe(("embed", "up-embed"));
        (response.Summary.Settlement, response.Summary.Cost.Amount).ShouldBe((Settlement.Exact, "0.007"));
        fixture.Upstream.Requests("embed").Single().Path.ShouldBe("/embed/v1/embeddings");
        var completed = fixture.Completed(Guid.Parse(request.RequestId)).ShouldHaveSingleItem();
        (completed.Dimensions.Purpose, completed.Usage.Input, completed.Billed).ShouldBe(("ingest", 1000, 0.007m));
    }

    [Fact]
    public async Task Unsound_vectors_are_thrown_away_and_the_next_candidate_is_asked()
    {
        var bad = fixture.Upstream.Script("embed-bad", e => e.ReplyJsonAsync("""{"object":"list","data":[{"index":0,"embedding":[1.0]}],"usage":{"prompt_tokens":5,"total_tokens":5}}"""));
        var good = fixture.Upstream.Script("embed-good", e => e.ReplyJsonAsync(OpenAIWire.Embeddings));
        var request = Request(Plans.Candidate("embed-bad", bad), Plans.Candidate("embed-good", good));

        var response = await fixture.Client.EmbedAsync(request, fixture.Call(cancellationToken: Cancellation));

        response.Summary.Attempts.Select(a => a.Outcome).ShouldBe([AttemptOutcome.Failed, AttemptOutcome.Succeeded]);
        fixture.Ledger(Guid.Parse(request.RequestId)).Count.ShouldBe(4);
        fixture.Completed(Guid.Parse(request.RequestId))[0].Usage.Input.ShouldBe(5);
    }

    [Fact]
    public async Task Failure_comes_with_the_summary_of_all_attempts()
    {
        var url = fixture.Upstream.Script("embed-401", e => e.ReplyAsync(401, "application/json", OpenAIWire.Error("invalid_api_key")));

        var exception = await Should.ThrowAsync<RpcException>(async () =>
            await fixture.Client.EmbedAsync(Request(Plans.Candidate("embed-401", url)), fixture.Call(cancellationToken: Cancellation)));

        exception.GetFailure().FailureClass.ShouldBe(FailureClass.ProviderAuth);
        var summary = Summary.Parser.ParseFrom(exception.Trailers.GetValueBytes("orchestration-summary-bin"));
        summary.Attempts.ShouldHaveSingleItem().Outcome.ShouldBe(AttemptOutcome.Failed);
        summary.Settlement.ShouldBe(Settlement.Released);
    }

    [Fact]
    public async Task Caller_that_leaves_is_metered_exactly()
    {
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var goOn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var url = fixture.Upstream.Script("embed-left", async e =>
        {
            asked.SetResult();
            await goOn.Task;
            await e.ReplyJsonAsync(OpenAIWire.Embeddings);
        });
        var request = Request(Plans.Candidate("embed-left", url));
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var call = fixture.Client.EmbedAsync(request, fixture.Call(cancellationToken: leaving.Token)).ResponseAsync;
        await asked.Task.WaitAsync(Cancellation);

        await leaving.CancelAsync();
        await Should.ThrowAsync<RpcException>(() => call);
        goOn.SetResult();

        var completed = (await fixture.CompletedAsync(Guid.Parse(request.RequestId), 1)).ShouldHaveSingleItem();
        (completed.Outcome, completed.Settlement).ShouldBe(("succeeded", "exact"));
    }

    private static EmbedRequest Request(params Candidate[] candidates)
    {
        var start = Plans.Start(Plans.Plan(candidates));
        start.Attribution.Purpose = Contracts.Identity.V1.Purpose.Ingest;
        return new EmbedRequest
        {
            RequestId = start.RequestId,
            Attribution = start.Attribution,
            Plan = start.Plan,
            Request = new EmbeddingsRequest { Model = "embedding", Inputs = { "one", "two" } },
            StartedAt = start.StartedAt,
            EstimatedInputTokens = 9,
        };
    }
}
