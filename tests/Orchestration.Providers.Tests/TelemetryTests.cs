using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Orchestration.Contracts.Providers.V1;
using Orchestration.Providers.Tests.Host;
using Orchestration.Providers.Tests.Upstream;

namespace Orchestration.Providers.Tests;

public sealed class TelemetryTests(ProvidersFixture fixture)
{
    [Fact]
    public async Task Attempt_has_a_span_in_the_callers_trace_also_after_the_caller_left()
    {
        var spans = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is ProvidersTelemetry.Name or "Microsoft.AspNetCore" or "test",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = spans.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var goOn = new TaskCompletionSource();
        var url = fixture.Upstream.Script("traced", async e =>
        {
            asked.SetResult();
            await goOn.Task;
            await OpenAIWire.AnswerAsync(e);
        });
        var start = Plans.Start(Plans.Plan(Plans.Candidate("traced", url)));
        using var source = new ActivitySource("test");
        using var root = source.StartActivity("root")!;
        using (var call = fixture.Client.Execute(fixture.Call(cancellationToken: TestContext.Current.CancellationToken)))
        {
            await call.RequestStream.WriteAsync(new ExecuteRequest { Start = start }, TestContext.Current.CancellationToken);
            await asked.Task.WaitAsync(TestContext.Current.CancellationToken);
        }

        goOn.SetResult();
        await fixture.CompletedAsync(Guid.Parse(start.RequestId), 1);

        var span = spans.Single(s => Equals(s.GetTagItem(GenAIAttributes.RequestId), start.RequestId));
        (span.DisplayName, span.Kind, span.TraceId).ShouldBe(("chat up-model", ActivityKind.Client, root.TraceId));
        span.GetTagItem(GenAIAttributes.AttemptOutcome).ShouldBe("succeeded");
        span.GetTagItem(GenAIAttributes.InputTokens).ShouldBe(1000L);
        span.GetTagItem(GenAIAttributes.OutputTokens).ShouldBe(500L);
        span.GetTagItem(GenAIAttributes.ResponseModel).ShouldBe("up-model");
        fixture.Ledger(Guid.Parse(start.RequestId)).ShouldAllBe(e => e.TraceParent!.Contains(root.TraceId.ToString(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Span_of_a_failed_attempt_holds_nothing_of_what_the_provider_wrote()
    {
        var spans = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == ProvidersTelemetry.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = spans.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        var url = fixture.Upstream.Script("quotes", e => e.ReplyAsync(400, "application/json", OpenAIWire.Error("invalid_value", "You wrote: my secret prompt")));

        var answer = await Answer.OfAsync(fixture, Plans.Start(Plans.Plan(Plans.Candidate("quotes", url))));

        var span = spans.Single(s => Equals(s.GetTagItem(GenAIAttributes.RequestId), answer.RequestId.ToString("D")));
        (span.Status, span.StatusDescription).ShouldBe((ActivityStatusCode.Error, (string?)span.GetTagItem(GenAIAttributes.ErrorType)));
        $"{span.StatusDescription} {string.Join(' ', span.TagObjects)}".ShouldNotContain("secret prompt");
    }

    [Fact]
    public async Task Every_attempt_and_failure_moves_a_metric()
    {
        var measured = new ConcurrentQueue<(string Name, string? Error, string? Type)>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, l) =>
        {
            if (instrument.Meter.Name == ProvidersTelemetry.Name) l.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((instrument, _, tags, _) => Note(instrument, tags));
        listener.SetMeasurementEventCallback<double>((instrument, _, tags, _) => Note(instrument, tags));
        listener.Start();
        var bad = fixture.Upstream.Script("metric-bad", e => e.ReplyAsync(404, "application/json", OpenAIWire.Error("model_not_found")));
        var good = fixture.Upstream.Script("metric-good", OpenAIWire.AnswerAsync);

        await Answer.OfAsync(fixture, Plans.Plan(Marked("metric-bad", bad), Marked("metric-good", good)));

        measured.ShouldContain(("orchestration.attempts", "ProviderModelNotFound", null));
        measured.ShouldContain(("orchestration.attempts", null, null));
        measured.ShouldContain(("gen_ai.client.operation.duration", null, null));
        measured.ShouldContain(("gen_ai.server.time_to_first_token", null, null));
        measured.ShouldContain(("gen_ai.client.token.usage", null, "input"));
        measured.ShouldContain(("gen_ai.client.token.usage", null, "output"));

        void Note(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            var all = tags.ToArray().ToDictionary();
            if (!Equals(all[GenAIAttributes.RequestModel], "metric-model")) return;
            measured.Enqueue((instrument.Name, all[GenAIAttributes.ErrorType] as string, all.GetValueOrDefault(GenAIAttributes.TokenType) as string));
        }
    }

    [Fact]
    public async Task Labels_come_from_the_plan_and_from_closed_sets_only()
    {
        var labels = new ConcurrentQueue<KeyValuePair<string, object?>>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, l) =>
        {
            if (instrument.Meter.Name == ProvidersTelemetry.Name && !instrument.IsObservable) l.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((_, _, tags, _) => Note(tags));
        listener.SetMeasurementEventCallback<double>((_, _, tags, _) => Note(tags));
        listener.Start();
        var bad = fixture.Upstream.Script("closed-bad", e => e.ReplyAsync(404, "application/json", OpenAIWire.Error("an_invented_code")));
        var good = fixture.Upstream.Script("closed-good", async e =>
        {
            await e.BeginStreamAsync();
            await e.SendAsync(OpenAIWire.AsBody(OpenAIWire.Stream).Replace("up-model", "an-invented-model", StringComparison.Ordinal));
        });

        await Answer.OfAsync(fixture, Plans.Plan(Marked("closed-bad", bad), Marked("closed-good", good)));

        labels.Select(label => label.Value).ShouldContain("metric-model");
        labels.ShouldAllBe(label => !$"{label.Value}".Contains("invented", StringComparison.Ordinal));
        labels.Select(label => label.Key).ShouldContain(GenAIAttributes.Currency);

        void Note(ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            foreach (var tag in tags) labels.Enqueue(tag);
        }
    }

    private static Contracts.Routing.V1.Candidate Marked(string name, string url)
    {
        var candidate = Plans.Candidate(name, url);
        candidate.Deployment.UpstreamModel = "metric-model";
        return candidate;
    }
}
