using Google.Protobuf.WellKnownTypes;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Providers.V1;
using Orchestration.Providers.Tests.Host;
using Orchestration.Providers.Tests.Upstream;

namespace Orchestration.Providers.Tests.Chat;

public sealed class DisconnectTests(ProvidersFixture fixture)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Broken_call_does_not_end_the_upstream_read_and_its_row_is_exact()
    {
        var goOn = new TaskCompletionSource();
        var url = fixture.Upstream.Script("drained", e => SpeakThenAsync(e, goOn.Task));
        var start = Plans.Start(Plans.Plan(Plans.Candidate("drained", url)));

        using (var call = fixture.Client.Execute(fixture.Call(cancellationToken: Cancellation)))
        {
            await UntilFirstTextAsync(call, start);
        }

        goOn.SetResult();
        var completed = (await fixture.CompletedAsync(Guid.Parse(start.RequestId), 1)).ShouldHaveSingleItem();
        (completed.Outcome, completed.Settlement, completed.Usage.Output, completed.Billed).ShouldBe(("succeeded", "exact", 500, 0.014m));
    }

    [Fact]
    public async Task Client_gone_still_gets_its_summary_but_no_more_text()
    {
        var goOn = new TaskCompletionSource();
        var url = fixture.Upstream.Script("gone", e => SpeakThenAsync(e, goOn.Task));
        var start = Plans.Start(Plans.Plan(Plans.Candidate("gone", url)));
        using var call = fixture.Client.Execute(fixture.Call(cancellationToken: Cancellation));
        await UntilFirstTextAsync(call, start);

        await call.RequestStream.WriteAsync(new ExecuteRequest { ClientGone = new ClientGone() }, Cancellation);
        await Task.Delay(200, Cancellation);
        goOn.SetResult();

        var rest = new List<ChatEvent>();
        while (await call.ResponseStream.MoveNext(Cancellation)) rest.Add(call.ResponseStream.Current);
        rest[^1].Summary.Settlement.ShouldBe(Settlement.Exact);
        rest.ShouldNotContain(e => e.PartDelta != null);
        fixture.Completed(Guid.Parse(start.RequestId)).Single().Outcome.ShouldBe("succeeded");
    }

    [Fact]
    public async Task Without_a_drain_the_upstream_is_left_within_a_second_and_what_was_seen_is_charged()
    {
        var left = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var url = fixture.Upstream.Script("not-drained", async e =>
        {
            await e.BeginStreamAsync();
            await e.SendAsync(OpenAIWire.AsBody([OpenAIWire.Role, OpenAIWire.Content("Hello to everybody out there")]));
            await e.PeerLeavesAsync();
            left.SetResult();
        });
        var start = Plans.Start(Plans.Plan(Plans.Candidate("not-drained", url)));
        start.Plan.Rules.DrainAfterDisconnect = new Duration();

        using (var call = fixture.Client.Execute(fixture.Call(cancellationToken: Cancellation)))
        {
            await UntilFirstTextAsync(call, start);
        }

        await left.Task.WaitAsync(TimeSpan.FromSeconds(1), Cancellation);
        var completed = (await fixture.CompletedAsync(Guid.Parse(start.RequestId), 1)).ShouldHaveSingleItem();
        (completed.Outcome, completed.Settlement, completed.Usage.Input).ShouldBe(("cancelled", "estimated", 11));
        completed.Usage.Output.ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task Drain_ends_at_its_limit_and_no_other_provider_is_asked()
    {
        var url = fixture.Upstream.Script("drain-limit", e => SpeakThenAsync(e, Task.Delay(Timeout.Infinite, e.Stopping)));
        var next = fixture.Upstream.Script("drain-limit-next", OpenAIWire.AnswerAsync);
        var start = Plans.Start(Plans.Plan(Plans.Candidate("drain-limit", url), Plans.Candidate("drain-limit-next", next)));
        start.Plan.Rules.DrainAfterDisconnect = Plans.Milliseconds(150);

        using (var call = fixture.Client.Execute(fixture.Call(cancellationToken: Cancellation)))
        {
            await UntilFirstTextAsync(call, start);
        }

        var completed = (await fixture.CompletedAsync(Guid.Parse(start.RequestId), 1)).ShouldHaveSingleItem();
        (completed.Outcome, completed.FailureCode).ShouldBe(("cancelled", "client_gone"));
        fixture.Upstream.Requests("drain-limit-next").ShouldBeEmpty();
    }

    [Fact]
    public async Task Drain_ends_after_its_tokens()
    {
        var words = OpenAIWire.AsBody(Enumerable.Repeat(OpenAIWire.Content("many words and more words and many words "), 20));
        var url = fixture.Upstream.Script("drain-tokens", async e =>
        {
            await e.BeginStreamAsync();
            await e.SendDataAsync(OpenAIWire.Role);
            while (!e.Stopping.IsCancellationRequested) await e.SendAsync(words);
        });
        var start = Plans.Start(Plans.Plan(Plans.Candidate("drain-tokens", url)));
        start.Plan.DefaultMaxOutput = 1_000_000;

        using (var call = fixture.Client.Execute(fixture.Call(cancellationToken: Cancellation)))
        {
            await UntilFirstTextAsync(call, start);
        }

        var completed = (await fixture.CompletedAsync(Guid.Parse(start.RequestId), 1)).ShouldHaveSingleItem();
        completed.Outcome.ShouldBe("cancelled");
        completed.Usage.Output.ShouldBeGreaterThan(2000);
    }

    [Fact]
    public async Task Client_that_leaves_before_the_first_token_is_charged_its_prompt()
    {
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var url = fixture.Upstream.Script("early", e =>
        {
            asked.SetResult();
            return e.HoldAsync();
        });
        var start = Plans.Start(Plans.Plan(Plans.Candidate("early", url)));
        start.Plan.Rules.DrainAfterDisconnect = new Duration();

        using (var call = fixture.Client.Execute(fixture.Call(cancellationToken: Cancellation)))
        {
            await call.RequestStream.WriteAsync(new ExecuteRequest { Start = start }, Cancellation);
            await asked.Task.WaitAsync(Cancellation);
        }

        var completed = (await fixture.CompletedAsync(Guid.Parse(start.RequestId), 1)).ShouldHaveSingleItem();
        (completed.Outcome, completed.Settlement, completed.Usage.Input, completed.Usage.Output).ShouldBe(("cancelled", "estimated", 11, 0));
    }

    private static async Task SpeakThenAsync(UpstreamExchange exchange, Task wait)
    {
        await exchange.BeginStreamAsync();
        await exchange.SendAsync(OpenAIWire.AsBody(OpenAIWire.Stream[..2]));
        await wait;
        await exchange.SendAsync(OpenAIWire.AsBody(OpenAIWire.Stream[2..]));
    }

    private static async Task UntilFirstTextAsync(Grpc.Core.AsyncDuplexStreamingCall<ExecuteRequest, ChatEvent> call, Start start)
    {
        await call.RequestStream.WriteAsync(new ExecuteRequest { Start = start }, Cancellation);
        while (await call.ResponseStream.MoveNext(Cancellation))
            if (call.ResponseStream.Current.PartDelta is not null)
                return;
    }
}
