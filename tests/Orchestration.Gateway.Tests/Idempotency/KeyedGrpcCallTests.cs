using Grpc.Core;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Embeddings.V1;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Contracts.Gateway.V1;
using Orchestration.Contracts.Messages;
using Orchestration.Gateway.Tests.Hosting;
using Orchestration.ServiceDefaults.Failures;

namespace Orchestration.Gateway.Tests.Idempotency;

/// <summary>gRPC calls that are made again.</summary>
public sealed class KeyedGrpcCallTests(ReplayFixture replays) : IClassFixture<ReplayFixture>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Twins_on_two_gateways_make_one_provider_call_and_get_one_answer()
    {
        var calls = 0;
        var goOn = new TaskCompletionSource();
        var request = Request(async call =>
        {
            Interlocked.Increment(ref calls);
            await goOn.Task;
            await call.AnswerAsync("Hello", " world");
        });
        var key = KeyedCalls.NewKey();
        var twins = Enumerable.Range(0, 20).Select(twin => Chat(twin % 2 == 0 ? replays.First : replays.Second).CompleteAsync(request, Metadata(key), cancellationToken: Cancellation)).ToList();
        await Eventually.HoldsAsync(() => Volatile.Read(ref calls) > 0, Cancellation);
        goOn.SetResult();
        var answers = await Task.WhenAll(twins.Select(twin => twin.ResponseAsync));
        var headers = await Task.WhenAll(twins.Select(twin => twin.ResponseHeadersAsync));

        answers.Distinct().ShouldHaveSingleItem().Choices[0].Message.Parts[0].Text.Text_.ShouldBe("Hello world");
        calls.ShouldBe(1);
        headers.Count(header => header.GetValue("idempotent-replayed") is null).ShouldBe(1);
        headers.Select(header => header.GetValue("x-request-id")).Distinct().ShouldHaveSingleItem().ShouldBe(answers[0].RequestId);
        replays.First.Told<RequestAdmitted>().Concat(replays.Second.Told<RequestAdmitted>()).Count(row => row.RequestId.ToString("D") == answers[0].RequestId).ShouldBe(1);
    }

    [Fact]
    public async Task Client_that_leaves_a_stream_finds_all_of_its_messages_when_it_comes_back()
    {
        var goOn = new TaskCompletionSource();
        var request = Request(async call =>
        {
            await call.AttemptAsync();
            await call.CommitAsync();
            await call.BeginTextAsync();
            await call.TextAsync("early");
            await goOn.Task;
            await call.TextAsync(" late");
            await call.FinishAsync();
            await call.SummaryAsync();
        });
        var key = KeyedCalls.NewKey();
        using (var left = Chat(replays.First).Stream(request, Metadata(key), cancellationToken: Cancellation))
        {
            while (left.ResponseStream.Current?.PartDelta is null)
                (await left.ResponseStream.MoveNext(Cancellation)).ShouldBeTrue();
        }

        using var again = Chat(replays.Second).Stream(request, Metadata(key), cancellationToken: Cancellation);
        goOn.SetResult();
        var followed = await again.ResponseStream.ReadAllAsync(Cancellation).ToListAsync(Cancellation);
        using var later = Chat(replays.First).Stream(request, Metadata(key), cancellationToken: Cancellation);
        var kept = await later.ResponseStream.ReadAllAsync(Cancellation).ToListAsync(Cancellation);

        string.Concat(followed.Select(item => item.PartDelta?.Text)).ShouldBe("early late");
        followed[^1].Summary.Settlement.ShouldBe(Settlement.Exact);
        kept.ShouldBe(followed);
    }

    [Fact]
    public async Task Embeddings_are_made_once()
    {
        var request = new EmbeddingsRequest { Model = "test:embed", Inputs = { KeyedCalls.NewKey() } };
        var key = KeyedCalls.NewKey();

        var first = await new EmbeddingsService.EmbeddingsServiceClient(replays.First.Channel).EmbedAsync(request, Metadata(key), cancellationToken: Cancellation);
        var second = await new EmbeddingsService.EmbeddingsServiceClient(replays.Second.Channel).EmbedAsync(request, Metadata(key), cancellationToken: Cancellation);

        second.ShouldBe(first);
        replays.Shared.Peers.Providers.Embeds.Count(call => call.Request.Inputs[0] == request.Inputs[0]).ShouldBe(1);
    }

    [Fact]
    public async Task Other_request_under_the_key_is_refused()
    {
        var key = KeyedCalls.NewKey();
        await Chat(replays.First).CompleteAsync(Request(call => call.AnswerAsync("a")), Metadata(key), cancellationToken: Cancellation);

        var exception = await Should.ThrowAsync<RpcException>(
            async () => await Chat(replays.Second).CompleteAsync(Request(call => call.AnswerAsync("b")), Metadata(key), cancellationToken: Cancellation));

        exception.StatusCode.ShouldBe(StatusCode.Aborted);
        exception.GetFailure().Code.ShouldBe("idempotency_mismatch");
    }

    [Fact]
    public async Task Twin_of_a_call_that_fails_is_told_its_failure_and_who_comes_later_runs_it_again()
    {
        var calls = 0;
        var goOn = new TaskCompletionSource();
        var request = Request(async call =>
        {
            await call.AttemptAsync();
            if (Interlocked.Increment(ref calls) > 1)
            {
                await call.CommitAsync();
                await call.BeginTextAsync();
                await call.TextAsync("now");
                await call.FinishAsync();
                await call.SummaryAsync();
                return;
            }

            await goOn.Task;
            await call.FailAsync(FailureClass.ProviderOverloaded, "overloaded", retryable: true);
            await call.SummaryAsync(AttemptOutcome.Failed, Settlement.Released);
        });
        var key = KeyedCalls.NewKey();
        using var first = Chat(replays.First).Stream(request, Metadata(key), cancellationToken: Cancellation);
        (await first.ResponseStream.MoveNext(Cancellation)).ShouldBeTrue();
        using var twin = Chat(replays.Second).Stream(request, Metadata(key), cancellationToken: Cancellation);
        (await twin.ResponseStream.MoveNext(Cancellation)).ShouldBeTrue();
        goOn.SetResult();

        (await Should.ThrowAsync<RpcException>(() => first.ResponseStream.MoveNext(Cancellation))).GetFailure().Code.ShouldBe("overloaded");
        (await Should.ThrowAsync<RpcException>(() => twin.ResponseStream.MoveNext(Cancellation))).GetFailure().Code.ShouldBe("overloaded");
        var later = await Chat(replays.Second).Stream(request, Metadata(key), cancellationToken: Cancellation).ResponseStream.ReadAllAsync(Cancellation).ToListAsync(Cancellation);
        string.Concat(later.Select(item => item.PartDelta?.Text)).ShouldBe("now");
        calls.ShouldBe(2);
    }

    [Fact]
    public async Task Key_of_another_form_is_refused()
    {
        var exception = await Should.ThrowAsync<RpcException>(
            async () => await Chat(replays.First).CompleteAsync(Request(call => call.AnswerAsync("a")), Metadata("a b"), cancellationToken: Cancellation));

        exception.GetFailure().Code.ShouldBe("invalid_idempotency_key");
    }

    private static ChatService.ChatServiceClient Chat(GatewayHost gateway) => new(gateway.Channel);

    private Metadata Metadata(string key) => new() { { "authorization", $"Bearer {replays.First.Settings.ClientKey}" }, { "idempotency-key", key } };

    private ChatRequest Request(Func<ExecuteCall, Task> script) => new()
    {
        Model = "test/chat",
        Metadata = { ["script"] = replays.Shared.Peers.Providers.Script(script) },
        Messages = { new Message { Role = Role.User, Parts = { new Part { Text = new Text { Text_ = "Hi" } } } } },
    };
}
