using Grpc.Core;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Embeddings.V1;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Contracts.Providers.V1;
using Orchestration.Providers.Tests.Upstream;
using Orchestration.ServiceDefaults.Failures;

namespace Orchestration.Providers.Tests.Faults;

public sealed class BehaviourFaults(FaultsFixture host) : IClassFixture<FaultsFixture>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task U51_answer_that_runs_on_beyond_its_length_is_cut_counted_and_settled()
    {
        var before = FaultMetrics.OddAnswers("openai", "overrun");
        var words = OpenAIWire.AsBody(Enumerable.Repeat(OpenAIWire.Content("words without end and "), 5));
        var fault = new FaultCase(host).Asks(async e =>
        {
            await e.BeginStreamAsync();
            await e.SendDataAsync(OpenAIWire.Role);
            while (!e.Stopping.IsCancellationRequested) await e.SendAsync(words);
        });
        fault.Start.Request.MaxOutputTokens = 100;

        var run = await fault.FailsAsync(FailureClass.ProviderProtocol, "upstream_overrun", "estimated");

        run.Completed[0].Usage.Output.ShouldBeInRange(300, 900);
        FaultMetrics.OddAnswers("openai", "overrun").ShouldBe(before + 1);
    }

    [Theory]
    [InlineData("openai", 1)]
    [InlineData("iflytek", 0)]
    public async Task U51_answer_that_runs_on_beyond_a_stop_sequence_ends_there_and_is_settled(string vendor, int counted)
    {
        var before = FaultMetrics.OddAnswers(vendor, "stop_ignored");
        var fault = new FaultCase(host).Asks(
            async e =>
            {
                await e.BeginStreamAsync();
                await e.SendAsync(OpenAIWire.AsBody([OpenAIWire.Role, OpenAIWire.Content("Hello."), OpenAIWire.Content(" ST"), OpenAIWire.Content("OP and")]));
                while (!e.Stopping.IsCancellationRequested) await e.SendAsync(OpenAIWire.AsBody([OpenAIWire.Content(" on and on")]));
            },
            vendor);
        fault.Start.Request.Stop.Add([" STOP", "never"]);

        var run = await fault.AnswersAsync("estimated");

        run.Answer.Text.ShouldBe("Hello.");
        var finish = run.Answer.Events.Single(e => e.Finish is not null).Finish;
        (finish.Reason, finish.StopSequence).ShouldBe((FinishReason.Stop, " STOP"));
        FaultMetrics.OddAnswers(vendor, "stop_ignored").ShouldBe(before + counted);
        // The one that is not told of stop sequences says so.
        run.Answer.Events.Single(e => e.ResponseStarted is not null).ResponseStarted.Warnings.Any(w => w.Param == "stop").ShouldBe(counted == 0);
    }

    [Fact]
    public async Task U51_plain_answer_is_cut_at_its_stop_sequence_and_settled_as_it_was_billed()
    {
        var fault = new FaultCase(host).Asks(e => e.ReplyJsonAsync(OpenAIWire.Plain)).Whole();
        fault.Start.Request.Stop.Add("o w");

        var run = await fault.AnswersAsync("exact");

        run.Answer.Text.ShouldBe("Hell");
        run.Answer.Events.Single(e => e.Finish is not null).Finish.StopSequence.ShouldBe("o w");
        run.Completed[0].Usage.Output.ShouldBe(500);
    }

    [Fact]
    public async Task U51_text_that_only_began_like_a_stop_sequence_is_not_lost_in_a_cut_stream()
    {
        var fault = new FaultCase(host).Asks(async e =>
        {
            await e.BeginStreamAsync();
            await e.SendAsync(OpenAIWire.AsBody([OpenAIWire.Role, OpenAIWire.Content("Hello ST")]));
        });
        fault.Start.Request.Stop.Add("STOP");

        var run = await fault.FailsAsync(FailureClass.ProviderTruncated, "upstream_stream_truncated", "estimated");

        run.Answer.Text.ShouldBe("Hello ST");
    }

    [Fact]
    public async Task U52_other_model_than_asked_for_is_told_and_counted()
    {
        var before = FaultMetrics.OddAnswers("openai", "model_mismatch");
        var fault = new FaultCase(host).Asks(Reports("another-model"));

        var run = await fault.AnswersAsync("exact");

        run.Answer.Events.Single(e => e.ResponseStarted is not null).ResponseStarted.Warnings.ShouldContain(w => w.Code == "model_mismatch");
        FaultMetrics.OddAnswers("openai", "model_mismatch").ShouldBe(before + 1);
    }

    [Theory]
    [InlineData("dear-model", "p-2", "0.056", true)]
    [InlineData("vendor/Dear-Model-2026-01-01", "p-2", "0.056", true)]
    [InlineData("up-model-2026-01-01", "p-1", "0.014", false)]
    [InlineData("dear-model-pro", "p-1", "0.014", true)]
    [InlineData("elsewhere-model", "p-1", "0.014", true)]
    public async Task U52_answer_is_priced_by_the_model_that_gave_it_where_the_plan_knows_that_vendors_price(string reported, string price, string billed, bool told)
    {
        var fault = new FaultCase(host).Asks(Reports(reported)).Asks(OpenAIWire.AnswerAsync).Asks(OpenAIWire.AnswerAsync, vendor: "groq");
        Names(fault, 1, "dear-model", "p-2");
        Names(fault, 2, "elsewhere-model", "p-3");

        var run = await fault.AnswersAsync("exact");

        run.Completed[0].Target.Price.ShouldContain($"\"{price}\"");
        run.Completed[0].Target.Deployment.ShouldBe(fault.Deployment());
        run.Answer.Summary.Cost.Amount.ShouldBe(billed);
        run.Answer.Events.Single(e => e.ResponseStarted is not null).ResponseStarted.Warnings.Any(w => w.Code == "model_mismatch").ShouldBe(told);

        static void Names(FaultCase fault, int candidate, string model, string price)
        {
            var deployment = fault.Start.Plan.Candidates[candidate].Deployment;
            (deployment.Model, deployment.Price.PriceId) = (model, price);
            (deployment.Price.Tiers[0].Input, deployment.Price.Tiers[0].Output) = ("4", "8");
        }
    }

    [Fact]
    public async Task U52_dearer_model_than_asked_for_does_not_pass_the_ceiling()
    {
        var words = OpenAIWire.AsBody(Enumerable.Repeat(OpenAIWire.Content("words without end and "), 5).Select(d => As("dear-model", d)));
        var fault = new FaultCase(host).Asks(async e =>
        {
            await e.BeginStreamAsync();
            while (!e.Stopping.IsCancellationRequested) await e.SendAsync(words);
        }).Asks(OpenAIWire.AnswerAsync);
        var deployment = fault.Start.Plan.Candidates[1].Deployment;
        (deployment.Model, deployment.Price.Tiers[0].Output) = ("dear-model", "20");
        fault.Start.Request.MaxOutputTokens = 1000;
        // At 140 CNY a million these are 142 tokens; at the price that was asked for they would be ten times as many.
        fault.Start.Ceiling = new Contracts.Pricing.V1.Money { Amount = "0.02", Currency = "CNY" };

        var run = await fault.FailsAsync(FailureClass.CostCeiling, "cost_ceiling", "estimated");

        run.Completed[0].Usage.Output.ShouldBeInRange(130, 250);
    }

    [Theory]
    [InlineData("too few", """{"index":0,"embedding":[1,2]}""")]
    [InlineData("too many", """{"index":0,"embedding":[1,2]},{"index":1,"embedding":[1,2]},{"index":2,"embedding":[1,2]}""")]
    [InlineData("twice the same", """{"index":0,"embedding":[1,2]},{"index":0,"embedding":[1,2]}""")]
    [InlineData("two lengths", """{"index":0,"embedding":[1,2]},{"index":1,"embedding":[1,2,3]}""")]
    [InlineData("empty", """{"index":0,"embedding":[1,2]},{"index":1,"embedding":[]}""")]
    [InlineData("infinite", """{"index":0,"embedding":[1,2]},{"index":1,"embedding":[1,1e999]}""")]
    [InlineData("no number", """{"index":0,"embedding":[1,2]},{"index":1,"embedding":[1,"NaN"]}""")]
    [InlineData("NaN in base64", """{"index":0,"embedding":"AACAPwAAAEA="},{"index":1,"embedding":"AACAPwAAwH8="}""")]
    [InlineData("broken base64", """{"index":0,"embedding":"AACAPwAAAEA="},{"index":1,"embedding":"AACAPwAA"}""")]
    [InlineData("zeros", """{"index":0,"embedding":[1,2]},{"index":1,"embedding":[0,0]}""")]
    public async Task U53_unsound_vectors_are_refused_and_nothing_of_them_is_kept(string how, string data)
    {
        var request = Request(new FaultCase(host).Asks(e => e.ReplyJsonAsync($$$"""{"object":"list","model":"up","data":[{{{data}}}],"usage":{"prompt_tokens":5,"total_tokens":5}}""")));

        var exception = await Should.ThrowAsync<RpcException>(async () => await host.Service.Client.EmbedAsync(request, host.Service.Call(cancellationToken: Cancellation)), how);

        exception.GetFailure().FailureClass.ShouldBe(FailureClass.ProviderProtocol);
        var completed = host.Service.Completed(Guid.Parse(request.RequestId)).ShouldHaveSingleItem();
        (completed.Outcome, completed.Usage.Input).ShouldBe(("failed", 5));
        FaultMetrics.AttemptsOn(request.Plan.Candidates[0].Deployment.UpstreamModel).ShouldBe([("failed", "ProviderProtocol")]);
        await host.ReturnsToBaselineAsync();
        host.LogsNoSecret();
    }

    [Theory]
    [InlineData("""{"index":1,"embedding":[3,4]},{"index":0,"embedding":[1,2]}""")]
    [InlineData("""{"index":1,"embedding":"AABAQAAAgEA="},{"index":0,"embedding":"AACAPwAAAEA="}""")]
    public async Task U53_vectors_are_put_in_order_by_their_index_in_either_form(string data)
    {
        var request = Request(new FaultCase(host).Asks(e => e.ReplyJsonAsync($$$"""{"object":"list","model":"up","data":[{{{data}}}],"usage":{"prompt_tokens":5,"total_tokens":5}}""")));

        var response = await host.Service.Client.EmbedAsync(request, host.Service.Call(cancellationToken: Cancellation));

        response.Embeddings.Select(e => string.Join(' ', e.Values)).ShouldBe(["1 2", "3 4"]);
        host.Service.Completed(Guid.Parse(request.RequestId)).ShouldHaveSingleItem().Settlement.ShouldBe("exact");
        await host.ReturnsToBaselineAsync();
    }

    private static Func<UpstreamExchange, Task> Reports(string model) => async e =>
    {
        await e.BeginStreamAsync();
        await e.SendAsync(OpenAIWire.AsBody(OpenAIWire.Stream.Select(d => As(model, d))));
    };

    private static string As(string model, string data) => data.Replace("\"up-model\"", $"\"{model}\"", StringComparison.Ordinal);

    private static EmbedRequest Request(FaultCase fault)
    {
        fault.Start.Attribution.Purpose = Contracts.Identity.V1.Purpose.Ingest;
        return new EmbedRequest
        {
            RequestId = fault.Start.RequestId,
            Attribution = fault.Start.Attribution,
            Plan = fault.Start.Plan,
            Request = new EmbeddingsRequest { Model = "embedding", Inputs = { "one", "two" } },
            StartedAt = fault.Start.StartedAt,
            EstimatedInputTokens = 9,
        };
    }
}
