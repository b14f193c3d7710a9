using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Gateway.V1;
using Orchestration.Gateway.Tests.Hosting;

namespace Orchestration.Gateway.Tests.ChatCompletions;

public sealed class ClientGoneTests(GatewayFixture fixture)
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Client_that_leaves_is_told_to_providers_and_still_settled(bool stream)
    {
        var committed = new TaskCompletionSource<string>();
        var told = new TaskCompletionSource();
        var script = Abandoned(committed, told);
        using var leave = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        using var client = GatewayHost.NewClient(fixture.Gateway.HttpAddress, fixture.Gateway.Settings.ClientKey);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions")
        {
            Content = System.Net.Http.Json.JsonContent.Create(Chat.Body(script, stream)),
        };
        var sending = client.SendAsync(request, HttpCompletionOption.ResponseContentRead, leave.Token);
        var id = await committed.Task.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);

        await leave.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(sending);
        await told.Task.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        await ShouldBeSettledAsync(id);
    }

    [Fact]
    public async Task Caller_that_cancels_a_grpc_stream_is_told_to_providers_and_still_settled()
    {
        var committed = new TaskCompletionSource<string>();
        var told = new TaskCompletionSource();
        var request = new ChatRequest { Model = "test:chat", Messages = { new Message { Role = Role.User } }, Metadata = { ["script"] = Abandoned(committed, told) } };
        using var leave = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        using var call = new ChatService.ChatServiceClient(fixture.Gateway.Channel)
            .Stream(request, fixture.Gateway.ClientMetadata, cancellationToken: leave.Token);
        var id = await committed.Task.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);

        await leave.CancelAsync();

        await told.Task.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        await ShouldBeSettledAsync(id);
    }

    private string Abandoned(TaskCompletionSource<string> committed, TaskCompletionSource told) => fixture.Peers.Providers.Script(async call =>
    {
        await call.AttemptAsync();
        await call.CommitAsync();
        await call.BeginTextAsync();
        await call.TextAsync("word");
        committed.TrySetResult(call.Start.RequestId);
        await call.ClientGone;
        told.TrySetResult();
        await call.TextAsync("nobody hears");
        await call.FinishAsync();
        await call.SummaryAsync();
    });

    private async Task ShouldBeSettledAsync(string requestId)
    {
        var completed = await fixture.Gateway.CompletedAsync(requestId, TestContext.Current.CancellationToken);
        completed.ClientGone.ShouldBeTrue();
        completed.Status.ShouldBe("ok");
        completed.Settlement.ShouldBe("exact");
        completed.Cost.ShouldBe(0.00001m);
    }
}
