using Microsoft.Extensions.DependencyInjection;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Identity.V1;
using Orchestration.Gateway.Authentication;
using Orchestration.Gateway.ChatCompletions;
using Orchestration.Gateway.Execution;
using Orchestration.Gateway.Http;
using Orchestration.Gateway.Tests.Hosting;

namespace Orchestration.Gateway.Tests.Execution;

public sealed class FaultyAnswerTests(GatewayFixture fixture)
{
    [Fact]
    public async Task Answer_that_cannot_be_written_ends_at_once_and_providers_is_told()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var released = new TaskCompletionSource();
        var script = fixture.Peers.Providers.Script(async call =>
        {
            await call.AttemptAsync();
            await call.CommitAsync();
            await call.ClientGone;
            await released.Task;
            await call.SummaryAsync();
        });
        var services = fixture.Gateway.Services;
        var chat = new ChatRequest { Model = "test/chat", Messages = { new Message { Role = Role.User } }, Metadata = { ["script"] = script } };
        var identity = RequestIdentity.Create(TimeProvider.System);
        var caller = new Caller("development", "development", "", "USD", Purpose.Chat);
        var outcome = await services.GetRequiredService<ChatEntry>().AdmitAsync(caller, chat, identity, new ClientAttribution("", "", new Dictionary<string, string>()), [], cancellation);
        var admitted = outcome.ShouldBeOfType<AdmissionOutcome.Admitted>().Request;
        using var answer = new FaultyAnswer();

        var running = services.GetRequiredService<ChatExecution>().RunAsync(admitted, chat, answer, cancellation);

        // It ends while the execution still goes on.
        await Should.ThrowAsync<InvalidOperationException>(running.WaitAsync(TimeSpan.FromSeconds(60), cancellation));
        released.SetResult();
        var completed = await fixture.Gateway.CompletedAsync(identity.Text, cancellation);
        completed.Status.ShouldBe("internal_error");
        completed.Settlement.ShouldBe("exact");
        completed.ClientGone.ShouldBeFalse();
    }

    private sealed class FaultyAnswer : ChatAnswer
    {
        protected override ValueTask WriteAsync(ChatEvent chatEvent) => throw new FormatException("A defect.");

        protected override ValueTask SendAsync() => ValueTask.CompletedTask;
    }
}
