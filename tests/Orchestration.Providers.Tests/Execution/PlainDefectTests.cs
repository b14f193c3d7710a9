using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Embeddings.V1;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Contracts.Pricing.V1;
using Orchestration.Providers.Embeddings;
using Orchestration.Providers.Execution;
using Orchestration.Providers.Tests.Host;
using Orchestration.Providers.Tests.Upstream;

namespace Orchestration.Providers.Tests.Execution;

public sealed class PlainDefectTests(ProvidersFixture fixture)
{
    [Fact]
    public async Task Calls_beside_a_defect_are_booked_and_paid()
    {
        var candidate = Plans.Candidate("plain-defect", fixture.Upstream.Script("plain-defect", AnswerAsync));
        candidate.Deployment.Provider = "alibaba";
        var start = Plans.Start(Plans.Plan(candidate));
        var order = ExecutionOrder.Read(start.RequestId, start.Attribution, start.Plan, null, DateTimeOffset.UnixEpoch, 9, new ExecutionOptions());
        var request = new EmbeddingsRequest { Model = "embedding", Inputs = { Enumerable.Range(1, 25).Select(i => i.ToString(CultureInfo.InvariantCulture)) } };
        var work = new DefectiveWork(new EmbeddingWork(request, order, maxBodyBytes: 1024 * 1024));

        var outcome = await fixture.Services.GetRequiredService<PlainExecution>().RunAsync(order, work, default, CancellationToken.None, TestContext.Current.CancellationToken);

        var failed = outcome.ShouldBeOfType<PlainOutcome<EmbeddingsResponse>.Failed>();
        failed.Failure.FailureClass.ShouldBe(FailureClass.Internal);
        (failed.Summary.Attempts.Count, failed.Summary.Settlement, failed.Summary.Cost.Amount).ShouldBe((2, Settlement.Exact, "0.014"));
        var completed = fixture.Completed(Guid.Parse(start.RequestId));
        completed.Sum(c => c.Billed).ShouldBe(0.014m);
        fixture.Started(Guid.Parse(start.RequestId)).Select(s => s.AttemptId).ShouldBe(completed.Select(c => c.AttemptId), ignoreOrder: true);
    }

    private static Task AnswerAsync(UpstreamExchange exchange)
    {
        var inputs = JsonNode.Parse(exchange.Request.Body)!["input"]!.AsArray();
        var data = inputs.Select((_, i) => string.Create(CultureInfo.InvariantCulture, $$"""{"index":{{i}},"embedding":[1,0.5]}"""));
        return exchange.ReplyJsonAsync($$"""{"data":[{{string.Join(',', data)}}],"usage":{"prompt_tokens":1000,"total_tokens":1000} }""");
    }

    /// <summary>Fails before its third call begins, while the two others are under way.</summary>
    private sealed class DefectiveWork(EmbeddingWork inner) : PlainRequest<EmbeddingsResponse>
    {
        private int _named;

        public override string Operation => Interlocked.Increment(ref _named) == 3 ? throw new InvalidOperationException("No name.") : inner.Operation;

        public override decimal Remaining => inner.Remaining;

        public override PlainCalls CallsFor(PreparedCandidate candidate) => inner.CallsFor(candidate);

        public override void Keep(PlainCall call, Usage usage) => inner.Keep(call, usage);

        public override EmbeddingsResponse? Answer(ResponseStarted started) => inner.Answer(started);

        public override void Seal(EmbeddingsResponse answer, Guid requestId, Summary summary) => inner.Seal(answer, requestId, summary);
    }
}
