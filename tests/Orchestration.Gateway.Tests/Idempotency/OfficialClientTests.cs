using System.ClientModel;
using System.ClientModel.Primitives;
using OpenAI;
using OpenAI.Chat;
using Orchestration.Gateway.Tests.Hosting;

namespace Orchestration.Gateway.Tests.Idempotency;

/// <summary>The official .NET client that gives up waiting and tries again.</summary>
public sealed class OfficialClientTests(GatewayFixture fixture)
{
    [Fact]
    public async Task Retry_of_the_official_client_gets_the_answer_of_its_first_try()
    {
        var calls = 0;
        var triedAgain = new TaskCompletionSource();
        var options = new ChatCompletionOptions();
        options.Metadata["script"] = fixture.Peers.Providers.Script(async call =>
        {
            Interlocked.Increment(ref calls);
            await triedAgain.Task;
            await call.AnswerAsync("only once");
        });
        var client = new ChatClient("test:chat", new ApiKeyCredential(fixture.Gateway.Settings.ClientKey), Options(new KeyPerCall(), new TryCount(triedAgain)));

        var completion = await client.CompleteChatAsync([new UserChatMessage("Hi")], options, TestContext.Current.CancellationToken);

        completion.Value.Content[0].Text.ShouldBe("only once");
        completion.GetRawResponse().Headers.TryGetValue("idempotent-replayed", out var replayed).ShouldBeTrue();
        replayed.ShouldBe("true");
        calls.ShouldBe(1);
    }

    private OpenAIClientOptions Options(PipelinePolicy perCall, PipelinePolicy perTry)
    {
        var options = new OpenAIClientOptions
        {
            Endpoint = new Uri(fixture.Gateway.HttpAddress, "/v1"),
            RetryPolicy = new ClientRetryPolicy(3),
            NetworkTimeout = TimeSpan.FromSeconds(2),
        };
        options.AddPolicy(perCall, PipelinePosition.PerCall);
        options.AddPolicy(perTry, PipelinePosition.PerTry);
        return options;
    }

    private sealed class KeyPerCall : PipelinePolicy
    {
        public override void Process(PipelineMessage message, IReadOnlyList<PipelinePolicy> pipeline, int currentIndex) => throw new NotSupportedException();

        public override ValueTask ProcessAsync(PipelineMessage message, IReadOnlyList<PipelinePolicy> pipeline, int currentIndex)
        {
            message.Request.Headers.Set("Idempotency-Key", KeyedCalls.NewKey());
            return ProcessNextAsync(message, pipeline, currentIndex);
        }
    }

    private sealed class TryCount(TaskCompletionSource triedAgain) : PipelinePolicy
    {
        private int _tries;

        public override void Process(PipelineMessage message, IReadOnlyList<PipelinePolicy> pipeline, int currentIndex) => throw new NotSupportedException();

        public override ValueTask ProcessAsync(PipelineMessage message, IReadOnlyList<PipelinePolicy> pipeline, int currentIndex)
        {
            if (Interlocked.Increment(ref _tries) == 2)
                triedAgain.TrySetResult();
            return ProcessNextAsync(message, pipeline, currentIndex);
        }
    }
}
